#include "engine/api/status.hpp"

#include <algorithm>

#include "engine/runtime/lease_name.hpp"

namespace dovetail {
namespace {

// "run/7/1763800000000" is a run's.
std::string name_of(const std::string& owner) {
  const std::string run = "run/";
  if (!owner.starts_with(run)) return owner;
  return "run " + owner.substr(run.size(), owner.find('/', run.size()) - run.size());
}

}  // namespace

Result<std::optional<AtWork>> at_work(Transaction& transaction, ConnectionId connection, Instant now) {
  const auto leases = transaction.leases(connection_lease(connection));
  if (!leases) return std::unexpected(leases.error());
  const auto found = std::ranges::find(*leases, connection_lease(connection), &Lease::name);
  if (found == leases->end()) return std::nullopt;
  return AtWork{.who = name_of(found->owner), .until = found->until, .is_over = found->is_gone || found->until <= now};
}

}  // namespace dovetail
