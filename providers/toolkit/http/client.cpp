#include "providers/toolkit/http/client.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <ctime>
#include <iomanip>
#include <sstream>

#include "providers/toolkit/http/mask.hpp"
#include "providers/toolkit/text_place.hpp"

namespace dovetail::providers {
namespace {

using std::chrono::milliseconds;

bool is_redirect(int status) { return status >= 300 && status < 400; }

// Accepted, from elsewhere, to be reset, a part: success, but not all that was asked for.
bool is_complete(const Request& request, int status) {
  return request.method != "GET" || (status != 202 && status != 203 && status != 205 && status != 206);
}

// A body's beginning, for messages about answers that nobody understands.
std::string beginning(const std::string& body) {
  std::string text = masked_words(body.substr(0, 200));
  std::ranges::replace_if(text, [](char c) { return static_cast<unsigned char>(c) < 0x20; }, ' ');
  return text.empty() ? "" : ": " + text;
}

bool worth_another(const Request& request, const Refusal& refusal) {
  const bool passes = refusal.error.kind == Error::Kind::transient || refusal.error.kind == Error::Kind::rate;
  return passes && (request.repeat == Repeat::safe || refusal.had_no_effect);
}

}  // namespace

Error::Kind kind_of_status(int status) {
  if (status == 401 || status == 403 || status == 407) return Error::Kind::auth;
  if (status == 429) return Error::Kind::rate;
  if (status == 423) return Error::Kind::deferred;
  if (status == 408 || status == 425) return Error::Kind::transient;
  return status >= 400 && status < 500 ? Error::Kind::data : Error::Kind::transient;
}

namespace {

using std::chrono::seconds;

constexpr seconds longest_wait = std::chrono::hours(24);
constexpr seconds as_good_as_ever = std::chrono::hours(24 * 365 * 100);

// In seconds, for a date of that header may lie further away than the machine's clock counts.
seconds wall_seconds(Clock& clock) { return std::chrono::floor<seconds>(clock.wall_time()).time_since_epoch(); }

// What the header says, however long; nullopt: no such header, or not readable.
std::optional<milliseconds> asked_wait(const Response& response, Clock& clock) {
  const std::string* text = response.find_header("Retry-After");
  if (text == nullptr) return std::nullopt;
  long long wanted = 0;
  const auto [end, fault] = std::from_chars(text->data(), text->data() + text->size(), wanted);
  if (!text->empty() && end == text->data() + text->size()) {
    if (fault == std::errc::result_out_of_range) return as_good_as_ever;
    return wanted < 0 ? std::nullopt : std::optional<milliseconds>(std::min(seconds(wanted), as_good_as_ever));
  }
  std::tm day{};
  std::istringstream in(*text);
  in.imbue(std::locale::classic());
  in >> std::get_time(&day, "%a, %d %b %Y %H:%M:%S GMT");
  if (in.fail()) return std::nullopt;
  const milliseconds part =
      std::chrono::floor<milliseconds>(clock.wall_time()).time_since_epoch() - wall_seconds(clock);
  return std::clamp<milliseconds>(seconds(timegm(&day)) - wall_seconds(clock) - part, seconds(0), as_good_as_ever);
}

}  // namespace

std::optional<milliseconds> retry_after(const Response& response, Clock& clock) {
  const auto asked = asked_wait(response, clock);
  return asked ? std::optional(std::min<milliseconds>(*asked, longest_wait)) : std::nullopt;
}

std::string said_wait(const Response& response, Clock& clock) {
  const auto asked = asked_wait(response, clock);
  if (!asked) return {};
  const seconds until = wall_seconds(clock) + std::chrono::ceil<seconds>(*asked);
  const auto text = fmt::format("it asked us to wait until {:%Y-%m-%d %H:%M:%S} UTC",
                                fmt::gmtime(static_cast<std::time_t>(until.count())));
  return *asked <= longest_wait ? text : text + ", which is more than a day: it is asked again in a day";
}

std::optional<Refusal> Dialect::judge(Response& response) const {
  if (response.status >= 200 && response.status < 300) return std::nullopt;
  Refusal refusal{.error = {.kind = kind_of_status(response.status),
                            .what = fmt::format("HTTP status {}{}", response.status, beginning(response.body))},
                  .had_no_effect = response.status >= 300 && response.status < 500};
  if (is_redirect(response.status)) {
    refusal.error.what = fmt::format(
        "HTTP status {}: the system redirects elsewhere, which is not followed: check the base URL", response.status);
  }
  return refusal;
}

Client::Client(Transport& transport, Dialect& dialect, Limit limit, const Surroundings& surroundings)
    : transport_(transport),
      dialect_(dialect),
      limit_(std::move(limit)),
      around_(surroundings),
      chance_(static_cast<std::minstd_rand::result_type>(around_.clock.wall_time().time_since_epoch().count())) {}

Result<Response> Client::send(const Request& request, const Accept& accept) {
  bool renewed = false;
  for (unsigned number = 1;; ++number) {
    Attempt attempt = once(request, accept, number);
    if (!attempt.refusal) {
      if (!attempt.response->absent || request.may_be_absent) return std::move(*attempt.response);
      return std::unexpected(
          Error{.kind = Error::Kind::data, .what = fmt::format("{}: there is no such record", request.operation)});
    }
    Refusal& refusal = *attempt.refusal;
    const bool unauthorised = attempt.response && attempt.response->status == 401;
    if (unauthorised && !renewed && dialect_.renew(attempt.request)) {
      renewed = true;
      continue;
    }
    const bool again = worth_another(request, refusal) && number < around_.patience.attempts &&
                       !(attempt.response && is_redirect(attempt.response->status));
    if (again && refusal.error.retry_after.value_or(milliseconds{0}) <= around_.patience.longest) {
      const milliseconds wait = pause_before(number + 1, refusal.error);
      if (refusal.error.kind == Error::Kind::rate) around_.budgets.pause(limit_, around_.clock, wait);
      if (sleep_patiently(around_.clock, wait, around_.gives_up)) continue;
    }
    if (request.repeat == Repeat::unsafe && !refusal.had_no_effect) refusal.error.kind = Error::Kind::in_doubt;
    refusal.error.what = fmt::format("{}: {}", request.operation, refusal.error.what);
    return std::unexpected(std::move(refusal.error));
  }
}

namespace {

// A system's own words as part of a sentence: one line of UTF-8, no longer than a person reads.
std::string on_one_line(std::string words) {
  constexpr std::size_t longest = 1000;
  if (words.size() > 4 * longest) words.resize(4 * longest);
  const std::size_t bad = find_bad_utf8(words).value_or(words.size());
  if (bad + 4 < words.size()) words = utf8_from_latin(words, false);
  for (char& c : words) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = ' ';
  }
  const bool is_cut = words.size() > longest;
  if (is_cut) words.resize(longest);
  words.resize(find_bad_utf8(words).value_or(words.size()));
  return is_cut ? words + "…" : words;
}

// They may quote what was sent: an account number, an address.
std::string own_words(std::string words) { return masked_words(on_one_line(std::move(words))); }

}  // namespace

Client::Attempt Client::once(const Request& request, const Accept& accept, unsigned number) {
  Attempt attempt{.request = request, .answer = {}, .response = {}, .refusal = {}};
  if (Result<void> done = dialect_.sign(attempt.request, transport_); !done) {
    attempt.refusal = Refusal{.error = done.error()};
    // What went wrong there was tried again there.
    if (attempt.refusal->error.kind == Error::Kind::transient)
      attempt.refusal->error.retry_after = around_.patience.longest + milliseconds{1};
    return attempt;
  }
  for (const Header& header : attempt.request.headers) {
    const bool clean =
        std::ranges::none_of(header.value, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
    if (clean) continue;
    attempt.refusal = Refusal{
        .error = {.kind = Error::Kind::input,
                  .what = fmt::format("the value of the header {} has a control character: check the credentials",
                                      header.name)}};
    return attempt;
  }
  const Budgets::Turn turn = around_.budgets.take(limit_, around_.clock, around_.gives_up);
  if (!turn.is_given()) {
    attempt.refusal = Refusal{.error = {.kind = Error::Kind::transient,
                                        .what = "nothing was sent: it waited for its turn, and was told to stop"}};
    return attempt;
  }
  const auto begin = around_.clock.now();
  std::expected<Response, NotAnswered> answer = transport_.send(attempt.request);
  const auto took = std::chrono::duration_cast<milliseconds>(around_.clock.now() - begin);
  if (answer) {
    attempt.response = std::move(*answer);
    if (around_.trace) attempt.answer = masked_body(attempt.response->body);
    attempt.refusal = dialect_.judge(*attempt.response);
    if (attempt.refusal) attempt.refusal->error.what = own_words(std::move(attempt.refusal->error.what));
    if (!attempt.refusal && !is_complete(attempt.request, attempt.response->status)) {
      const std::string what = fmt::format("HTTP status {}: no complete answer to a read", attempt.response->status);
      attempt.refusal = Refusal{.error = {.kind = Error::Kind::transient, .what = what}};
    }
    if (!attempt.refusal && !attempt.response->absent && accept) {
      if (Result<void> taken = accept(*attempt.response); !taken)
        attempt.refusal = Refusal{.error = std::move(taken.error()), .had_no_effect = false};
    }
    if (attempt.refusal && !attempt.refusal->error.retry_after) {
      attempt.refusal->error.retry_after = retry_after(*attempt.response, around_.clock);
      const bool is_long = attempt.refusal->error.retry_after > around_.patience.longest;
      if (is_long) attempt.refusal->error.what += "; " + said_wait(*attempt.response, around_.clock);
    }
  } else {
    attempt.refusal = Refusal{.error = std::move(answer.error().error), .had_no_effect = !answer.error().sent};
  }
  if (attempt.refusal) attempt.refusal->error.what = on_one_line(std::move(attempt.refusal->error.what));
  if (around_.trace) report(number, took, attempt);
  return attempt;
}

milliseconds Client::pause_before(unsigned next, const Error& error) {
  if (error.retry_after) return *error.retry_after;
  const milliseconds least = error.kind == Error::Kind::rate ? milliseconds{1000} : milliseconds{0};
  const milliseconds full =
      std::min(around_.patience.longest, around_.patience.first * (1U << std::min(next - 2, 10U)));
  std::uniform_real_distribution<double> part(0.5, 1.0);
  return std::max(least, std::chrono::duration_cast<milliseconds>(full * part(chance_)));
}

void Client::report(unsigned number, milliseconds took, const Attempt& attempt) const {
  const Request& request = attempt.request;
  around_.trace(Trace{.operation = request.operation,
                      .method = request.method,
                      .url = transport_.base() + masked_target(request.target),
                      .attempt = number,
                      .status = attempt.response ? attempt.response->status : 0,
                      .took = took,
                      .request = masked_body(request.body),
                      .answer = attempt.answer,
                      .failure = attempt.refusal ? masked_words(attempt.refusal->error.what) : std::string{}});
}

}  // namespace dovetail::providers
