#include "engine/runtime/same_hub.hpp"

namespace dovetail {
namespace {

// "huma:https://…" is of the kind "huma".
std::string_view kind_of(std::string_view place) { return place.substr(0, place.find(':')); }

Result<bool> knows(Transaction& transaction, ConnectionId connection, const std::string& hub_id) {
  const auto link = transaction.link_of_hub(connection, hub_id);
  if (!link) return std::unexpected(link.error());
  if (*link) return true;
  const auto seen = transaction.seen_record(connection, hub_id);
  if (!seen) return std::unexpected(seen.error());
  return seen->has_value();
}

}  // namespace

Result<std::vector<ConnectionId>> connections_beside(Transaction& transaction, const Connection& writer) {
  const auto all = transaction.connections();
  if (!all) return std::unexpected(all.error());
  std::vector<ConnectionId> beside;
  for (const Connection& one : *all) {
    const bool same = one.tenant == writer.tenant && kind_of(one.hub) == kind_of(writer.hub);
    if (one.id != writer.id && same && one.activated) beside.push_back(one.id);
  }
  return beside;
}

Result<void> tell_beside(Transaction& transaction, const std::vector<ConnectionId>& others, const std::string& hub_id,
                         Instant at) {
  for (const ConnectionId other : others) {
    const Result<bool> known = knows(transaction, other, hub_id);
    if (!known) return std::unexpected(known.error());
    if (!*known) continue;  // or the connection was removed meanwhile
    const auto taken = transaction.take_in({.id = {},
                                            .connection = other,
                                            .hub_id = hub_id,
                                            .what = Event::changed,
                                            .at = at,
                                            .due = at,
                                            .is_bulk = true});
    if (!taken) return std::unexpected(taken.error());
  }
  return {};
}

}  // namespace dovetail
