#include "engine/runtime/write/ledger.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <set>

#include "engine/guard/guard.hpp"
#include "engine/plan/reason.hpp"
#include "engine/runtime/lease_name.hpp"
#include "engine/runtime/same_hub.hpp"
#include "engine/runtime/seen.hpp"
#include "engine/runtime/write/flips.hpp"
#include "engine/runtime/write/meanwhile.hpp"

namespace dovetail {

using ir::at;
using ir::Side;

namespace {

bool is_over(Outcome::Kind kind) { return kind != Outcome::Kind::unknown; }

}  // namespace

Ledger::Ledger(Work work, std::function<void(PersonIndex, const Applied&)> on_settled)
    : work_(work), shares_(work.plan, work.input, work.known), on_settled_(std::move(on_settled)) {}

const std::string& Ledger::label(FieldIndex field) const {
  static const std::string none;
  const auto& fields = work_.input.program.rules->fields;
  return field < fields.size() ? fields[field].label : none;
}

Intent Ledger::intent_of(std::span<const std::size_t> operations) const {
  const Operation& first = work_.plan.operations[operations.front()];
  const Person& person = work_.plan.people[first.person];
  const ir::Schema& schema = work_.input.program.rules->schema(first.target);
  Intent intent;
  intent.connection = work_.connection.id;
  intent.run = work_.run;
  intent.hub_id = person.hub_id;
  intent.provider_id = person.provider_id;
  intent.target = first.target;
  intent.creates = makes_record(first);
  intent.reference = first.reference;
  intent.at = now(work_.means);
  for (const std::size_t i : operations) {
    for (const Write& write : work_.plan.operations[i].writes) {
      intent.writes.push_back(
          {label(write.field), schema.members[write.member].path, write.element, write.before, write.after});
    }
  }
  return intent;
}

Result<bool> Ledger::is_current(Transaction& transaction, PersonIndex person) const {
  const auto same = [](const std::optional<StoredLink>& now, const StoredLink& then) {
    return now && now->id == then.id && now->version == then.version;
  };
  const std::vector<std::size_t> own = shares_.links_of(person);
  for (const std::size_t i : own) {
    const StoredLink& link = work_.known[i];
    const bool by_hub = !link.link.hub_id.empty();
    const auto now = by_hub ? transaction.link_of_hub(work_.connection.id, link.link.hub_id)
                            : transaction.link_of_provider(work_.connection.id, link.link.provider_id);
    if (!now) return std::unexpected(now.error());
    if (!same(*now, link)) return false;
  }
  if (!own.empty()) return true;
  const Person& planned = work_.plan.people[person];
  const auto now = planned.hub_id.empty() ? transaction.link_of_provider(work_.connection.id, planned.provider_id)
                                          : transaction.link_of_hub(work_.connection.id, planned.hub_id);
  if (!now) return std::unexpected(now.error());
  return !now->has_value();
}

bool Ledger::makes_hub_record(PersonIndex person) const {
  return std::ranges::any_of(shares_.operations_of(person), [&](std::size_t i) {
    return work_.plan.operations[i].target == Side::hub && makes_record(work_.plan.operations[i]);
  });
}

// The scope was narrowed since the plan was made, and the person is outside it by now. Somebody new in the hub is
// outside any scope that names people.
bool Ledger::has_left(const std::optional<Connection>& now, PersonIndex index) const {
  const std::string& hub_id = work_.plan.people[index].hub_id;
  if (work_.run == no_run || !now || now->whole_hub) return false;
  if (hub_id.empty()) return work_.input.scope == nullptr && makes_hub_record(index);
  const bool was_in = work_.input.scope == nullptr || std::ranges::binary_search(*work_.input.scope, hub_id);
  return was_in && !is_in_scope(*now, hub_id);
}

// nullopt: the person is as the plan saw them. A push looks again, whatever it was.
Result<std::optional<Outcome>> Ledger::find_change(Transaction& transaction, PersonIndex index) const {
  const std::string& hub_id = work_.plan.people[index].hub_id;
  if (work_.run != no_run) {
    const auto connection = transaction.connection(work_.connection.id);
    if (!connection) return std::unexpected(connection.error());
    if (has_left(*connection, index)) return outcome_of_leaving(hub_id.empty());
  }
  const Result<bool> current = is_current(transaction, index);
  if (!current) return std::unexpected(current.error());
  if (*current) return std::nullopt;
  const std::vector<std::size_t> own = shares_.links_of(index);
  const Link* then = own.empty() ? nullptr : &work_.known[own.front()].link;
  const auto now = hub_id.empty()
                       ? transaction.link_of_provider(work_.connection.id, work_.plan.people[index].provider_id)
                       : transaction.link_of_hub(work_.connection.id, hub_id);
  if (!now) return std::unexpected(now.error());
  Outcome outcome = outcome_of_change(then, *now ? &(*now)->link : nullptr);
  if (work_.run == no_run) outcome.kind = Outcome::Kind::moved;
  return outcome;
}

std::expected<IntentId, Outcome> Ledger::intend(std::span<const std::size_t> operations) {
  if (auto refused = refuse_call(work_.plan.operations[operations.front()].person)) {
    return std::unexpected(std::move(*refused));
  }
  Intent intent = intent_of(operations);
  intent.agreed = shares_.intended(work_.plan.operations[operations.front()].person, operations);
  const PersonIndex person = work_.plan.operations[operations.front()].person;
  work_.means.step("before-intent");
  IntentId id = 0;
  std::optional<Outcome> refused;
  std::optional<Error> stops;
  std::array<std::optional<Instant>, 5> reserved;
  const Result<void> written = work_.means.store.write([&](Transaction& transaction) -> Result<void> {
    refused.reset();
    auto stop = find_stop(transaction, person);
    if (!stop) return std::unexpected(stop.error());
    stops = std::move(*stop);
    if (stops) return {};
    auto changed = find_change(transaction, person);
    if (!changed) return std::unexpected(changed.error());
    refused = std::move(*changed);
    if (refused) return {};
    reserved = reserved_;
    auto full = reserve(transaction, operations, reserved);
    if (!full) return std::unexpected(full.error());
    refused = std::move(*full);
    if (refused) return {};
    const Result<IntentId> begun = transaction.begin(intent);
    if (!begun) return std::unexpected(begun.error());
    id = *begun;
    return {};
  });
  if (!written) {
    refused = not_carried_out(
        Outcome::Kind::failed, Reason::pending,
        fmt::format("nothing was sent, because it could not be written down first: {}", written.error().what));
  }
  if (written && stops) {
    stopped_ = std::move(stops);
    refused = stopped_outcome();
  }
  if (refused) return std::unexpected(std::move(*refused));
  reserved_ = reserved;
  work_.means.step("after-intent");
  // Sent again after a refusal: what it replaces is remembered with the last call.
  for (auto& [earlier, call] : calls_) {
    std::erase_if(call.operations, [&](std::size_t i) { return std::ranges::count(operations, i) > 0; });
  }
  calls_[id] = {person, {operations.begin(), operations.end()}, intent.at, std::nullopt};
  called_.insert(person);
  return id;
}

void Ledger::ended(IntentId intent, std::span<const std::size_t> operations, const Applied& applied) {
  work_.means.step("after-call");
  Call& call = calls_.at(intent);
  IntentEnd end{.id = intent, .at = now(work_.means)};
  Outcome::Kind worst = Outcome::Kind::done;
  for (const std::size_t i : operations) {
    const Outcome& outcome = applied.outcomes[i];
    end.created_id += outcome.created_id;
    if (outcome.kind == Outcome::Kind::done || outcome.kind == Outcome::Kind::pending) continue;
    if (worst != Outcome::Kind::unknown) worst = outcome.kind;
    end.answer = outcome.what;
  }
  end.kind = worst;
  work_.means.telemetry.write(work_.connection.name, std::string(name(worst)), end.at - call.begun);
  if (is_over(worst)) call.end = std::move(end);
}

void Ledger::adopt(PersonIndex person, std::vector<std::size_t> operations, Instant begun, IntentEnd end) {
  const IntentId id = end.id;
  calls_[id] = {person, std::move(operations), begun, std::move(end)};
}

void Ledger::settle(PersonIndex person, const Applied& applied) {
  if (on_settled_) on_settled_(person, applied);
}

bool Ledger::went(PersonIndex person, const Applied& applied) const {
  return std::ranges::all_of(shares_.operations_of(person), [&](std::size_t i) {
    const Outcome::Kind kind = applied.outcomes[i].kind;
    return kind == Outcome::Kind::done || kind == Outcome::Kind::pending;
  });
}

bool Ledger::in_doubt(PersonIndex person) const {
  return std::ranges::any_of(calls_, [&](const auto& one) { return one.second.person == person && !one.second.end; });
}

Result<void> Ledger::keep_replaced(Transaction& transaction, IntentId intent, const Call& call,
                                   const Applied& applied) const {
  const Person& person = work_.plan.people[call.person];
  for (const std::size_t i : call.operations) {
    const Operation& operation = work_.plan.operations[i];
    const Outcome& outcome = applied.outcomes[i];
    // Refused in part: the other writes went. Where the system names none, all of them are refused.
    const bool went_in_part = outcome.kind == Outcome::Kind::refused && !outcome.not_done.empty();
    if (outcome.kind != Outcome::Kind::done && outcome.kind != Outcome::Kind::pending && !went_in_part) continue;
    if (makes_record(operation)) {  // nothing that could be put back, but an undo is to say so
      KeptValue made{.connection = work_.connection.id,
                     .run = work_.run,
                     .intent = intent,
                     .hub_id = person.hub_id.empty() ? outcome.created_id : person.hub_id,
                     .provider_id = person.provider_id.empty() ? outcome.created_id : person.provider_id,
                     .side = operation.target,
                     .after = {State::value, outcome.created_id},
                     .at = call.begun,
                     .expires = call.begun + work_.means.limits.kept};
      if (Result<void> done = transaction.keep(made); !done) return done;
    }
    if (operation.action == Action::create) continue;
    for (std::size_t w = 0; w < operation.writes.size(); ++w) {
      const Write& write = operation.writes[w];
      if (outcome.kind != Outcome::Kind::pending && std::ranges::count(outcome.not_done, w) > 0) continue;
      if (write.element.starts_with('+') || write.before.state == State::absent) continue;
      KeptValue kept{.connection = work_.connection.id,
                     .run = work_.run,
                     .intent = intent,
                     .hub_id = person.hub_id,
                     .provider_id = person.provider_id,
                     .side = operation.target,
                     .field = label(write.field),
                     .path = work_.input.program.rules->schema(operation.target).members[write.member].path,
                     .element = write.element,
                     .before = write.before,
                     .after = write.after,
                     .at = call.begun,
                     .expires = call.begun + work_.means.limits.kept};
      if (Result<void> done = transaction.keep(kept); !done) return done;
    }
  }
  return {};
}

// A hub tells others of what they write, and not everybody whose write it was; its other connections are told here.
Result<void> Ledger::tell_others(Transaction& transaction, PersonIndex index) {
  const std::string& hub_id = work_.plan.people[index].hub_id;
  const auto went = [](const Call& call) {
    return call.end->kind == Outcome::Kind::done || call.end->kind == Outcome::Kind::refused;  // refused in part
  };
  const bool wrote = !hub_id.empty() && std::ranges::any_of(calls_, [&](const auto& one) {
    const Call& call = one.second;
    const bool into_hub =
        !call.operations.empty() && work_.plan.operations[call.operations.front()].target == Side::hub;
    return call.person == index && into_hub && call.end && went(call);
  });
  if (!wrote) return {};
  if (!beside_) {
    auto found = connections_beside(transaction, work_.connection);
    if (!found) return std::unexpected(found.error());
    beside_ = std::move(*found);
  }
  return tell_beside(transaction, *beside_, hub_id, now(work_.means));
}

// Who wrote what into a field, for the oscillation breaker.
Result<void> Ledger::count_flips(Transaction& transaction, const Call& call, const Applied& applied) const {
  if (work_.input.mode != Mode::push) return {};
  const Person& person = work_.plan.people[call.person];
  const ir::RuleSet& rules = *work_.input.program.rules;
  for (const std::size_t i : call.operations) {
    const Operation& operation = work_.plan.operations[i];
    if (applied.outcomes[i].kind != Outcome::Kind::done || operation.action == Action::create) continue;
    for (const Write& write : operation.writes) {
      const ir::Member& member = rules.schema(operation.target).members[write.member];
      for (const bool old : {true, false}) {
        if (write.field == no_field || write.element.starts_with('+')) continue;
        const auto counted = transaction.count_flip(
            work_.connection.id, person.hub_id, fmt::format("{}{}", member.path, write.element),
            rules.title(old ? operation.target : ir::other(operation.target)),
            flip_hash(member, old ? write.before : write.after, work_.means.store.hasher()), call.begun, call.begun);
        if (!counted) return std::unexpected(counted.error());
      }
    }
  }
  return {};
}

// Pushes that go at once have planned by the same count: each counts its person before it sends, and one that would be
// too many plans again. An outcome: that one is too many.
Result<std::optional<Outcome>> Ledger::reserve(Transaction& transaction, std::span<const std::size_t> operations,
                                               std::array<std::optional<Instant>, 5>& reserved) const {
  if (work_.input.mode != Mode::push) return std::nullopt;
  const ConnectionId id = work_.connection.id;
  const std::string& hub_id = work_.plan.people[work_.plan.operations[operations.front()].person].hub_id;
  const std::array<bool, 5> kinds = kinds_of(operations);
  if (std::ranges::count(kinds, true) == 0) return std::nullopt;
  const Instant time = now(work_.means);
  const Instant since = time - std::chrono::hours(24);
  const auto alone = transaction.take_lease(guard_lease(id), "guard", time, time);
  if (!alone) return std::unexpected(alone.error());
  const auto others = transaction.guarded_since(id, since, hub_id);
  if (!others) return std::unexpected(others.error());
  const auto all = transaction.guarded_since(id, since, {});
  if (!all) return std::unexpected(all.error());
  for (std::size_t kind = 0; kind < kinds.size(); ++kind) {
    if (!kinds[kind] || (*all)[kind] > (*others)[kind]) continue;
    if ((*others)[kind] >= work_.plan.guards[kind].limit) {
      return not_carried_out(
          Outcome::Kind::moved, Reason::guarded,
          "others were changed in this way meanwhile, and with this person they would be too many; it is planned "
          "again");
    }
    if (const auto counted = transaction.count_guarded(id, hub_id, static_cast<ir::Guard::Kind>(kind), time);
        !counted) {
      return std::unexpected(counted.error());
    }
    reserved[kind] = time;
  }
  return std::nullopt;
}

std::array<bool, 5> Ledger::kinds_of(std::span<const std::size_t> operations) const {
  std::array<bool, 5> all{};
  for (const std::size_t i : operations) {
    const auto kinds = guarded_kinds(work_.input.program, work_.plan.entries[work_.plan.operations[i].entry]);
    for (std::size_t kind = 0; kind < kinds.size(); ++kind) all[kind] |= kinds[kind];
  }
  return all;
}

// Who was counted ahead, and was not written to, is not counted.
Result<void> Ledger::count_guarded(Transaction& transaction, PersonIndex person, const Applied& applied) const {
  if (work_.input.mode != Mode::push) return {};
  std::vector<std::size_t> done, open;
  for (const std::size_t i : shares_.operations_of(person)) {
    if (applied.outcomes[i].kind == Outcome::Kind::done) done.push_back(i);
    if (applied.outcomes[i].kind == Outcome::Kind::unknown || applied.outcomes[i].kind == Outcome::Kind::pending) {
      open.push_back(i);
    }
  }
  const std::array<bool, 5> counted = kinds_of(done), doubted = kinds_of(open);
  const std::string& hub_id = work_.plan.people[person].hub_id;
  for (std::size_t i = 0; i < counted.size(); ++i) {
    const auto kind = static_cast<ir::Guard::Kind>(i);
    Result<void> noted;
    if (counted[i]) {
      noted = transaction.count_guarded(work_.connection.id, hub_id, kind, now(work_.means));
    } else if (reserved_[i] && !doubted[i]) {
      noted = transaction.uncount_guarded(work_.connection.id, hub_id, kind, *reserved_[i]);
    }
    if (!noted) return noted;
  }
  return {};
}

// An element that was added may show late, and its id is not known. Until it shows, or a replica cannot lag any more,
// its addition stays in doubt, so that nobody adds it again.
Result<void> Ledger::doubt_added(Transaction& transaction, PersonIndex person, const Applied& applied) const {
  Intent added;
  for (const auto& [id, call] : calls_) {
    if (call.person != person || !call.end) continue;
    for (const std::size_t i : call.operations) {
      const Operation& operation = work_.plan.operations[i];
      const Outcome& outcome = applied.outcomes[i];
      const bool makes = makes_record(operation);
      if (outcome.kind != Outcome::Kind::done || (makes && outcome.created_id.empty())) continue;
      Intent one = intent_of({&i, 1});
      one.agreed = shares_.intended(person, {&i, 1});
      if (makes) {  // by now there is a record that they are added to
        one.creates = false;
        one.reference.clear();
        (one.target == Side::hub ? one.hub_id : one.provider_id) = outcome.created_id;
      }
      std::erase_if(one.writes, [](const IntendedWrite& write) { return !write.element.starts_with('+'); });
      if (one.writes.empty()) continue;
      if (const auto begun = transaction.begin(one); !begun) return std::unexpected(begun.error());
      added = std::move(one);
    }
  }
  if (added.writes.empty() || added.hub_id.empty()) return {};
  const auto taken = transaction.take_in({.id = {},
                                          .connection = work_.connection.id,
                                          .hub_id = added.hub_id,
                                          .what = Event::changed,
                                          .at = added.at,
                                          .due = added.at + work_.means.limits.replica_lag});
  return taken ? Result<void>{} : std::unexpected(taken.error());
}

// Whom something has changed since the run read them may be settled by now: a look solves it, and what still differs
// stays in the error log.
Result<void> Ledger::look_again(Transaction& transaction, PersonIndex person, const Applied& applied) const {
  const std::string& hub_id = work_.plan.people[person].hub_id;
  const bool moved = std::ranges::any_of(
      shares_.operations_of(person), [&](std::size_t i) { return applied.outcomes[i].kind == Outcome::Kind::moved; });
  if (work_.run == no_run || !moved || hub_id.empty()) return {};
  return look_at_person(transaction, work_.connection, hub_id, now(work_.means));
}

bool Ledger::makes_record(const Operation& operation) const {
  return operation.action == Action::create && work_.plan.entries[operation.entry].kind == Kind::create;
}

// A run leaves the links alone of whom a push was with meanwhile: what was observed of them is out of date. So it does
// of who has left the scope, but for what it had written to them by then.
Result<void> Ledger::remember(Transaction& transaction, PersonIndex person, const Applied& applied) {
  left_alone_.erase(person);
  if (work_.run != no_run) {
    const bool was_called = std::ranges::any_of(calls_, [&](const auto& one) { return one.second.person == person; });
    const Result<bool> current = was_called ? is_current(transaction, person) : Result<bool>(false);
    if (!current) return std::unexpected(current.error());
    auto changed = *current ? Result<std::optional<Outcome>>(std::nullopt) : find_change(transaction, person);
    if (!changed) return std::unexpected(changed.error());
    if (*changed) return left_alone_.emplace(person, std::move(**changed)), Result<void>{};
  }
  const LinkChange change = shares_.remembered(person, applied);
  for (const LinkId link : change.removed) {
    if (Result<void> done = transaction.remove_link(work_.connection.id, link); !done) return done;
  }
  for (const StoredLink& link : change.put) {
    if (Result<LinkId> done = transaction.put_link(work_.connection.id, link); !done) {
      return std::unexpected(done.error());
    }
  }
  return {};
}

Result<void> Ledger::remember_late(Transaction& transaction, PersonIndex person, const Applied& applied) const {
  std::vector<std::string> written;  // labels
  for (const std::size_t i : shares_.operations_of(person)) {
    const Operation& operation = work_.plan.operations[i];
    if (applied.outcomes[i].kind != Outcome::Kind::done || makes_record(operation)) continue;
    for (const Write& write : operation.writes) written.push_back(label(write.field));
  }
  for (const StoredLink& wanted : shares_.remembered(person, applied).put) {
    auto stored = transaction.link_of_hub(work_.connection.id, wanted.link.hub_id);
    if (!stored) return std::unexpected(stored.error());
    if (!*stored || (*stored)->link.provider_id != wanted.link.provider_id) continue;
    Link& link = (*stored)->link;
    for (const FieldBase& base : wanted.link.base) {
      if (std::ranges::count(written, base.field.view()) == 0) continue;
      const auto same = [&](const FieldBase& one) {
        return one.field == base.field && one.hub_element == base.hub_element;
      };
      const auto known = std::ranges::find_if(link.base, same);
      (known == link.base.end() ? link.base.emplace_back() : *known) = base;
    }
    if (const auto put = transaction.put_link(work_.connection.id, **stored); !put) return std::unexpected(put.error());
  }
  return {};
}

Result<bool> Ledger::is_remembered(Transaction& transaction, PersonIndex person, const Applied& applied) const {
  const LinkChange change = shares_.remembered(person, applied);
  for (const StoredLink& wanted : change.put) {
    const bool by_hub = !wanted.link.hub_id.empty();
    const auto now = by_hub ? transaction.link_of_hub(work_.connection.id, wanted.link.hub_id)
                            : transaction.link_of_provider(work_.connection.id, wanted.link.provider_id);
    if (!now) return std::unexpected(now.error());
    if (!*now || !((*now)->link == wanted.link)) return false;
  }
  return change.removed.empty() && !change.put.empty();
}

Result<void> Ledger::commit(Transaction& transaction, PersonIndex person, const Applied& applied,
                            std::optional<Instant> next_try) {
  const Result<bool> erased = is_erased_since(transaction, person);
  if (!erased) return std::unexpected(erased.error());
  if (*erased) return erased_.insert(person), Result<void>{};
  for (const auto& [intent, call] : calls_) {
    if (call.person != person || !call.end) continue;
    if (Result<void> done = transaction.end(*call.end); !done) return done;
    if (Result<void> done = keep_replaced(transaction, intent, call, applied); !done) return done;
    if (Result<void> done = count_flips(transaction, call, applied); !done) return done;
  }
  if (Result<void> done = tell_others(transaction, person); !done) return done;
  if (Result<void> done = remember(transaction, person, applied); !done) return done;
  if (Result<void> done = doubt_added(transaction, person, applied); !done) return done;
  if (Result<void> done = count_guarded(transaction, person, applied); !done) return done;
  if (Result<void> done = look_again(transaction, person, applied); !done) return done;
  if (work_.plan.people[person].hub_id.empty() && work_.plan.people[person].provider_id.empty()) return {};
  Findings found;
  gather(person, applied, next_try, work_.is_whole, found);
  return tell(transaction, found);
}

// As is_current(), of many at once; of two with one hub id the second is not, as if the first had been written.
Result<std::vector<PersonIndex>> Ledger::find_moved(Transaction& transaction,
                                                    const std::vector<PersonIndex>& people) const {
  std::vector<std::string_view> hub_ids;
  for (const PersonIndex person : people) {
    if (!work_.plan.people[person].hub_id.empty()) hub_ids.push_back(work_.plan.people[person].hub_id);
  }
  const auto marks = transaction.marks_of_hubs(work_.connection.id, hub_ids);
  if (!marks) return std::unexpected(marks.error());
  std::map<std::string_view, const LinkMark*> by_hub;
  for (const LinkMark& mark : *marks) by_hub.emplace(mark.hub_id, &mark);
  std::set<std::string_view> seen;
  std::vector<PersonIndex> moved;
  for (const PersonIndex person : people) {
    const std::string& hub_id = work_.plan.people[person].hub_id;
    const std::vector<std::size_t> own = shares_.links_of(person);
    const auto mark = by_hub.find(hub_id);
    if (!hub_id.empty() && !seen.insert(hub_id).second) {
      moved.push_back(person);
    } else if (own.empty()) {
      if (mark != by_hub.end()) moved.push_back(person);
    } else if (own.size() == 1 && !hub_id.empty() && work_.known[own.front()].link.hub_id == hub_id) {
      const StoredLink& link = work_.known[own.front()];
      const bool same = mark != by_hub.end() && mark->second->id == link.id && mark->second->version == link.version;
      if (!same) moved.push_back(person);
    } else {
      const Result<bool> current = is_current(transaction, person);
      if (!current) return std::unexpected(current.error());
      if (!*current) moved.push_back(person);
    }
  }
  return moved;
}

// Those whose links are left alone, with why; rising.
Result<std::vector<PersonIndex>> Ledger::leave_alone(Transaction& transaction, const std::vector<PersonIndex>& people) {
  const Result<std::vector<PersonIndex>> moved = find_moved(transaction, people);
  if (!moved) return moved;
  const auto connection = transaction.connection(work_.connection.id);
  if (!connection) return std::unexpected(connection.error());
  std::vector<PersonIndex> left, all;
  std::ranges::copy_if(people, std::back_inserter(left), [&](PersonIndex one) { return has_left(*connection, one); });
  std::ranges::set_union(*moved, left, std::back_inserter(all));
  for (const PersonIndex person : all) {
    auto changed = find_change(transaction, person);
    if (!changed) return std::unexpected(changed.error());
    left_alone_[person] =
        *changed ? std::move(**changed)
                 : not_carried_out(Outcome::Kind::moved, Reason::conflict,
                                   "another of this id was remembered before, by the same run; plan again");
  }
  return all;
}

Result<std::vector<PersonIndex>> Ledger::commit_quiet(Transaction& transaction, const std::vector<PersonIndex>& people,
                                                      const Applied& applied, const LinkChange& change) {
  Result<std::vector<PersonIndex>> moved = leave_alone(transaction, people);
  if (!moved) return moved;
  std::vector<PersonIndex> current;
  std::ranges::set_difference(people, *moved, std::back_inserter(current));
  const std::optional<LinkChange> of_rest = moved->empty() ? std::nullopt : std::optional(changes_of(current, applied));
  const LinkChange& links = of_rest ? *of_rest : change;
  for (const LinkId link : links.removed) {
    if (Result<void> done = transaction.remove_link(work_.connection.id, link); !done)
      return std::unexpected(done.error());
  }
  if (Result<void> done = transaction.put_links(work_.connection.id, links.put); !done) {
    return std::unexpected(done.error());
  }
  std::vector<std::pair<std::string_view, std::string_view>> ids;
  for (const PersonIndex person : current) {
    ids.emplace_back(work_.plan.people[person].hub_id, work_.plan.people[person].provider_id);
  }
  const auto with_problems = transaction.with_problems(work_.connection.id, ids);
  if (!with_problems) return std::unexpected(with_problems.error());
  Findings found;
  for (std::size_t i = 0; i < current.size(); ++i) {
    if (ids[i].first.empty() && ids[i].second.empty()) continue;
    const bool has_problems = std::ranges::binary_search(*with_problems, i);
    gather(current[i], applied, std::nullopt, has_problems && work_.is_whole, found);
  }
  if (Result<void> told = tell(transaction, found); !told) return std::unexpected(told.error());
  return moved;
}

}  // namespace dovetail
