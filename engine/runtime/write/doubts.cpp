#include "engine/runtime/write/doubts.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "engine/plan/element_name.hpp"
#include "engine/runtime/same_hub.hpp"
#include "engine/runtime/write/agreement.hpp"
#include "engine/runtime/write/readback.hpp"
#include "engine/runtime/write/records.hpp"

namespace dovetail {

using ir::at;
using ir::Side;

namespace {

enum class Seen : std::uint8_t { as_intended, as_before, otherwise, untold };

// What the intent's writes of one field have come to.
struct Written {
  bool is_some = false, is_all = true;
  std::set<std::string> otherwise;  // elements that have another value; empty id: the field stands in no list

  void count(Seen how, const std::string& element) {
    is_some |= how == Seen::as_intended && !element.starts_with('+');
    is_all &= how == Seen::as_intended;
    if (how == Seen::otherwise) otherwise.insert(element);
  }
  bool is_otherwise() const { return !otherwise.empty(); }
};

class Resolver {
 public:
  Resolver(const Means& means, Opened& opened, const Intent& intent)
      : means_(means),
        opened_(opened),
        intent_(intent),
        schema_(opened.program().rules->schema(intent.target)),
        may_lag_(means.first_looks->may_lag(intent, means.clock.now(), means.limits.replica_lag)) {}

  Result<void> resolve(Resolved& into) {
    Result<void> done = intent_.creates ? resolve_creation(into) : resolve_update(into);
    if (done && !waits_) means_.first_looks->forget(intent_);
    return done;
  }

 private:
  std::unexpected<Error> fail(const Error& error) const { return std::unexpected(error); }

  void wait(Resolved& into) { wait(into.again); }

  void wait(std::optional<Instant>& until) {
    waits_ = true;
    const auto time = means_.clock.now();
    const auto first = means_.first_looks->note(intent_, time);
    const auto elapsed = std::chrono::ceil<std::chrono::milliseconds>(time - first);
    const auto pause = std::min(std::max(elapsed, means_.limits.first_retry), means_.limits.replica_lag - elapsed);
    const Instant again = now(means_) + std::max(pause, std::chrono::milliseconds(1));
    until = until ? std::min(*until, again) : again;
  }

  // --- creations ---

  Result<void> resolve_creation(Resolved& into) {
    auto found = find_created_record(opened_, intent_);
    if (!found) return fail(found.error());
    if (!*found && may_lag_) return wait(into), Result<void>{};
    if (*found) return link(**found, into);
    means_.telemetry.log(Telemetry::Level::info, "a creation did not happen", {{"hub_id", intent_.hub_id}});
    return end(Outcome::Kind::failed, {});
  }

  // The two are one person. What the record was to be made of is agreed on; the next plan sees what differs from it.
  Result<void> link(const std::string& created, Resolved& into) {
    Snapshot fresh(opened_.program().layouts[at(intent_.target)]);
    const Result<bool> shows = opened_.system(intent_.target).get(created, fresh);
    if (!shows) return fail(shows.error());
    if ((!*shows || !is_made(fresh)) && may_lag_) return wait(into), Result<void>{};
    Link link = intent_.agreed.value_or(Link{});
    const bool in_provider = intent_.target == Side::provider;
    link.hub_id = in_provider ? intent_.hub_id : created;
    link.provider_id = in_provider ? created : intent_.provider_id;
    link.state = LinkState::linked;
    link.evidence = "created";
    if (!*shows) link.base.clear();
    drop_unnamed(link);
    erase_if(link.base, [&](const FieldBase& base) { return !is_made_with(base.field, fresh); });
    agree_on_added(shown(fresh), link);
    means_.telemetry.log(Telemetry::Level::info, "a creation had happened", {{"hub_id", link.hub_id}});
    return means_.store.write([&](Transaction& transaction) -> Result<void> {
      const auto known = transaction.link_of_hub(intent_.connection, link.hub_id);
      if (!known) return fail(known.error());
      const bool is_new = !*known || ((*known)->link.provider_id != created && !(*known)->link.provider_id.empty());
      const StoredLink next{is_new ? 0 : (*known)->id, is_new ? 0 : (*known)->version, link};
      if (const auto put = transaction.put_link(intent_.connection, next); !put) return fail(put.error());
      return transaction.end(
          {.id = intent_.id, .kind = Outcome::Kind::done, .created_id = created, .answer = {}, .at = now(means_)});
    });
  }

  // A call of the creation may still be on its way, or not show yet.
  bool is_made(const Snapshot& fresh) const {
    return std::ranges::all_of(intent_.writes, [&](const IntendedWrite& write) {
      const ir::Member* member = schema_.find(write.path);
      if (member == nullptr || write.after.state != State::value) return true;
      if (write.element.starts_with('+')) return !is_list_read(*member, fresh) || shows(write.element, fresh);
      return observe(fresh, schema_, schema_.id(*member), write.element).state != State::unset;
    });
  }

  bool is_list_read(const ir::Member& member, const Snapshot& fresh) const {
    const int list = member.list == ir::no_member ? -1 : fresh.layout().list(member.list);
    return list >= 0 && fresh.size() > 0 && fresh.list(0, static_cast<std::size_t>(list)).state == State::value;
  }

  // A record that is made in several calls may lack what the last ones were to give it.
  bool is_made_with(const std::string& field, const Snapshot& fresh) const {
    return std::ranges::all_of(intent_.writes, [&](const IntendedWrite& write) {
      const ir::Member* member = schema_.find(write.path);
      if (write.field != field || write.after.state != State::value || member == nullptr) return true;
      const Observation is = observe(fresh, schema_, schema_.id(*member), write.element);
      return is.state != State::unset;
    });
  }

  Result<void> end(Outcome::Kind kind, const std::string& answer) {
    return means_.store.write([&](Transaction& transaction) {
      return transaction.end({.id = intent_.id, .kind = kind, .created_id = {}, .answer = answer, .at = now(means_)});
    });
  }

  // --- updates ---

  Seen seen(const IntendedWrite& write, const Snapshot& fresh) const {
    const ir::Member* member = schema_.find(write.path);
    if (member == nullptr) return Seen::untold;
    if (write.element.starts_with('+')) return shows(write.element, fresh) ? Seen::as_intended : Seen::untold;
    const Observation is = observe(fresh, schema_, schema_.id(*member), write.element);
    if (is.state == State::absent || is.state == State::masked) return Seen::untold;
    if (same_observation(*member, is, write.after)) return Seen::as_intended;
    if (write.before.state == State::absent) return Seen::untold;
    return same_observation(*member, is, write.before) ? Seen::as_before : Seen::otherwise;
  }

  // An element that the write was to add.
  bool shows(const std::string& added, const Snapshot& fresh) const {
    return find_added(shown(fresh), added).has_value();
  }
  Shown shown(const Snapshot& fresh) const { return {opened_, intent_, fresh, means_.store.hasher()}; }

  Result<void> resolve_update(Resolved& into) {
    const std::string& id = intent_.target == Side::hub ? intent_.hub_id : intent_.provider_id;
    Snapshot fresh(opened_.program().layouts[at(intent_.target)]);
    const Result<bool> there = opened_.system(intent_.target).get(id, fresh);
    if (!there) return fail(there.error());
    if (!*there) return end(Outcome::Kind::failed, "the record is gone");
    const bool misses = std::ranges::any_of(intent_.writes, [&](const IntendedWrite& write) {
      return write.element.starts_with('+') && !shows(write.element, fresh);
    });
    if (misses && may_lag_) return wait(into), Result<void>{};
    bool all = true, any_before = false;
    std::map<std::string, Written> fields;
    for (const IntendedWrite& write : intent_.writes) {
      const Seen how = seen(write, fresh);
      all &= how == Seen::as_intended;
      any_before |= how == Seen::as_before;
      if (!write.field.empty()) fields[write.field].count(how, write.element);
    }
    if (any_before && may_lag_) {
      wait(into.shows_by);
      into.unshown.push_back(intent_);
      return {};
    }
    const Result<void> done = commit(fresh, fields, all ? Outcome::Kind::done : Outcome::Kind::failed);
    if (!done) return done;
    for (const auto& [field, written] : fields) {
      if (written.is_otherwise()) into.held_fields.push_back(field);
    }
    return {};
  }

  Result<void> commit(const Snapshot& fresh, const std::map<std::string, Written>& fields, Outcome::Kind kind) {
    return means_.store.write([&](Transaction& transaction) -> Result<void> {
      auto known = intent_.hub_id.empty() ? transaction.link_of_provider(intent_.connection, intent_.provider_id)
                                          : transaction.link_of_hub(intent_.connection, intent_.hub_id);
      if (!known) return fail(known.error());
      if (*known) {
        Link& link = (*known)->link;
        const Link before = link;
        agree_on_added(shown(fresh), link);
        for (const auto& [field, written] : fields) {
          if (written.is_some && !written.is_otherwise()) agree_on_written(shown(fresh), field, written.is_all, link);
        }
        if (!(link == before)) {
          if (const auto put = transaction.put_link(intent_.connection, **known); !put) return fail(put.error());
        }
      }
      if (Result<void> kept = keep(transaction, fresh); !kept) return kept;
      if (Result<void> told = tell_others(transaction, fields); !told) return told;
      for (const auto& [field, written] : fields) {
        for (const std::string& element : written.otherwise) {
          const std::string name = name_of(field, element, fresh);
          if (Result<void> told = report(transaction, name); !told) return told;
        }
      }
      return transaction.end({.id = intent_.id, .kind = kind, .created_id = {}, .answer = {}, .at = now(means_)});
    });
  }

  // Its other connections, of what was written into the hub.
  Result<void> tell_others(Transaction& transaction, const std::map<std::string, Written>& fields) const {
    const bool is_written =
        std::ranges::any_of(fields, [](const auto& one) { return one.second.is_some || one.second.is_all; });
    if (intent_.target != Side::hub || !is_written) return {};
    const auto beside = connections_beside(transaction, opened_.connection);
    if (!beside) return std::unexpected(beside.error());
    return tell_beside(transaction, *beside, intent_.hub_id, now(means_));
  }

  Result<void> keep(Transaction& transaction, const Snapshot& fresh) const {
    for (const IntendedWrite& write : intent_.writes) {
      if (write.before.state == State::absent || seen(write, fresh) != Seen::as_intended) continue;
      const Result<void> kept = transaction.keep({.connection = intent_.connection,
                                                  .run = intent_.run,
                                                  .intent = intent_.id,
                                                  .hub_id = intent_.hub_id,
                                                  .provider_id = intent_.provider_id,
                                                  .side = intent_.target,
                                                  .field = write.field,
                                                  .path = write.path,
                                                  .element = write.element,
                                                  .before = write.before,
                                                  .after = write.after,
                                                  .at = intent_.at,
                                                  .expires = intent_.at + means_.limits.kept});
      if (!kept) return kept;
    }
    return {};
  }

  // "Job title [2025-09-20]"; the label alone where the field stands in no list of elements.
  std::string name_of(const std::string& label, const std::string& element, const Snapshot& fresh) const {
    const auto& fields = opened_.program().rules->fields;
    const auto field = std::ranges::find(fields, label, &ir::Field::label);
    if (field == fields.end() || !field->each || element.empty() || fresh.size() == 0) return label;
    const auto index = static_cast<FieldIndex>(field - fields.begin());
    const std::string known_by = match_value(opened_.program(), intent_.target, fresh, 0, index, element);
    return fmt::format("{} [{}]", label, known_by.empty() ? element : known_by);
  }

  Result<void> report(Transaction& transaction, const std::string& field) const {
    const Instant time = now(means_);
    return transaction.report(
        {.connection = intent_.connection,
         .run = intent_.run,
         .hub_id = intent_.hub_id,
         .provider_id = intent_.provider_id,
         .field = field,
         .reason = Reason::in_doubt,
         .what = fmt::format("{}: a write to {} was interrupted, and the value there now is neither the old nor the "
                             "intended one; look at it there, then try the person again",
                             field, opened_.program().rules->title(intent_.target)),
         .first = time,
         .last = time,
         .next_try = std::nullopt,
         .needs_you = true});
  }

  const Means& means_;
  Opened& opened_;
  const Intent& intent_;
  const ir::Schema& schema_;
  const bool may_lag_;  // what this look does not show
  bool waits_ = false;
};

}  // namespace

Result<std::optional<std::string>> find_created_record(Opened& opened, const Intent& intent) {
  System& system = opened.system(intent.target);
  const ir::Schema& schema = opened.program().rules->schema(intent.target);
  const Capabilities able = system.capabilities();
  if (able.finds_references && !intent.reference.empty()) return system.find_created(intent.reference);
  for (const ir::MemberId member : able.findable) {
    for (const IntendedWrite& write : intent.writes) {
      if (write.path != schema.members[member].path || write.after.state != State::value) continue;
      auto found = system.find(member, {write.after.text});
      if (!found) return std::unexpected(found.error());
      if (found->front()) return std::move(found->front());
    }
  }
  return std::nullopt;
}

Result<Resolved> resolve(const Means& means, Opened& opened, const std::vector<Intent>& open) {
  Resolved resolved;
  for (const Intent& intent : open) {
    means.telemetry.log(Telemetry::Level::info, "in doubt",
                        {{"hub_id", intent.hub_id}, {"intent", std::to_string(intent.id)}});
    if (const Result<void> done = Resolver(means, opened, intent).resolve(resolved); !done) {
      return std::unexpected(done.error());
    }
  }
  return resolved;
}

bool are_written_again(const std::vector<Intent>& unshown, const Plan& plan, const ir::Program& program) {
  const auto is_written = [&](Side target, const IntendedWrite& wanted) {
    const ir::Schema& schema = program.rules->schema(target);
    return std::ranges::any_of(plan.operations, [&](const Operation& operation) {
      return operation.target == target && std::ranges::any_of(operation.writes, [&](const Write& write) {
               return schema.members[write.member].path == wanted.path && write.element == wanted.element;
             });
    });
  };
  return std::ranges::all_of(unshown, [&](const Intent& intent) {
    return std::ranges::all_of(intent.writes,
                               [&](const IntendedWrite& wanted) { return is_written(intent.target, wanted); });
  });
}

Result<void> end_unshown(const Means& means, const std::vector<Intent>& unshown) {
  const Result<void> ended = means.store.write([&](Transaction& transaction) -> Result<void> {
    for (const Intent& intent : unshown) {
      const Result<void> done = transaction.end({.id = intent.id,
                                                 .kind = Outcome::Kind::failed,
                                                 .created_id = {},
                                                 .answer = "not to be seen, and written again",
                                                 .at = now(means)});
      if (!done) return done;
    }
    return {};
  });
  if (!ended) return ended;
  for (const Intent& intent : unshown) means.first_looks->forget(intent);
  return {};
}

}  // namespace dovetail
