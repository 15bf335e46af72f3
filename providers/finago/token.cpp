#include "providers/finago/token.hpp"

#include <algorithm>
#include <charconv>
#include <ctime>
#include <iomanip>
#include <sstream>

#include "providers/toolkit/http/bearer.hpp"
#include "providers/toolkit/json_answer.hpp"

namespace dovetail::providers::finago {
namespace {

int number_of(std::string_view text) {
  int number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

Result<Token> token_in(const Response& response, Clock& clock) {
  const auto body = JsonAnswer::read("auth", response.body);
  if (!body) return std::unexpected(body.error());
  Token token{.text = std::string(text_member((*body)->root(), "accessToken")), .lifetime = std::chrono::minutes{5}};
  if (token.text.empty())
    return std::unexpected(Error{.kind = Error::Kind::transient, .what = "auth: the answer holds no accessToken"});
  if (const auto expires = read_moment(text_member((*body)->root(), "expiresOn"))) {
    token.lifetime =
        std::max(std::chrono::floor<std::chrono::seconds>(*expires - clock.wall_time()), std::chrono::seconds{0});
  }
  return token;
}

}  // namespace

std::optional<std::chrono::system_clock::time_point> read_moment(std::string_view text) {
  constexpr std::size_t length = 19;
  if (text.size() < length) return std::nullopt;
  std::tm parts{};
  std::istringstream in{std::string(text.substr(0, length))};
  in.imbue(std::locale::classic());
  in >> std::get_time(&parts, "%Y-%m-%dT%H:%M:%S");
  if (in.fail()) return std::nullopt;
  auto moment = std::chrono::system_clock::from_time_t(timegm(&parts));
  const std::size_t sign = text.find_first_of("+-", length);
  if (sign != text.npos && text.size() >= sign + 6) {
    const auto offset = std::chrono::hours(number_of(text.substr(sign + 1, 2))) +
                        std::chrono::minutes(number_of(text.substr(sign + 4, 2)));
    moment += text[sign] == '+' ? -offset : offset;
  }
  return moment;
}

Result<Token> exchange(const std::string& api_key, Transport& over, const Surroundings& around) {
  TokenDialect dialect({});
  std::optional<Token> token;
  const Result<Response> answer = Client(over, dialect, {}, around)
                                      .send({.operation = "auth", .target = "/auth?token=" + percent_encoded(api_key)},
                                            [&](const Response& response) -> Result<void> {
                                              Result<Token> found = token_in(response, around.clock);
                                              if (!found) return std::unexpected(found.error());
                                              token = std::move(*found);
                                              return {};
                                            });
  if (!answer) return std::unexpected(answer.error());
  return *token;
}

}  // namespace dovetail::providers::finago
