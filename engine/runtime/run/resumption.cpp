#include "engine/runtime/run/resumption.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "engine/durable/packed.hpp"
#include "engine/runtime/write/doubts.hpp"
#include "engine/runtime/write/readback.hpp"

namespace dovetail {

using ir::at;
using ir::Side;

namespace {

constexpr std::uint64_t form = 1;
constexpr std::size_t most_unread = 5;                    // and none that can be read: it is the system, then
constexpr std::chrono::milliseconds longest_pause{2000};  // between looks at what may not show yet

bool take_outcomes(std::string_view bytes, const std::vector<std::size_t>& operations, Earlier& into) {
  Unpacker from(bytes);
  if (from.number() != form || from.count() != operations.size()) return false;
  std::vector<Outcome> outcomes(operations.size());
  for (Outcome& one : outcomes) {
    const std::uint64_t kind = from.number(), reason = from.number();
    if (kind > static_cast<std::uint64_t>(Outcome::Kind::skipped) || reason >= reason_count) return false;
    one.kind = static_cast<Outcome::Kind>(kind);
    one.reason = static_cast<Reason>(reason);
    one.what = from.text();
    one.created_id = from.text();
    one.now.resize(from.count());
    for (Value& value : one.now) {
      const std::uint64_t state = from.number();
      if (state > static_cast<std::uint64_t>(State::invalid)) return false;
      value = {static_cast<State>(state), std::string(from.text())};
    }
    one.not_done.resize(from.count());
    for (std::size_t& write : one.not_done) write = from.number();
  }
  if (!from.is_good() || !from.is_at_end()) return false;
  for (std::size_t i = 0; i < operations.size(); ++i) into.outcomes[operations[i]] = std::move(outcomes[i]);
  return true;
}

}  // namespace

std::string settled_document(std::uint64_t pass, PersonIndex person) { return fmt::format("done/{}/{}", pass, person); }

std::string pack_outcomes(const std::vector<const Outcome*>& outcomes) {
  Packer to;
  to.number(form);
  to.number(outcomes.size());
  for (const Outcome* one : outcomes) {
    to.number(static_cast<std::uint64_t>(one->kind));
    to.number(static_cast<std::uint64_t>(one->reason));
    to.text(one->what);
    to.text(one->created_id);
    to.number(one->now.size());
    for (const Value& value : one->now) {
      to.number(static_cast<std::uint64_t>(value.state));
      to.text(value.text);
    }
    to.number(one->not_done.size());
    for (const std::size_t write : one->not_done) to.number(write);
  }
  return to.take();
}

Resumption::Resumption(const Means& means, Opened& opened, RunId run, const Plan& plan)
    : means_(means), opened_(opened), run_(run), plan_(plan) {}

Result<void> Resumption::look(std::uint64_t pass, Instant begun) {
  earlier_.outcomes.resize(plan_.operations.size());
  earlier_.partly.resize(plan_.operations.size());
  for (std::size_t i = 0; i < plan_.operations.size(); ++i) by_person_[plan_.operations[i].person].push_back(i);
  auto lines = load(pass);
  if (!lines) return std::unexpected(lines.error());
  for (JournalLine& line : *lines) {
    std::vector<std::size_t> operations = operations_of(line.intent);
    if (operations.empty()) continue;  // of an earlier pass
    const PersonIndex person = plan_.operations[operations.front()].person;
    if (is_settled(person)) continue;
    if (line.end) {
      if (line.intent.at >= begun) take_ended(line);
    } else {
      doubts_.push_back({std::move(line.intent), person, std::move(operations), {}, std::nullopt});
    }
  }
  // Newest first: what a later call of the same person wrote over an earlier one's value tells about both.
  std::set<PersonIndex> unread;
  for (auto pause = std::chrono::milliseconds(50);; pause = std::min(2 * pause, longest_pause)) {
    std::set<PersonIndex> waiting;
    for (auto doubt = doubts_.rbegin(); doubt != doubts_.rend(); ++doubt) {
      if (doubt->end || waiting.contains(doubt->person)) continue;
      if (unread.contains(doubt->person)) continue;
      const Result<void> looked = look_at(*doubt);
      if (!looked && looked.error().kind != Error::Kind::transient && looked.error().kind != Error::Kind::data) {
        return looked;
      }
      if (!looked) {
        unread.insert(doubt->person);
        unread_.emplace_back(doubt->intent, looked.error());
      } else if (!doubt->end) {
        waiting.insert(doubt->person);
      }
    }
    if (unread_.size() >= most_unread &&
        std::ranges::none_of(doubts_, [](const Doubt& one) { return one.end.has_value(); })) {
      return std::unexpected(unread_.front().second);
    }
    if (waiting.empty()) return {};
    means_.clock.sleep(pause);
  }
}

Result<std::vector<JournalLine>> Resumption::load(std::uint64_t pass) {
  std::vector<JournalLine> lines;
  const Result<void> read = means_.store.read([&](Transaction& transaction) -> Result<void> {
    settled_.clear();
    for (const auto& [person, operations] : by_person_) {
      const auto is_link = [&](std::size_t i) { return plan_.operations[i].action == Action::link; };
      if (std::ranges::all_of(operations, is_link)) continue;  // no call, so nothing is settled by itself
      const auto document = transaction.document(run_, settled_document(pass, person));
      if (!document) return std::unexpected(document.error());
      if (*document && take_outcomes(**document, operations, earlier_)) settled_.insert(person);
    }
    auto journal = transaction.journal(opened_.connection.id, run_);
    if (!journal) return std::unexpected(journal.error());
    lines = std::move(*journal);
    return {};
  });
  if (!read) return std::unexpected(read.error());
  return lines;
}

// Somebody who came in between, as a push, found out what became of the call, and remembered it.
void Resumption::take_ended(const JournalLine& line) {
  if (line.end->kind != Outcome::Kind::done) return;
  for (const std::size_t operation : operations_of(line.intent)) know(operation, line.end->created_id, nullptr);
}

bool Resumption::makes_record(const Operation& operation) const {
  return operation.action == Action::create && plan_.entries[operation.entry].kind == Kind::create;
}

std::vector<std::size_t> Resumption::operations_of(const Intent& intent) const {
  std::vector<std::size_t> found;
  // As a plan sorts its people: those without a hub id last.
  const auto key = [](const auto& of) {
    return std::tuple(of.hub_id.empty(), std::string_view(of.hub_id), std::string_view(of.provider_id));
  };
  const auto first = std::ranges::lower_bound(plan_.people, key(intent), std::less<>(), key);
  if (first == plan_.people.end() || key(*first) != key(intent)) return found;
  const auto own = by_person_.find(static_cast<PersonIndex>(first - plan_.people.begin()));
  if (own == by_person_.end()) return found;
  const ir::Schema& schema = opened_.program().rules->schema(intent.target);
  for (const std::size_t i : own->second) {
    const Operation& operation = plan_.operations[i];
    if (operation.target != intent.target || operation.action == Action::link) continue;
    if (makes_record(operation) != intent.creates) continue;
    const bool all = std::ranges::all_of(operation.writes, [&](const Write& write) {
      return std::ranges::any_of(intent.writes, [&](const IntendedWrite& intended) {
        return intended.path == schema.members[write.member].path && intended.element == write.element &&
               intended.after == write.after;
      });
    });
    if (all) found.push_back(i);
  }
  return found;
}

bool Resumption::may_lag(const Intent& intent) const {
  return means_.first_looks->may_lag(intent, means_.clock.now(), means_.limits.replica_lag);
}

Result<void> Resumption::look_at(Doubt& doubt) {
  const Result<void> looked = doubt.intent.creates ? look_for_record(doubt) : look_at_record(doubt);
  if (!looked) return looked;
  if (doubt.end) {
    means_.first_looks->forget(doubt.intent);
  } else {
    means_.first_looks->note(doubt.intent, means_.clock.now());
  }
  return {};
}

Result<void> Resumption::look_for_record(Doubt& doubt) {
  const bool lags = may_lag(doubt.intent);
  const auto found = find_created_record(opened_, doubt.intent);
  if (!found) return std::unexpected(found.error());
  if (!*found && lags) return {};
  if (*found) {
    const Result<bool> whole = is_made(doubt, **found);
    if (!whole) return std::unexpected(whole.error());
    if (!*whole && lags) return {};
  }
  doubt.end = {.id = doubt.intent.id, .kind = *found ? Outcome::Kind::done : Outcome::Kind::failed};
  doubt.end->at = now(means_);
  if (!*found) return {};
  doubt.end->created_id = **found;
  doubt.done = doubt.operations;
  for (const std::size_t operation : doubt.operations) know(operation, **found, nullptr);
  for (const auto& [operation, missing] : earlier_.missing) {
    if (earlier_.outcomes[operation]) earlier_.outcomes[operation]->not_done = missing;
  }
  return {};
}

// Where a record takes several calls, the last of them may not have been made: what it lacks is written by this run.
Result<bool> Resumption::is_made(const Doubt& doubt, const std::string& created) {
  const Side target = doubt.intent.target;
  Snapshot fresh(opened_.program().layouts[at(target)]);
  const Result<bool> there = opened_.system(target).get(created, fresh);
  if (!there) return there;
  bool whole = *there;
  for (const std::size_t operation : doubt.operations) {
    std::vector<std::size_t> missing =
        not_shown(fresh, opened_.program().rules->schema(target), plan_.operations[operation].writes);
    earlier_.missing.erase(operation);
    whole &= missing.empty();
    if (!missing.empty()) earlier_.missing.emplace(operation, std::move(missing));
  }
  return whole;
}

Result<void> Resumption::look_at_record(Doubt& doubt) {
  const Side target = doubt.intent.target;
  const bool lags = may_lag(doubt.intent);
  Snapshot fresh(opened_.program().layouts[at(target)]);
  const std::string& id = target == Side::hub ? doubt.intent.hub_id : doubt.intent.provider_id;
  const Result<bool> there = opened_.system(target).get(id, fresh);
  if (!there) return std::unexpected(there.error());
  doubt.done.clear();
  for (const std::size_t i : doubt.operations) {
    const bool done = *there && is_done(i, fresh);
    const bool adds = std::ranges::any_of(plan_.operations[i].writes,
                                          [](const Write& write) { return write.element.starts_with('+'); });
    if (!done && adds && *there && lags) return {};  // an element that shows later would be added twice
    if (done) doubt.done.push_back(i);
  }
  for (const std::size_t i : doubt.operations) earlier_.partly[i] = true;
  for (const std::size_t i : doubt.done) know(i, {}, &fresh);
  doubt.end = {.id = doubt.intent.id,
               .kind = doubt.done.size() == doubt.operations.size() ? Outcome::Kind::done : Outcome::Kind::failed};
  doubt.end->at = now(means_);
  return {};
}

bool Resumption::is_done(std::size_t index, const Snapshot& fresh) const {
  const Operation& operation = plan_.operations[index];
  if (std::ranges::any_of(operation.writes, [](const Write& write) { return write.element.starts_with('+'); })) {
    return is_added(fresh, operation);
  }
  return std::ranges::all_of(operation.writes, [&](const Write& write) { return is_value(fresh, index, write); });
}

// As this operation, or one that came after it, left the place.
bool Resumption::is_value(const Snapshot& fresh, std::size_t index, const Write& write) const {
  const Operation& operation = plan_.operations[index];
  const ir::Schema& schema = opened_.program().rules->schema(operation.target);
  const ir::Member& member = schema.members[write.member];
  const Observation is = observe(fresh, schema, write.member, write.element);
  if (is.state == State::absent || is.state == State::masked) return false;
  if (same_observation(member, is, write.after)) return true;
  for (const std::size_t later : by_person_.at(operation.person)) {
    const bool begun = later > index && (earlier_.partly[later] || earlier_.outcomes[later]);
    if (!begun || plan_.operations[later].target != operation.target) continue;
    for (const Write& other : plan_.operations[later].writes) {
      const bool same_place = other.member == write.member && other.element == write.element;
      if (same_place && same_observation(member, is, other.after)) return true;
    }
  }
  return false;
}

bool Resumption::is_added(const Snapshot& fresh, const Operation& operation) const {
  const ir::Schema& schema = opened_.program().rules->schema(operation.target);
  std::map<std::string, std::vector<ElementValue>> elements;
  for (const Write& write : operation.writes) {
    if (write.element.starts_with('+')) elements[write.element].push_back({write.member, write.after});
  }
  return std::ranges::all_of(elements,
                             [&](const auto& one) { return find_element(fresh, schema, one.second).has_value(); });
}

void Resumption::know(std::size_t index, std::string created_id, const Snapshot* fresh) {
  const Operation& operation = plan_.operations[index];
  const ir::Schema& schema = opened_.program().rules->schema(operation.target);
  Outcome outcome;
  outcome.kind = Outcome::Kind::done;
  outcome.reason = plan_.entries[operation.entry].reason;
  outcome.created_id = std::move(created_id);
  for (const Write& write : operation.writes) {
    Value& now = outcome.now.emplace_back();
    if (fresh == nullptr || write.element.starts_with('+')) continue;
    const Observation is = observe(*fresh, schema, write.member, write.element);
    const bool own = same_observation(schema.members[write.member], is, write.after);
    if (own && (is.state == State::value || is.state == State::unset)) now = Value::of(is);
  }
  earlier_.outcomes[index] = std::move(outcome);
}

void Resumption::hand_over(Ledger& ledger) const {
  for (const Doubt& doubt : doubts_) {
    if (doubt.end) ledger.adopt(doubt.person, doubt.done, doubt.intent.at, *doubt.end);
  }
}

}  // namespace dovetail
