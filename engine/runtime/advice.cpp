#include "engine/runtime/advice.hpp"

#include <fmt/format.h>

#include "engine/plan/sentences.hpp"

namespace dovetail {

std::string with_advice(const Entry& entry, const Connection& connection) {
  std::string why = entry.why.empty() ? std::string(sentence(entry.reason)) : std::string(entry.why);
  if (why.find("dovetail ") != why.npos) return why;
  switch (entry.reason) {
    case Reason::conflict:
    case Reason::first_run:
    case Reason::drift:
    case Reason::disputed:
    case Reason::link_proposed:
    case Reason::unlinked:
    case Reason::guarded:
      while (why.ends_with('.')) why.pop_back();
      return why + fmt::format(". Decide it in a run: dovetail sync {}", connection.name);
    case Reason::ambiguous:
    case Reason::required_missing:
    case Reason::no_shape:
    case Reason::validation:
    case Reason::source_invalid:
    case Reason::uniqueness:
    case Reason::no_match_key:
      while (why.ends_with('.')) why.pop_back();
      return why + ". Correct it there: the change is looked at by itself, and by the next run";
    default:
      return why;
  }
}

std::string with_advice(const Plan& plan, const ir::RuleSet& rules, const Operation& operation, const Outcome& outcome,
                        const Connection& connection, RunId run, std::optional<Instant> next_try) {
  std::string what = outcome.what.empty() ? std::string(sentence(outcome.reason)) : outcome.what;
  while (what.ends_with('.') || what.ends_with(' ')) what.pop_back();
  const ir::Origin rule = plan.entries[operation.entry].rule;
  if (rule.line != 0) what += fmt::format(" ({})", place_text(rule));
  if (outcome.reason == Reason::provider_refused && outcome.kind != Outcome::Kind::failed) {
    what += fmt::format(". {} refuses it: correct the value in {}, or allow it there", rules.title(operation.target),
                        rules.title(ir::other(operation.target)));
  }
  if (run != no_run) {
    return what + fmt::format(". The next run offers it again: dovetail sync {}", connection.name);
  }
  if (next_try) return what + ". It is tried again by itself";
  return what + fmt::format(". Then: dovetail retry {} {}", connection.name, plan.people[operation.person].hub_id);
}

}  // namespace dovetail
