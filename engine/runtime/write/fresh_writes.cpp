#include "engine/runtime/write/fresh_writes.hpp"

#include <algorithm>
#include <set>
#include <utility>

#include "engine/runtime/write/readback.hpp"
#include "engine/runtime/write/records.hpp"

namespace dovetail {

using ir::at;
using ir::Side;

namespace {

constexpr std::chrono::milliseconds first_pause{250};

}  // namespace

Result<FreshWrites> FreshWrites::load(const Means& means, const Opened& opened, Instant since,
                                      std::string_view hub_id) {
  FreshWrites fresh;
  fresh.program_ = &opened.program();
  fresh.lag_ = means.limits.replica_lag;
  const Result<void> read = means.store.read([&](Transaction& transaction) -> Result<void> {
    for (auto& written : fresh.written_) written.clear();
    auto kept = transaction.kept_since(opened.connection.id, since - fresh.lag_, hub_id);
    if (!kept) return std::unexpected(kept.error());
    for (KeptValue& one : *kept) {
      if (one.path.empty() || one.before.state == State::masked) continue;
      const std::string& id = one.side == Side::hub ? one.hub_id : one.provider_id;
      OfRecord& record = fresh.written_[at(one.side)][id];
      record.last = std::max(record.last, one.at);
      record.values.push_back(std::move(one));
    }
    return {};
  });
  if (!read) return std::unexpected(read.error());
  return fresh;
}

const FreshWrites::OfRecord* FreshWrites::find(Side side, std::string_view id) const {
  const auto found = written_[at(side)].find(id);
  return found == written_[at(side)].end() ? nullptr : &found->second;
}

bool FreshWrites::is_behind(Side side, std::string_view id, const Snapshot& read, RecordIndex record) const {
  const OfRecord* written = find(side, id);
  if (written == nullptr) return false;
  const ir::Schema& schema = program_->rules->schema(side);
  std::set<std::pair<std::string_view, std::string_view>> shown;  // by path and element: the last write is there
  for (const KeptValue& one : written->values) {
    const ir::Member* member = schema.find(one.path);
    if (member == nullptr) continue;
    const Observation is = observe(read, schema, schema.id(*member), one.element, record);
    const std::pair<std::string_view, std::string_view> place{one.path, one.element};
    if (shown.contains(place)) continue;
    if (same_observation(*member, is, one.after)) {
      shown.insert(place);
    } else if (same_observation(*member, is, one.before)) {
      return true;
    }
  }
  return false;
}

bool FreshWrites::may_lag(Side side, std::string_view id, Instant now) const {
  const OfRecord* written = find(side, id);
  return written != nullptr && now < written->last + lag_;
}

Instant FreshWrites::next_look(Side side, std::string_view id, Instant now) const {
  const OfRecord* written = find(side, id);
  if (written == nullptr) return now;
  const auto elapsed = std::chrono::duration_cast<std::chrono::milliseconds>(now - written->last);
  return std::min(now + std::max(elapsed, first_pause), written->last + lag_);
}

Result<bool> FreshWrites::get(const Means& means, System& system, Side side, const std::string& id,
                              Snapshot& into) const {
  for (;;) {
    const Instant asked = now(means);
    Snapshot read(into.layout());
    const Result<bool> there = system.get(id, read);
    if (!there || !*there) return there;
    if (!may_lag(side, id, asked) || !is_behind(side, id, read, 0)) return copy_record(read, 0, into), true;
    const Instant time = now(means);
    means.clock.sleep(std::chrono::duration_cast<std::chrono::milliseconds>(next_look(side, id, time) - time) +
                      std::chrono::milliseconds(1));
  }
}

Result<void> FreshWrites::catch_up(const Means& means, System& system, Side side, Snapshot& listed) const {
  if (written_[at(side)].empty()) return {};
  std::map<RecordIndex, Snapshot> again;
  for (RecordIndex record = 0; record < listed.size(); ++record) {
    const std::string id(id_of(*program_, side, listed, record));
    if (!is_behind(side, id, listed, record)) continue;
    Snapshot read(listed.layout());
    const Result<bool> there = get(means, system, side, id, read);
    if (!there) return std::unexpected(there.error());
    if (*there) again.emplace(record, std::move(read));
  }
  if (again.empty()) return {};
  Snapshot all(listed.layout());
  for (RecordIndex record = 0; record < listed.size(); ++record) {
    const auto fresh = again.find(record);
    copy_record(fresh == again.end() ? listed : fresh->second, fresh == again.end() ? record : 0, all);
  }
  all.set_completeness(listed.completeness());
  listed = std::move(all);
  return {};
}

Result<std::optional<Instant>> find_behind(const Means& means, const Opened& opened, const Link& link,
                                           const Snapshot& hub, const Snapshot& provider) {
  const Instant time = now(means);
  const Result<FreshWrites> written = FreshWrites::load(means, opened, time, link.hub_id);
  if (!written) return std::unexpected(written.error());
  for (const Side side : {Side::hub, Side::provider}) {
    const std::string& id = side == Side::hub ? link.hub_id : link.provider_id;
    const Snapshot& read = side == Side::hub ? hub : provider;
    if (read.size() == 0 || !written->may_lag(side, id, time) || !written->is_behind(side, id, read, 0)) continue;
    return written->next_look(side, id, time);
  }
  return std::nullopt;
}

}  // namespace dovetail
