#include "engine/runtime/work/sweep.hpp"

#include <fmt/format.h>

#include <map>
#include <set>

#include "engine/match/link_state.hpp"
#include "engine/runtime/seen.hpp"
#include "engine/runtime/write/records.hpp"

namespace dovetail {

using ir::at;
using ir::Side;

namespace {

constexpr std::size_t at_a_time = 500;  // events in one transaction

struct Known {
  std::map<std::string, std::string, std::less<>> seen;  // by hub id
  std::map<std::string, Link, std::less<>> left_out;     // of whom something is excluded, by hub id
  std::set<std::string, std::less<>> linked;             // hub ids that are not known to be gone
};

Result<Known> load(const Means& means, ConnectionId id) {
  Known known;
  const Result<void> read = means.store.read([&](Transaction& transaction) -> Result<void> {
    known = {};
    auto seen = transaction.seen_records(id);
    if (!seen) return std::unexpected(seen.error());
    for (auto& [hub_id, text] : *seen) known.seen.emplace(std::move(hub_id), std::move(text));
    auto links = transaction.links(id);
    if (!links) return std::unexpected(links.error());
    for (StoredLink& link : *links) {
      if (link.link.hub_id.empty() || link.link.state == LinkState::hub_deleted) continue;
      known.linked.insert(link.link.hub_id);
      const bool is_out = link.link.state == LinkState::excluded || !link.link.excluded_fields.empty();
      if (is_out && !is_apart(link.link)) known.left_out.emplace(link.link.hub_id, std::move(link.link));
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
  // Who was not read because this is to end looks as if they had changed.
  if (const Result<void> may = opened.permit->ask ? opened.permit->ask() : Result<void>{}; !may) {
    return std::unexpected(may.error());
  }
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
    if (!is_in_scope(opened.connection, hub_id)) continue;  // as they were seen last, for when they are let in
    const auto seen = known->seen.find(hub_id);
    const bool is_new = seen != known->seen.end() && seen->second == seen_as_new;
    if (is_new && opened.connection.observes_only) continue;
    if (seen == known->seen.end() || is_new) {
      add(hub_id, known->linked.contains(hub_id) ? Event::changed : Event::added, swept.added);
    } else if (const auto link = known->left_out.find(hub_id);
               !is_as_seen(seen->second, record_hash(hub, record, means.store.hasher()), terms_of(opened),
                           link == known->left_out.end() ? nullptr : &link->second, means.store.hasher())) {
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
