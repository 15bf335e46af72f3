#include "providers/toolkit/http/bearer.hpp"

#include <fmt/format.h>

#include "providers/toolkit/http/mask.hpp"
#include "providers/toolkit/json_answer.hpp"

namespace dovetail::providers {
namespace {

const std::string bearer = "Bearer ";

}  // namespace

Result<void> TokenDialect::sign(Request& attempt, Transport&) {
  attempt.headers.insert(attempt.headers.end(), headers_.begin(), headers_.end());
  return {};
}

std::optional<Refusal> TokenDialect::judge(Response& response) const {
  std::optional<Refusal> refusal = Dialect::judge(response);
  if (!refusal || response.status < 400 || response.status >= 500 || response.status == 429) return refusal;
  if (refusal->error.kind == Error::Kind::transient) return refusal;
  // 404 and the like say that this is not the place to ask; the rest is about who asks.
  refusal->error.kind = response.status == 400 || response.status == 401 || response.status == 403 ? Error::Kind::auth
                                                                                                   : Error::Kind::data;
  if (refusal->error.kind == Error::Kind::data)
    refusal->error.what += ": no tokens are given out here, check the address";
  const auto body = JsonAnswer::read("token", response.body);
  if (!body) return refusal;
  const std::string_view code = text_member((*body)->root(), "error"),
                         words = text_member((*body)->root(), "error_description");
  if (!code.empty() && refusal->error.kind == Error::Kind::auth)
    refusal->error.what = masked_words(fmt::format("{}{}{}", code, words.empty() ? "" : ": ", words));
  return refusal;
}

Result<Response> ask_for_token(const Request& request, std::vector<Header> headers, const Limit& limit,
                               const Accept& accept, Transport& over, const Surroundings& around) {
  TokenDialect dialect(std::move(headers));
  return Client(over, dialect, limit, around).send(request, accept);
}

Request token_request(std::string target, std::string form) {
  return {.operation = "token",
          .method = "POST",
          .target = std::move(target),
          .content_type = "application/x-www-form-urlencoded; charset=utf-8",
          .body = std::move(form)};
}

TokenKeeper::Fetch client_credentials(Request request, std::vector<Header> headers, Limit limit, Surroundings around) {
  return [=](Transport& over) -> Result<Token> {
    const Result<Response> answer = ask_for_token(request, headers, limit, token_is_there, over, around);
    if (!answer) return std::unexpected(answer.error());
    return token_of(*answer);
  };
}

Result<void> BearerDialect::sign(Request& attempt, Transport& over) {
  const Result<std::string> token = tokens_.current(over);
  if (!token) return std::unexpected(token.error());
  attempt.headers.push_back({"Authorization", bearer + *token});
  attempt.headers.insert(attempt.headers.end(), headers_.begin(), headers_.end());
  return {};
}

bool BearerDialect::renew(const Request& refused) {
  for (const Header& header : refused.headers) {
    if (header.name == "Authorization" && header.value.starts_with(bearer))
      return tokens_.drop(std::string_view(header.value).substr(bearer.size()));
  }
  return false;
}

}  // namespace dovetail::providers
