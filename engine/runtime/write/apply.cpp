#include "engine/runtime/write/apply.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <numeric>
#include <optional>
#include <span>

#include "engine/runtime/write/readback.hpp"

namespace dovetail {

using ir::at;
using ir::Side;

namespace {

Reason reason_of(Error::Kind kind) {
  switch (kind) {
    case Error::Kind::rate:
      return Reason::rate_limited;
    case Error::Kind::deferred:
      return Reason::deferred;
    case Error::Kind::in_doubt:
      return Reason::in_doubt;
    default:
      return Reason::provider_refused;
  }
}

Outcome failed(const Error& error) {
  Outcome outcome;
  outcome.kind = error.kind == Error::Kind::in_doubt ? Outcome::Kind::unknown
                 : error.kind == Error::Kind::data   ? Outcome::Kind::refused
                                                     : Outcome::Kind::failed;
  outcome.reason = reason_of(error.kind);
  outcome.what = error.what;
  return outcome;
}

// One plan's way through two systems.
class Runner {
 public:
  Runner(const Plan& plan, const ir::Program& program, System& hub, System& provider, Journal* journal,
         const Earlier* earlier)
      : plan_(plan), program_(program), systems_{&hub, &provider}, journal_(journal), earlier_(earlier) {
    applied_.outcomes.resize(plan.operations.size());
    last_of_.resize(plan.people.size());
    for (std::size_t i = 0; i < plan.operations.size(); ++i) last_of_[plan.operations[i].person] = i;
  }

  Applied run() {
    std::size_t first = 0;
    while (first < plan_.operations.size()) {
      const std::size_t end = end_of_batch(first);
      carry_out(first, end);
      settle(first, end);
      first = end;
    }
    find_created(Side::hub);
    find_created(Side::provider);
    if (journal_ != nullptr) {
      for (const auto& [intent, index] : searched_) journal_->ended(intent, std::span(&index, 1), applied_);
      for (const PersonIndex person : late_) journal_->settle(person, applied_);
    }
    return std::move(applied_);
  }

 private:
  // Somebody's last operation is over. Whoever was created without an id is settled after the search for it.
  void settle(std::size_t first, std::size_t end) {
    if (journal_ == nullptr || last_of_[plan_.operations[first].person] + 1 != end) return;
    const PersonIndex person = plan_.operations[first].person;
    const bool waits =
        std::ranges::any_of(searched_, [&](const auto& one) { return plan_.operations[one.second].person == person; });
    if (waits) {
      late_.push_back(person);
    } else {
      journal_->settle(person, applied_);
    }
  }

  // nullopt: the call is not to be made, and the operations have their outcome.
  std::optional<IntentId> intend(const std::vector<std::size_t>& operations) {
    if (journal_ == nullptr) return 0;
    std::expected<IntentId, Outcome> intent = journal_->intend(operations);
    if (intent) return *intent;
    for (const std::size_t i : operations) applied_.outcomes[i] = intent.error();
    return std::nullopt;
  }

  void ended(IntentId intent, const std::vector<std::size_t>& operations) {
    if (journal_ != nullptr) journal_->ended(intent, operations, applied_);
  }

  // What that operation writes into the member; nullptr: nothing.
  const Text* written(std::size_t operation, ir::MemberId member) const {
    for (const Write& write : plan_.operations[operation].writes) {
      if (write.member == member && write.after.state == State::value) return &write.after.text;
    }
    return nullptr;
  }

  // Records whose id was not answered, or whose creation is in doubt, are searched for: all of a side at once.
  void find_created(Side side) {
    std::vector<std::size_t> waiting;
    for (std::size_t i = 0; i < plan_.operations.size(); ++i) {
      const Outcome& outcome = applied_.outcomes[i];
      const bool made = outcome.kind == Outcome::Kind::done || outcome.kind == Outcome::Kind::unknown;
      if (made && outcome.created_id.empty() && plan_.operations[i].target == side &&
          makes_record(plan_.operations[i])) {
        waiting.push_back(i);
      }
    }
    if (waiting.empty()) return;
    for (const ir::MemberId member : systems_[at(side)]->capabilities().findable) {
      std::vector<std::size_t> asked;
      std::vector<std::string> values;
      for (const std::size_t i : waiting) {
        const Text* value = written(i, member);
        if (value == nullptr) continue;
        asked.push_back(i);
        values.push_back(*value);
      }
      if (asked.empty()) continue;
      const auto ids = systems_[at(side)]->find(member, values);
      if (!ids) return;  // the next run finds them as it finds everybody
      for (std::size_t i = 0; i < asked.size(); ++i) {
        if (!ids->at(i)) continue;
        Outcome& outcome = applied_.outcomes[asked[i]];
        outcome.kind = Outcome::Kind::done;
        outcome.reason = plan_.entries[plan_.operations[asked[i]].entry].reason;
        outcome.what.clear();
        outcome.created_id = *ids->at(i);
      }
      return;
    }
  }

  // Neighbours for one record are one write, unless one of them writes a member again.
  std::size_t end_of_batch(std::size_t first) const {
    const Operation& start = plan_.operations[first];
    std::size_t end = first + 1;
    if (start.action == Action::link || makes_record(start) || is_known(first)) return end;
    for (; end < plan_.operations.size(); ++end) {
      const Operation& next = plan_.operations[end];
      if (next.person != start.person || next.target != start.target || next.action == Action::link) break;
      if (is_known(end) || makes_record(next) || repeats(first, end)) break;
    }
    return end;
  }

  bool makes_record(const Operation& operation) const {
    return operation.action == Action::create && plan_.entries[operation.entry].kind == Kind::create;
  }

  bool repeats(std::size_t first, std::size_t last) const {
    for (std::size_t i = first; i < last; ++i) {
      for (const Write& earlier : plan_.operations[i].writes) {
        for (const Write& later : plan_.operations[last].writes) {
          const bool same = earlier.member == later.member && earlier.element == later.element;
          if (same && earlier.after != later.after) return true;
        }
      }
    }
    return false;
  }

  bool is_known(std::size_t operation) const { return earlier_ != nullptr && earlier_->outcomes[operation]; }

  void carry_out(std::size_t first, std::size_t end) {
    const Operation& start = plan_.operations[first];
    if (is_known(first)) {
      applied_.outcomes[first] = *earlier_->outcomes[first];
      const auto missing = earlier_->missing.find(first);
      if (missing != earlier_->missing.end()) complete(first, missing->second);
    } else if (start.action == Action::link) {
      applied_.outcomes[first].kind = Outcome::Kind::done;
      applied_.outcomes[first].reason = plan_.entries[start.entry].reason;
    } else if (makes_record(start)) {
      create(first);
    } else {
      update(first, end);
    }
  }

  static Change change_of(const Write& write) {
    Change change;
    change.member = write.member;
    change.element = write.element;
    change.clear = write.after.state != State::value;
    if (!change.clear) change.value = write.after.text;
    if (write.before.state == State::value) change.previous = write.before.text;
    change.may_add = write.may_add;
    return change;
  }

  void create(std::size_t index) {
    const Operation& operation = plan_.operations[index];
    std::vector<std::size_t> sent(operation.writes.size());
    std::iota(sent.begin(), sent.end(), 0);
    std::map<std::size_t, std::string> dropped;  // writes that were refused by name, and in which words
    while (true) {
      std::vector<Change> changes;
      for (const std::size_t write : sent) changes.push_back(change_of(operation.writes[write]));
      const std::optional<IntentId> intent = intend({index});
      if (!intent) return;
      const Result<Created> created = systems_[at(operation.target)]->create(changes, operation.reference);
      if (!created) {
        applied_.outcomes[index] = failed(created.error());
        const bool in_doubt = applied_.outcomes[index].kind == Outcome::Kind::unknown;
        if (in_doubt) return searched_.emplace_back(*intent, index), void();
        ended(*intent, {index});
        if (!drop_named(created.error(), operation, sent, dropped)) return;
        continue;
      }
      std::vector<ChangeOutcome> outcomes(operation.writes.size());
      for (const auto& [write, why] : dropped) outcomes[write] = {ChangeOutcome::Kind::refused, std::nullopt, why};
      for (std::size_t i = 0; i < sent.size(); ++i) outcomes[sent[i]] = created->outcomes[i];
      take(index, outcomes);
      // The record is there, whatever became of single members: making it again would double it.
      applied_.outcomes[index].kind = Outcome::Kind::done;
      applied_.outcomes[index].created_id = created->id.value_or("");
      if (!created->id) return searched_.emplace_back(*intent, index), void();
      ended(*intent, {index});
      return write_the_rest(index, outcomes);
    }
  }

  // Some of the calls that make a record got lost. What it shows of that is done; the rest is written now, but for
  // elements of lists: those may only show later, and would be added twice.
  void write_the_rest(std::size_t index, const std::vector<ChangeOutcome>& outcomes) {
    const Operation& operation = plan_.operations[index];
    const ir::Schema& schema = program_.rules->schema(operation.target);
    Outcome& outcome = applied_.outcomes[index];
    std::vector<std::size_t> lost;
    std::vector<ir::MemberId> members;
    for (const std::size_t write : outcome.not_done) {
      if (outcomes[write].kind != ChangeOutcome::Kind::unknown) continue;
      lost.push_back(write);
      members.push_back(operation.writes[write].member);
    }
    if (lost.empty()) return;
    Snapshot fresh(layout_of(schema, members));
    const Result<bool> there = systems_[at(operation.target)]->get(outcome.created_id, fresh);
    if (!there || !*there) return;
    const std::vector<std::size_t> missing = not_shown(fresh, schema, operation.writes);
    const auto is_missing = [&](std::size_t write) { return std::ranges::count(missing, write) > 0; };
    std::erase_if(outcome.not_done,
                  [&](std::size_t write) { return std::ranges::count(lost, write) > 0 && !is_missing(write); });
    std::erase_if(lost, [&](std::size_t write) {
      return !is_missing(write) || std::string_view(operation.writes[write].element).starts_with('+');
    });
    if (outcome.not_done.empty()) outcome.what.clear();
    if (!lost.empty()) complete(index, lost);
  }

  // Writes that its creation has left out into a new record. Where that fails, they stay not done.
  void complete(std::size_t index, const std::vector<std::size_t>& missing) {
    const Operation& operation = plan_.operations[index];
    const Outcome made = applied_.outcomes[index];
    const std::optional<IntentId> intent = intend({index});
    if (!intent) return void(applied_.outcomes[index] = made);  // the record is there all the same
    std::vector<Change> changes;
    for (const std::size_t write : missing) changes.push_back(change_of(operation.writes[write]));
    const auto answers = systems_[at(operation.target)]->update(made.created_id, changes);
    Outcome& outcome = applied_.outcomes[index] = made;
    const auto is_among = [&](std::size_t write) { return std::ranges::count(missing, write) > 0; };
    std::erase_if(outcome.not_done, is_among);
    if (outcome.not_done.empty()) outcome.what.clear();
    for (std::size_t i = 0; i < missing.size(); ++i) {
      const ChangeOutcome answer = answers ? (*answers)[i] : ChangeOutcome{ChangeOutcome::Kind::unknown, {}, {}};
      if (answer.kind == ChangeOutcome::Kind::done) {
        if (answer.now && missing[i] < outcome.now.size()) outcome.now[missing[i]] = *answer.now;
        continue;
      }
      outcome.not_done.push_back(missing[i]);
      outcome.what = answers ? answer.reason : answers.error().what;
    }
    std::ranges::sort(outcome.not_done);
    ended(*intent, {index});
  }

  // Whether the member is what a refusal names: by its path, or as it is called on the wire.
  bool is_named(const Error& error, Side side, ir::MemberId member) const {
    if (error.kind != Error::Kind::data || error.field.empty()) return false;
    const ir::Member& of = program_.rules->schema(side).members[member];
    return of.path == error.field || of.read_wire == error.field || std::ranges::count(of.write_wires, error.field) > 0;
  }

  // A creation goes without what was refused by name, unless that is required. false: it does not go.
  bool drop_named(const Error& error, const Operation& operation, std::vector<std::size_t>& sent,
                  std::map<std::size_t, std::string>& dropped) const {
    const ir::Schema& schema = program_.rules->schema(operation.target);
    const std::size_t before = sent.size();
    for (const std::size_t write : sent) {
      const ir::MemberId member = operation.writes[write].member;
      if (!is_named(error, operation.target, member)) continue;
      if (schema.members[member].required_on_create) return false;
      dropped[write] = error.what;
    }
    std::erase_if(sent, [&](std::size_t write) { return dropped.contains(write); });
    return sent.size() < before;
  }

  void update(std::size_t first, std::size_t end) {
    const Person& person = plan_.people[plan_.operations[first].person];
    const std::string& id = plan_.operations[first].target == Side::hub ? person.hub_id : person.provider_id;
    if (!is_as_planned(first, end, id)) return;
    std::vector<std::size_t> all(end - first);
    std::iota(all.begin(), all.end(), first);
    std::optional<Error> error = send(id, all);
    while (error && error->kind == Error::Kind::data) {  // without what it names, until it names nothing
      const std::size_t before = all.size();
      std::erase_if(all, [&](std::size_t i) {
        return std::ranges::any_of(plan_.operations[i].writes, [&](const Write& write) {
          return is_named(*error, plan_.operations[i].target, write.member);
        });
      });
      if (all.empty()) return;
      if (all.size() == before) break;
      error = send(id, all);
    }
    narrow_down(id, refused_together(all));
  }

  // One call. The Error: nothing was written; the operations have their outcomes in any case.
  std::optional<Error> send(const std::string& id, const std::vector<std::size_t>& operations) {
    std::vector<Change> changes;
    for (const std::size_t i : operations) {
      for (const Write& write : plan_.operations[i].writes) changes.push_back(change_of(write));
    }
    const std::optional<IntentId> intent = intend(operations);
    if (!intent) return std::nullopt;
    const auto outcomes = systems_[at(plan_.operations[operations.front()].target)]->update(id, changes);
    if (!outcomes) {
      for (const std::size_t i : operations) applied_.outcomes[i] = failed(outcomes.error());
      ended(*intent, operations);
      return outcomes.error();
    }
    std::span<const ChangeOutcome> rest = *outcomes;
    for (const std::size_t i : operations) {
      const std::size_t count = plan_.operations[i].writes.size();
      take(i, rest.first(count));
      rest = rest.subspan(count);
    }
    confirm(id, operations);
    ended(*intent, operations);
    return std::nullopt;
  }

  // That a call was taken says nothing about what is there now. Where no value was answered, or of a whole operation
  // only the values from before, the record is read once more; what it shows is what was agreed on.
  void confirm(const std::string& id, const std::vector<std::size_t>& operations) {
    const Side target = plan_.operations[operations.front()].target;
    const ir::Schema& schema = program_.rules->schema(target);
    std::vector<std::size_t> asked;
    std::vector<ir::MemberId> members;
    for (const std::size_t i : operations) {
      const Outcome& outcome = applied_.outcomes[i];
      if (outcome.kind != Outcome::Kind::done || !outcome.not_done.empty() || is_shown(i)) continue;
      asked.push_back(i);
      for (const Write& write : plan_.operations[i].writes) members.push_back(write.member);
    }
    if (asked.empty()) return;
    const ir::Layout layout = layout_of(schema, members);
    for (unsigned tried = 0;; ++tried) {
      Snapshot fresh(layout);
      const Result<bool> there = systems_[at(target)]->get(id, fresh);
      const bool is_read = there && *there;
      for (const std::size_t i : asked) {
        if (is_read) see(fresh, schema, i);
      }
      const bool lags = is_read && !std::ranges::all_of(asked, [&](std::size_t i) { return has_effect(i); });
      if (lags && journal_ != nullptr && journal_->waits_for_replica(tried)) continue;
      for (const std::size_t i : asked) {
        if (!is_read || !has_effect(i)) doubt(i, is_read, program_.rules->title(target));
      }
      return;
    }
  }

  // What a record that was read again says about an operation's members.
  void see(const Snapshot& fresh, const ir::Schema& schema, std::size_t operation) {
    Outcome& outcome = applied_.outcomes[operation];
    for (std::size_t j = 0; j < outcome.now.size(); ++j) {
      const Write& write = plan_.operations[operation].writes[j];
      if (!can_be_shown(schema, write)) continue;
      const Observation is = observe(fresh, schema, write.member, write.element);
      if (is.state != State::absent) outcome.now[j] = Value::of(is);
    }
  }

  void doubt(std::size_t operation, bool is_read, std::string_view system) {
    Outcome& outcome = applied_.outcomes[operation];
    outcome.kind = Outcome::Kind::unknown;
    outcome.reason = Reason::in_doubt;
    outcome.what = is_read ? fmt::format("{} accepted this, and still shows what it had before", system)
                           : "the system accepted this, and could not be asked what it has now";
  }

  static bool can_be_shown(const ir::Schema& schema, const Write& write) {
    return !schema.members[write.member].write_only && !std::string_view(write.element).starts_with('+');
  }

  // The answer told every value that can be told, and something of it is not as before.
  bool is_shown(std::size_t operation) const {
    const ir::Schema& schema = program_.rules->schema(plan_.operations[operation].target);
    const Few<Write>& writes = plan_.operations[operation].writes;
    for (std::size_t j = 0; j < writes.size(); ++j) {
      const bool untold = applied_.outcomes[operation].now[j].state == State::absent;
      if (untold && can_be_shown(schema, writes[j])) return false;
    }
    return has_effect(operation);
  }

  // A system that keeps one member of a whole as it was, as a country, has a way of its own; one that keeps all of them
  // has done nothing.
  bool has_effect(std::size_t operation) const {
    const ir::Schema& schema = program_.rules->schema(plan_.operations[operation].target);
    const Few<Write>& writes = plan_.operations[operation].writes;
    bool any_without = false;
    for (std::size_t j = 0; j < writes.size(); ++j) {
      if (!can_be_shown(schema, writes[j])) continue;
      const Value& now = applied_.outcomes[operation].now[j];
      if (now.state == State::absent || now.state == State::masked) continue;
      if (!is_without_effect(schema.members[writes[j].member], now, writes[j])) return true;
      any_without = true;
    }
    return !any_without;
  }

  static bool is_without_effect(const ir::Member& member, Observation is, const Write& write) {
    if (write.before.state == State::absent) return false;
    return same_observation(member, is, write.before) && !same_observation(member, is, write.after);
  }

  // Those that one answer refused in the same words, when there are several: not all of them need be wrong.
  std::vector<std::size_t> refused_together(const std::vector<std::size_t>& operations) const {
    std::map<std::string, std::vector<std::size_t>> by_words;
    for (const std::size_t i : operations) {
      const Outcome& outcome = applied_.outcomes[i];
      const bool whole = outcome.not_done.empty() || outcome.not_done.size() == plan_.operations[i].writes.size();
      if (outcome.kind == Outcome::Kind::refused && outcome.reason == Reason::provider_refused && whole) {
        by_words[outcome.what].push_back(i);
      }
    }
    std::vector<std::size_t> most;
    for (auto& [words, refused] : by_words) {
      if (refused.size() > most.size()) most = std::move(refused);
    }
    return most;
  }

  // One of the suspects is what was refused: half of them is tried at a time. What is not found out about by then goes
  // together at the end, or is held.
  void narrow_down(const std::string& id, std::vector<std::size_t> suspects) {
    std::vector<std::size_t> rest;
    while (suspects.size() > 1) {
      const auto middle = suspects.begin() + static_cast<std::ptrdiff_t>(suspects.size() / 2);
      std::vector<std::size_t> half(suspects.begin(), middle), other(middle, suspects.end());
      send(id, half);
      if (is_refused(half)) {
        rest.insert(rest.end(), other.begin(), other.end());
        suspects = std::move(half);
      } else if (is_done(half)) {
        suspects = std::move(other);
      } else {
        return;  // something else happened: no call is made for what is left
      }
    }
    if (rest.empty()) return;
    std::ranges::sort(rest);
    send(id, rest);
    if (!is_refused(rest)) return;
    for (const std::size_t i : rest) {
      applied_.outcomes[i].what += "; sent together with others, so it is not known which of them it is about";
    }
  }

  bool is_refused(const std::vector<std::size_t>& operations) const {
    return std::ranges::all_of(operations,
                               [&](std::size_t i) { return applied_.outcomes[i].kind == Outcome::Kind::refused; });
  }
  bool is_done(const std::vector<std::size_t>& operations) const {
    return std::ranges::all_of(operations, [&](std::size_t i) {
      const Outcome::Kind kind = applied_.outcomes[i].kind;
      return kind == Outcome::Kind::done || kind == Outcome::Kind::pending;
    });
  }

  // The record as it is now has every pre-image; otherwise the batch's outcomes say why not.
  bool is_as_planned(std::size_t first, std::size_t end, const std::string& id) {
    const Side target = plan_.operations[first].target;
    const ir::Schema& schema = program_.rules->schema(target);
    const auto give = [&](const Outcome& outcome) {
      std::fill(applied_.outcomes.begin() + static_cast<std::ptrdiff_t>(first),
                applied_.outcomes.begin() + static_cast<std::ptrdiff_t>(end), outcome);
      return false;
    };
    std::vector<ir::MemberId> compared;
    for (std::size_t i = first; i < end; ++i) {
      for (const Write& write : plan_.operations[i].writes) {
        if (!write.element.starts_with('+')) compared.push_back(write.member);
      }
    }
    Snapshot fresh(layout_of(schema, compared));
    const Result<bool> found = systems_[at(target)]->get(id, fresh);
    if (!found) return give(failed(found.error()));
    Outcome moved;
    moved.kind = Outcome::Kind::moved;
    moved.reason = Reason::conflict;
    if (!*found) {
      moved.what = fmt::format("the record is no longer in {}; plan again", program_.rules->title(target));
      return give(moved);
    }
    for (std::size_t i = first; i < end; ++i) {
      for (const Write& write : plan_.operations[i].writes) {
        if (write.before.state == State::absent || write.element.starts_with('+')) continue;
        const ir::Member& member = schema.members[write.member];
        const Observation is = observe(fresh, schema, write.member, write.element);
        if (same_observation(member, is, write.before)) continue;
        if (earlier_ != nullptr && earlier_->partly[i] && same_observation(member, is, write.after)) continue;
        moved.what = fmt::format("`{}` has changed in {} since the plan was made; plan again", member.path,
                                 program_.rules->title(target));
        return give(moved);
      }
    }
    return true;
  }

  // One operation's share of a write's answer.
  void take(std::size_t index, std::span<const ChangeOutcome> answers) {
    Outcome& outcome = applied_.outcomes[index];
    outcome = {};
    outcome.kind = Outcome::Kind::done;
    outcome.reason = plan_.entries[plan_.operations[index].entry].reason;
    for (const ChangeOutcome& answer : answers) {
      if (answer.kind != ChangeOutcome::Kind::done) outcome.not_done.push_back(outcome.now.size());
      outcome.now.push_back(answer.now.value_or(Value{}));
      if (answer.kind == ChangeOutcome::Kind::refused) {
        outcome.kind = Outcome::Kind::refused;
        outcome.reason = Reason::provider_refused;
        outcome.what = answer.reason;
      } else if (answer.kind == ChangeOutcome::Kind::pending && outcome.kind == Outcome::Kind::done) {
        outcome.kind = Outcome::Kind::pending;
        outcome.reason = Reason::pending;
        outcome.what = "accepted, but the system shows it later";
      } else if (answer.kind == ChangeOutcome::Kind::unknown && outcome.kind != Outcome::Kind::refused) {
        outcome.kind = Outcome::Kind::unknown;
        outcome.reason = Reason::in_doubt;
        outcome.what = "the system did not say whether this was written";
      }
    }
  }

  const Plan& plan_;
  const ir::Program& program_;
  std::array<System*, 2> systems_;
  Journal* journal_;
  const Earlier* earlier_;
  Applied applied_;
  std::vector<std::size_t> last_of_;                        // by person: the last operation
  std::vector<std::pair<IntentId, std::size_t>> searched_;  // creations whose id is not known yet
  std::vector<PersonIndex> late_;                           // who waits for that
};

}  // namespace

Applied apply(const Plan& plan, const ir::Program& program, System& hub, System& provider, Journal* journal,
              const Earlier* earlier) {
  return Runner(plan, program, hub, provider, journal, earlier).run();
}

}  // namespace dovetail
