#include <algorithm>
#include <array>

#include "engine/plan/outcome.hpp"

namespace dovetail {

Outcome not_carried_out(Outcome::Kind kind, Reason reason, std::string what) {
  Outcome outcome;
  outcome.kind = kind;
  outcome.reason = reason;
  outcome.what = std::move(what);
  return outcome;
}

std::string_view name(Outcome::Kind kind) {
  constexpr std::array<std::string_view, outcome_kind_count> names = {"done",   "pending", "moved",  "refused",
                                                                      "failed", "unknown", "skipped"};
  return names[static_cast<std::size_t>(kind)];
}

std::size_t Applied::count(Outcome::Kind kind) const {
  return static_cast<std::size_t>(std::ranges::count(outcomes, kind, &Outcome::kind));
}

Applied all_done(const Plan& plan) {
  Applied applied;
  for (const Operation& operation : plan.operations) {
    Outcome outcome;
    outcome.kind = Outcome::Kind::done;
    outcome.reason = plan.entries[operation.entry].reason;
    outcome.now.resize(operation.writes.size());
    applied.outcomes.push_back(std::move(outcome));
  }
  return applied;
}

}  // namespace dovetail
