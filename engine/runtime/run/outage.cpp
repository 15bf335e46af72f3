#include "engine/runtime/run/outage.hpp"

#include <fmt/format.h>

namespace dovetail {

using ir::Side;

namespace {

constexpr unsigned enough = 5;  // people in a row

}  // namespace

std::optional<Error> Outage::see(const Ledger& ledger, PersonIndex person, const Applied& applied) {
  const Outcome* failed = nullptr;
  Side side = Side::provider;
  for (const std::size_t i : ledger.operations_of(person)) {
    const Operation& operation = ledger.plan().operations[i];
    const Outcome& outcome = applied.outcomes[i];
    if (operation.action == Action::link) continue;
    if (outcome.kind != Outcome::Kind::failed || outcome.reason != Reason::provider_refused) {
      in_a_row_ = 0;
      return std::nullopt;
    }
    failed = &outcome;
    side = operation.target;
  }
  if (failed == nullptr || ++in_a_row_ < enough) return std::nullopt;
  return Error{.kind = Error::Kind::transient,
               .what = fmt::format("{} fails for one person after the other ({}), so this stops here. Run {} is kept "
                                   "with all its decisions: carry it on once {} answers",
                                   rules_.title(side), failed->what, run_, rules_.title(side))};
}

}  // namespace dovetail
