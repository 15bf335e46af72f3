#include "providers/conformance/write_cases.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "engine/error_names.hpp"
#include "providers/conformance/reading.hpp"

namespace dovetail::providers::conformance {
namespace {

using Kind = ChangeOutcome::Kind;

// Somebody whom the system lets be changed: the person that these cases added, else the first.
struct Patient {
  std::string id;
  Snapshot before;
};

Result<Patient> patient(const Subject& subject) {
  const Result<Snapshot> all = listed(subject);
  if (!all) return std::unexpected(all.error());
  for (RecordIndex i = 0; i < all->size(); ++i) {
    const bool active = subject.schema.active == ir::no_member ||
                        value_of(*all, i, subject.schema.active).text == subject.schema.active_value;
    if (!active) continue;
    Result<std::optional<Snapshot>> one = looked_up(subject, id_of(subject, *all, i));
    if (!one) return std::unexpected(one.error());
    if (*one) return Patient{id_of(subject, *all, i), std::move(**one)};
  }
  return std::unexpected(Error{.kind = Error::Kind::input, .what = "the system has nobody active"});
}

Change change_of(ir::MemberId member, const Value& to) {
  return {.member = member, .element = {}, .clear = to.state != State::value, .value = to.text, .previous = {}};
}

Value seen(const Subject& subject, const std::string& id, ir::MemberId member) {
  const Result<std::optional<Snapshot>> one = looked_up(subject, id);
  return one && *one ? value_of(**one, 0, member) : Value{};
}

void restore(const Subject& subject, const Patient& who, ir::MemberId member) {
  const Value before = value_of(who.before, 0, member);
  if (before.state == State::value || before.state == State::unset)
    static_cast<void>(subject.system.update(who.id, {change_of(member, before)}));
}

// Members that hold a value and can get another one.
std::vector<std::pair<ir::MemberId, Value>> trials(const Subject& subject, const Patient& who, bool clearable) {
  std::vector<std::pair<ir::MemberId, Value>> found;
  for (const ir::MemberId member : writable(subject.schema, clearable)) {
    const Value before = value_of(who.before, 0, member);
    const std::optional<std::string> other = another_value(subject.schema, member, before.text);
    if (before.state == State::value && other) found.emplace_back(member, Value{State::value, *other});
  }
  return found;
}

}  // namespace

Verdict written_is_read_back(const Subject& subject) {
  const Result<Patient> who = patient(subject);
  if (!who) return broken(who.error().what);
  const auto all_trials = trials(subject, *who, false);
  if (all_trials.empty()) return not_asked("no member that could be tried");
  for (const auto& [member, to] : all_trials) {
    const std::string& path = subject.schema.members[member].path;
    const Result<std::vector<ChangeOutcome>> done = subject.system.update(who->id, {change_of(member, to)});
    if (!done) return broken(fmt::format("`{}` could not be set: {}", path, done.error().what));
    if (done->front().kind == Kind::refused) continue;  // said so: fine
    const Result<std::optional<Snapshot>> after = looked_up(subject, who->id);
    if (!after || !*after) return broken("the changed record cannot be read");
    const Value now = value_of(**after, 0, member);
    if (now != to && done->front().kind == Kind::done)
      return broken(fmt::format("`{}` was set and reads differently", path));
    for (ir::SlotId slot = 0; slot < who->before.layout().slots.size(); ++slot) {
      const ir::MemberId other = who->before.layout().slots[slot];
      if (other == member || Value::of((*after)->at(0, slot)) == Value::of(who->before.at(0, slot))) continue;
      return broken(fmt::format("setting `{}` changed `{}`", path, subject.schema.members[other].path));
    }
    restore(subject, *who, member);
  }
  return held();
}

Verdict clears_clear(const Subject& subject) {
  const Result<Patient> who = patient(subject);
  if (!who) return broken(who.error().what);
  bool any = false;
  for (const auto& [member, to] : trials(subject, *who, true)) {
    const std::string& path = subject.schema.members[member].path;
    const Result<std::vector<ChangeOutcome>> done =
        subject.system.update(who->id, {change_of(member, {State::unset, {}})});
    const Value now = seen(subject, who->id, member);
    const bool said_no = !done || done->front().kind == Kind::refused;
    if (!said_no && now.state == State::value)
      return broken(fmt::format("`{}` was said to be cleared and still has a value", path));
    if (said_no && now.state != State::value)
      return broken(fmt::format("clearing `{}` was said to be refused, and it is gone", path));
    any = any || !said_no;
    restore(subject, *who, member);
  }
  return any ? held() : not_asked("the system cleared nothing that was tried");
}

Verdict set_once_stays(const Subject& subject) {
  const Result<Patient> who = patient(subject);
  if (!who) return broken(who.error().what);
  bool any = false;
  for (ir::MemberId member = 0; member < subject.schema.members.size(); ++member) {
    const ir::Member& of = subject.schema.members[member];
    if (!of.set_once || member == subject.schema.identity || of.list != ir::no_member) continue;
    const Value before = value_of(who->before, 0, member);
    if (before.state != State::value) continue;
    any = true;
    const Result<std::vector<ChangeOutcome>> done =
        subject.system.update(who->id, {change_of(member, {State::value, before.text})});
    if (done && done->front().kind == Kind::done)
      return broken(fmt::format("`{}` can be set once, and a change was said to be done", of.path));
    if (seen(subject, who->id, member) != before) return broken(fmt::format("`{}` changed", of.path));
  }
  return any ? held() : not_asked("the schema has no member that is set once");
}

Verdict same_write_twice_is_one(const Subject& subject) {
  const Result<Patient> who = patient(subject);
  if (!who) return broken(who.error().what);
  const auto all_trials = trials(subject, *who, false);
  if (all_trials.empty()) return not_asked("no member that could be tried");
  const auto& [member, to] = all_trials.front();
  for (int time = 0; time < 2; ++time) {
    const Result<std::vector<ChangeOutcome>> done = subject.system.update(who->id, {change_of(member, to)});
    if (!done) return broken(done.error().what);
    if (done->front().now && done->front().kind == Kind::done && *done->front().now != to)
      return broken("the answer shows another value than was written");
  }
  if (seen(subject, who->id, member) != to) return broken("it reads differently after the second time");
  restore(subject, *who, member);
  return held();
}

Verdict lost_answer_of_a_change(const Subject& subject) {
  const Result<Patient> who = patient(subject);
  if (!who) return broken(who.error().what);
  const auto all_trials = trials(subject, *who, false);
  if (all_trials.empty()) return not_asked("no member that could be tried");
  const auto& [member, to] = all_trials.front();
  subject.faults.order({.kind = Fault::Kind::lost_answer, .times = 1, .writes_only = true});
  const Result<std::vector<ChangeOutcome>> done = subject.system.update(who->id, {change_of(member, to)});
  subject.faults.clear();
  const Value now = seen(subject, who->id, member);
  restore(subject, *who, member);
  if (!done && done.error().kind != Error::Kind::in_doubt)
    return broken(fmt::format("it was done, and is said to have failed ({})", name(done.error().kind)));
  if (done && done->front().kind == Kind::refused) return broken("it was done, and is said to be refused");
  return now == to ? held() : broken("it is said to be done, and was not");
}

Verdict refused_change_changes_nothing(const Subject& subject) {
  const Result<Patient> who = patient(subject);
  if (!who) return broken(who.error().what);
  const auto all_trials = trials(subject, *who, false);
  if (all_trials.empty()) return not_asked("no member that could be tried");
  const auto& [member, to] = all_trials.front();
  subject.faults.order({.kind = Fault::Kind::status, .times = -1, .writes_only = true, .status = 403});
  const Result<std::vector<ChangeOutcome>> done = subject.system.update(who->id, {change_of(member, to)});
  subject.faults.clear();
  if (done && done->front().kind != Kind::refused) return broken("a change without permission was not refused");
  if (!done && done.error().kind != Error::Kind::auth)
    return broken(fmt::format("a change without permission is an error of kind {}", name(done.error().kind)));
  return seen(subject, who->id, member) == value_of(who->before, 0, member) ? held()
                                                                            : broken("it was written nevertheless");
}

Verdict person_is_added_once(const Subject& subject) {
  const Result<Snapshot> before = listed(subject);
  if (!before) return broken(before.error().what);
  if (before->size() == 0) return not_asked("nobody whose values could be borrowed");
  const std::vector<Change> person = made_up_person(subject, *before, subject.serial);
  const std::string reference = fmt::format("conformance-{}", subject.serial);
  const Result<Created> created = subject.system.create(person, reference);
  if (!created) return broken(created.error().what);
  for (const ChangeOutcome& outcome : created->outcomes) {
    if (outcome.kind != Kind::done) return broken("a member was not written: " + outcome.reason);
  }
  const Result<Created> again = subject.system.create(person, reference);
  if (again && created->id && again->id != created->id) return broken("the same person was added twice");
  const Result<Snapshot> after = listed(subject);
  if (!after) return broken(after.error().what);
  if (after->size() == before->size() + 1) return held();
  return broken(fmt::format("there were {} people, and now there are {}", before->size(), after->size()));
}

namespace {

// Somebody is added, and the answer to that suffers.
Verdict creation_under(const Subject& subject, Fault::Kind kind) {
  const Result<Snapshot> before = listed(subject);
  if (!before) return broken(before.error().what);
  if (before->size() == 0) return not_asked("nobody whose values could be borrowed");
  const std::vector<Change> person = made_up_person(subject, *before, subject.serial + 1);
  subject.faults.order({.kind = kind, .times = 1, .writes_only = true});
  const Result<Created> created = subject.system.create(person, fmt::format("conformance-{}", subject.serial + 1));
  subject.faults.clear();
  subject.clock.sleep(std::chrono::seconds(2));  // a replica may lag
  const Result<Snapshot> after = listed(subject);
  if (!after) return broken(after.error().what);
  if (!created && created.error().kind != Error::Kind::in_doubt) {
    if (after->size() == before->size()) return not_asked("nobody can be added: " + created.error().what);
    return broken(fmt::format("it was done, and is said to have failed ({}: {})", name(created.error().kind),
                              created.error().what));
  }
  if (after->size() == before->size() + 1) return held();
  return broken(fmt::format("there were {} people, and now there are {}", before->size(), after->size()));
}

}  // namespace

Verdict lost_answer_of_a_creation(const Subject& subject) { return creation_under(subject, Fault::Kind::lost_answer); }

Verdict unreadable_answer_of_a_creation(const Subject& subject) {
  return creation_under(subject, Fault::Kind::cut_answer);
}

}  // namespace dovetail::providers::conformance
