#include "engine/runtime/push/tries.hpp"

#include <fmt/format.h>

#include "engine/runtime/push/push.hpp"

namespace dovetail {

Tries tries_after(const Means& means, const Claim& claim, const Applied& applied, std::optional<Error>& trouble) {
  Tries tries;
  bool refused = false, failed = false, soon = false;
  for (const Outcome& outcome : applied.outcomes) {
    const bool in_part = outcome.is_in_part();
    refused |= outcome.kind == Outcome::Kind::refused || in_part;
    failed |= outcome.kind == Outcome::Kind::failed;
    soon |= outcome.kind == Outcome::Kind::unknown || outcome.kind == Outcome::Kind::moved;
    if (outcome.kind == Outcome::Kind::failed) tries.why = outcome.what;
    if (outcome.kind == Outcome::Kind::refused || in_part) tries.why = name(Reason::provider_refused);
  }
  if (!refused && !failed && !soon) return tries;
  if (tries.why.empty()) tries.why = soon ? "a write is in doubt" : "a system did not take it";
  if (failed) trouble = Error{.kind = Error::Kind::transient, .what = tries.why};
  if (refused && !failed) trouble = Error{.kind = Error::Kind::data, .what = tries.why};
  tries.parks = claim.attempts + 1 >= (refused && !failed ? means.limits.refusals : means.limits.failures);
  tries.at = now(means) + pause_after(means.limits, claim.attempts, std::nullopt);
  return tries;
}

Tries tries_after(const Means& means, const Claim& claim, const Error& error) {
  const bool waits = error.kind == Error::Kind::auth || error.kind == Error::Kind::input;  // not about the person
  const unsigned most = error.kind == Error::Kind::data ? means.limits.refusals : means.limits.failures;
  return {.at = now(means) + pause_after(means.limits, claim.attempts, error.retry_after),
          .parks = !waits && claim.attempts + 1 >= most,
          .why = said_openly(error)};
}

Problem problem_of(const Means& means, const Connection& connection, const Claim& claim, const Error& error,
                   const Tries& tries) {
  const Instant time = now(means);
  const Reason reason = error.kind == Error::Kind::rate       ? Reason::rate_limited
                        : error.kind == Error::Kind::deferred ? Reason::deferred
                                                              : Reason::provider_refused;
  std::string what = error.what;
  while (what.ends_with('.') || what.ends_with(' ')) what.pop_back();
  what += tries.parks ? fmt::format(". It was tried {} times; see to it, and then: dovetail retry {} {}",
                                    claim.attempts + 1, connection.name, claim.hub_id)
                      : std::string(". It is tried again by itself");
  return {.connection = connection.id,
          .hub_id = claim.hub_id,
          .reason = reason,
          .what = std::move(what),
          .first = time,
          .last = time,
          .next_try = tries.parks ? std::nullopt : tries.at,
          .needs_you = tries.parks};
}

}  // namespace dovetail
