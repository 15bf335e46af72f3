#include "engine/runtime/by_hand.hpp"

#include <fmt/format.h>

#include <set>
#include <vector>

#include "engine/runtime/seen.hpp"

namespace dovetail {
namespace {

// What a link of others decides.
bool waits_for_others(Reason reason) {
  switch (reason) {
    case Reason::disputed:
    case Reason::ambiguous:
    case Reason::unlinked:
    case Reason::link_proposed:
    case Reason::uniqueness:
      return true;
    default:
      return false;
  }
}

}  // namespace

Result<void> look_at_relinked(Transaction& transaction, const Connection& connection, const Link& changed, Instant at) {
  const Result<void> solved = transaction.solve(connection.id, changed.hub_id, changed.provider_id, {}, at);
  if (!solved || !connection.activated) return solved;
  if (!changed.hub_id.empty()) {
    if (Result<void> looked = look_at_person(transaction, connection, changed.hub_id, at); !looked) return looked;
  }
  const auto problems = transaction.problems(connection.id, false);
  if (!problems) return std::unexpected(problems.error());
  std::set<std::string> others;
  for (const Problem& one : *problems) {
    if (!one.hub_id.empty() && one.hub_id != changed.hub_id && waits_for_others(one.reason)) others.insert(one.hub_id);
  }
  for (const std::string& hub_id : others) {
    const auto taken = transaction.take_in({.id = {},
                                            .connection = connection.id,
                                            .hub_id = hub_id,
                                            .what = Event::changed,
                                            .at = at,
                                            .due = at,
                                            .is_bulk = true});
    if (!taken) return std::unexpected(taken.error());
  }
  return {};
}

Result<void> solve_excluded(Transaction& transaction, ConnectionId connection, const std::string& hub_id,
                            std::string_view field, Instant at) {
  if (field.empty()) return transaction.solve(connection, hub_id, {}, {}, at);
  const auto problems = transaction.problems(connection, ProblemsWanted{.hub_id = hub_id});
  if (!problems) return std::unexpected(problems.error());
  const std::string elements = fmt::format("{} [", field);
  std::vector<std::string> still;
  for (const Problem& one : *problems) {
    const bool is_out = one.field == field || one.field.starts_with(elements);
    if (!is_out) still.push_back(one.field);
  }
  return transaction.solve(connection, hub_id, {}, still, at);
}

}  // namespace dovetail
