#include "engine/runtime/sweep.hpp"

#include <fmt/format.h>

#include <map>
#include <set>

#include "engine/runtime/records.hpp"

namespace dovetail {

using ir::at;
using ir::Side;

namespace {

constexpr std::size_t at_a_time = 500;  // events in one transaction

struct Known {
  std::map<std::string, std::string, std::less<>> hashes;  // by hub id
  std::set<std::string, std::less<>> linked;               // hub ids that are not known to be gone
};

Result<Known> load(const Means& means, ConnectionId id) {
  Known known;
  const Result<void> read = means.store.read([&](Transaction& transaction) -> Result<void> {
    known = {};
    auto seen = transaction.seen_records(id);
    if (!seen) return std::unexpected(seen.error());
    for (auto& [hub_id, hash] : *seen) known.hashes.emplace(std::move(hub_id), std::move(hash));
    auto links = transaction.links(id);
    if (!links) return std::unexpected(links.error());
    for (StoredLink& link : *links) {
      if (link.link.hub_id.empty() || link.link.state == LinkState::hub_deleted) continue;
      known.linked.insert(std::move(link.link.hub_id));
    }
    return {};
  });
  if (!read) return std::unexpected(read.error());
  return known;
}

Result<void> take_in(const Means& means, const std::vector<PersonEvent>& events) {
  for (std::size_t first = 0; first < events.size(); first += at_a_time) {
    const Result<void> done = means.store.write([&](Transaction& transaction) -> Result<void> {
      for (std::size_t i = first; i < std::min(events.size(), first + at_a_time); ++i) {
        if (const Result<bool> taken = transaction.take_in(events[i]); !taken) return std::unexpected(taken.error());
      }
      return {};
    });
    if (!done) return done;
  }
  return {};
}

}  // namespace

Result<Swept> sweep(const Means& means, Opened& opened) {
  const Result<Known> known = load(means, opened.connection.id);
  if (!known) return std::unexpected(known.error());
  Snapshot hub(opened.program().layouts[at(Side::hub)]);
  const Result<Completeness> whole = opened.system(Side::hub).list(hub);
  if (!whole) return std::unexpected(whole.error());
  const bool emptied = hub.size() == 0 && !known->linked.empty();
  if (!whole->complete || emptied) {
    return std::unexpected(Error{
        .kind = Error::Kind::transient,
        .what = fmt::format("{} listed only a part of its people ({}), so nothing is concluded",
                            opened.program().rules->title(Side::hub), emptied ? "nobody at all" : whole->reason)});
  }
  Swept swept;
  std::vector<PersonEvent> events;
  const Instant time = now(means);
  const auto add = [&](std::string_view hub_id, Event what, std::size_t& count) {
    events.push_back({{}, opened.connection.id, std::string(hub_id), what, time, time, true});
    ++count;
  };
  std::set<std::string, std::less<>> there;
  for (RecordIndex record = 0; record < hub.size(); ++record) {
    const std::string_view hub_id = id_of(opened.program(), Side::hub, hub, record);
    if (hub_id.empty()) continue;
    there.emplace(hub_id);
    ++swept.people;
    const auto seen = known->hashes.find(hub_id);
    if (seen == known->hashes.end()) {
      add(hub_id, known->linked.contains(hub_id) ? Event::changed : Event::added, swept.added);
    } else if (seen->second != record_hash(hub, record, means.store.hasher())) {
      add(hub_id, Event::changed, swept.changed);
    }
  }
  for (const std::string& hub_id : known->linked) {
    if (!there.contains(hub_id)) add(hub_id, Event::removed, swept.removed);
  }
  if (const Result<void> taken = take_in(means, events); !taken) return std::unexpected(taken.error());
  return swept;
}

}  // namespace dovetail
