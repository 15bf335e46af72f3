#include "engine/runtime/run/interrupted.hpp"

#include <algorithm>

#include "engine/runtime/lease_name.hpp"

namespace dovetail {
namespace {

bool is_undo_at_work(const Run& run) { return run.kind == "undo" && run.state == RunState::applying; }

void end(Run& run, Instant at) {
  run.state = RunState::failed;
  run.ended = at;
  run.summary += ": interrupted; another undo puts back what this one did not";
}

}  // namespace

Result<std::vector<Run>> runs_as_they_are(Transaction& transaction, const Means& means, ConnectionId connection) {
  auto runs = transaction.runs(connection);
  if (!runs) return runs;
  const Instant time = now(means);
  if (std::ranges::none_of(*runs, is_undo_at_work)) return runs;
  const auto leases = transaction.leases(connection_lease(connection));
  if (!leases) return std::unexpected(leases.error());
  for (Run& run : *runs) {
    if (!is_undo_at_work(run)) continue;
    const auto lease = std::ranges::find_if(
        *leases, [owner = run_owner(run.id)](const Lease& each) { return each.owner.starts_with(owner); });
    // Who waits for the connection has no lease yet.
    const bool is_over =
        lease == leases->end() ? time - run.started >= means.limits.lease : lease->is_gone || lease->until <= time;
    if (is_over) end(run, time);
  }
  return runs;
}

Result<void> end_interrupted(Transaction& transaction, const Means& means, ConnectionId connection, RunId own) {
  auto runs = transaction.runs(connection);
  if (!runs) return std::unexpected(runs.error());
  for (Run& run : *runs) {
    if (!is_undo_at_work(run) || run.id == own) continue;
    end(run, now(means));
    if (Result<void> updated = transaction.update(run); !updated) return updated;
  }
  return {};
}

}  // namespace dovetail
