#include <algorithm>
#include <atomic>
#include <future>
#include <iterator>
#include <map>
#include <mutex>
#include <utility>

#include "engine/guard/guard.hpp"
#include "engine/match/link_state.hpp"
#include "engine/match/match.hpp"
#include "engine/plan/besides.hpp"
#include "engine/plan/derived.hpp"
#include "engine/plan/in_threads.hpp"
#include "engine/plan/operations.hpp"
#include "engine/plan/person_planner.hpp"
#include "engine/plan/plan.hpp"
#include "engine/plan/reselection.hpp"
#include "engine/plan/uniqueness.hpp"
#include "engine/values/text_pool.hpp"

namespace dovetail {

using ir::at;
using ir::Side;

namespace {

struct Range {
  std::size_t begin = 0, end = 0;  // of Matched::people
};

bool is_planned(const PlanInput& input, const Person& person) {
  return input.only.empty() || std::ranges::find(input.only, person.hub_id) != input.only.end();
}

// A person deactivated in the hub gets the last state once and is locked then, unless the rules say otherwise.
bool locks_deactivated(const ir::RuleSet& rules) {
  const auto rule = std::ranges::find_if(rules.life_cycle, [](const ir::LifeCycle& one) {
    return one.event == ir::LifeCycle::Event::deactivate && one.side == Side::hub;
  });
  return rule == rules.life_cycle.end() || rule->lock;
}

void share(Entry& entry, TextPool& pool) {
  for (Text* text : {&entry.why, &entry.rule.file, &entry.decided_by, &entry.hub_element, &entry.provider_element})
    pool.share(*text);
  for (Few<PartValue>* parts : {&entry.hub, &entry.provider, &entry.base_hub, &entry.base_provider}) {
    for (PartValue& part : *parts) pool.share(part.value.text);
  }
  for (Few<Write>& writes : entry.offers) {
    for (Write& write : writes) {
      for (Text* text : {&write.element, &write.before.text, &write.after.text}) pool.share(*text);
    }
  }
}

void put(Draft draft, TextPool& pool, Plan& plan) {
  const auto person = static_cast<PersonIndex>(plan.people.size());
  const auto first = static_cast<std::uint32_t>(plan.entries.size());
  plan.people.push_back(std::move(draft.person));
  plan.reasons.insert(plan.reasons.end(), draft.reasons.begin(), draft.reasons.end());
  plan.totals.elements += draft.elements;
  plan.totals.element_fields += draft.element_fields;
  for (std::size_t i = 0; i < reason_count; ++i) plan.totals.element_reasons[i] += draft.element_reasons[i];
  for (Entry& entry : draft.entries) {
    share(entry, pool);
    plan.entries.add(person, std::move(entry));
  }
  for (Question& question : draft.questions) {
    question.person = person;
    question.entry += first;
    plan.questions.push_back(std::move(question));
  }
  for (Notice& notice : draft.notices) {
    notice.person = person;
    notice.entry += first;
    pool.share(notice.text);
    plan.notices.push_back(std::move(notice));
  }
}

// Of a leaver's last state: what a person, an answer or time still has to let through.
bool waits_to_go(const Entry& entry) {
  if (entry.open()) return true;
  if (entry.action != Action::hold) return false;
  switch (entry.reason) {
    case Reason::required_missing:
    case Reason::validation:
    case Reason::no_shape:
    case Reason::uniqueness:
    case Reason::conflict:
    case Reason::deferred:
    case Reason::guarded:
    case Reason::quarantined:
      return true;
    default:
      return false;
  }
}

// Plans the people of a range; indexes in the result count from the range's first.
void plan_range(const PlanInput& input, const Chooser& chooser, const Matched& matched, Range range, Plan& plan) {
  PersonPlanner planner(input, chooser);
  TextPool pool;
  const bool locks = locks_deactivated(*input.program.rules);
  for (std::size_t i = range.begin; i < range.end; ++i) {
    const Match& match = matched.people[i];
    Draft draft;
    draft.person = person_of(input, match);
    if (!is_planned(input, draft.person)) continue;
    draft.evidence = matched.words[match.evidence];
    draft.why = matched.words[match.why];
    Link relinked;  // as if these two had never met, but for what an administrator took out
    if (draft.person.link >= 0) draft.link = &input.base.links[static_cast<std::size_t>(draft.person.link)];
    if (draft.person.relinked) {
      relinked.excluded_fields = excluded_fields(input.base, *draft.link, draft.person.hub_id);
      draft.link = &relinked;
    }
    planner.plan(draft);
    const Person& person = draft.person;
    const bool compared = person.reason == Reason::no_change && person.hub != no_record;
    const bool waits = std::ranges::any_of(draft.entries, waits_to_go);
    if (locks && compared && !waits && !is_active(input.program, Side::hub, input.hub, person.hub, input.today)) {
      draft.person.state = LinkState::locked;
    }
    put(std::move(draft), pool, plan);
  }
}

template <typename T>
void move_behind(std::vector<T>& from, std::vector<T>& to) {
  to.insert(to.end(), std::move_iterator(from.begin()), std::move_iterator(from.end()));
}

// What was planned of the people who come next.
void append(Plan part, Plan& plan) {
  const auto people = static_cast<PersonIndex>(plan.people.size());
  const auto entries = static_cast<std::uint32_t>(plan.entries.size());
  for (Question& question : part.questions) {
    question.person += people;
    question.entry += entries;
  }
  for (Notice& notice : part.notices) {
    notice.person += people;
    notice.entry += entries;
  }
  plan.totals.elements += part.totals.elements;
  plan.totals.element_fields += part.totals.element_fields;
  for (std::size_t i = 0; i < reason_count; ++i) plan.totals.element_reasons[i] += part.totals.element_reasons[i];
  move_behind(part.people, plan.people);
  move_behind(part.reasons, plan.reasons);
  plan.entries.append(std::move(part.entries), people);
  move_behind(part.questions, plan.questions);
  move_behind(part.notices, plan.notices);
}

// Takes ranges in any order, and puts what was planned of them together in the people's. Each goes as soon as those
// before it have gone, so that little is held twice.
class Joiner {
 public:
  explicit Joiner(Plan& plan) : plan_(plan) {}

  void take(std::size_t range, Plan part) {
    const std::scoped_lock alone(mutex_);
    waiting_.emplace(range, std::move(part));
    while (!waiting_.empty() && waiting_.begin()->first == next_) {
      append(std::move(waiting_.extract(waiting_.begin()).mapped()), plan_);
      ++next_;
    }
  }

 private:
  Plan& plan_;
  std::mutex mutex_;
  std::size_t next_ = 0;
  std::map<std::size_t, Plan> waiting_;
};

// Room, so that millions of entries are seldom moved; what is not filled costs nothing.
void reserve(std::size_t people, Plan& plan) {
  plan.people.reserve(people);
  plan.reasons.reserve(people * plan.fields);
  plan.entries.reserve(people * 4);
}

void plan_people(const PlanInput& input, const Matched& matched, std::size_t threads, Plan& plan) {
  constexpr std::size_t range = 1024;
  const Chooser chooser(input.decisions);
  const std::size_t count = matched.people.size();
  if (threads <= 1 || count <= range) {
    if (input.only.empty()) reserve(count, plan);
    return plan_range(input, chooser, matched, {0, count}, plan);
  }
  reserve(count, plan);
  Joiner joiner(plan);
  std::atomic<std::size_t> next = 0;
  const auto work = [&] {
    for (std::size_t part = next++; part * range < count; part = next++) {
      Plan made;
      plan_range(input, chooser, matched, {part * range, std::min(count, (part + 1) * range)}, made);
      joiner.take(part, std::move(made));
    }
  };
  std::vector<std::future<void>> workers;
  for (std::size_t i = 1; i < threads; ++i) workers.push_back(std::async(std::launch::async, work));
  work();
  for (std::future<void>& worker : workers) worker.get();
}

// What is written is listed, also where it was shown before.
void list_written(Plan& plan) {
  for (const Operation& operation : plan.operations) {
    if (operation.action == Action::link || !plan.entries[operation.entry].known) continue;
    plan.entries.change(operation.entry).known = false;
  }
}

// How many fields of list elements an entry is the finding of.
std::uint32_t element_fields_of(const ir::Program& program, const Entry& entry) {
  if (entry.field == no_field || !program.fields[entry.field].rule->each) return 0;
  const ir::ListProgram& list = program.lists[*program.fields[entry.field].rule->each];
  return entry.is_element ? static_cast<std::uint32_t>(list.fields.size()) : 1;
}

void add_up(const PlanInput& input, Plan& plan) {
  Totals& totals = plan.totals;
  totals.people = static_cast<std::uint32_t>(plan.people.size());
  totals.hub_records = static_cast<std::uint32_t>(input.hub.size());
  totals.provider_records = static_cast<std::uint32_t>(input.provider.size());
  for (const Person& person : plan.people) {
    ++totals.persons[static_cast<std::size_t>(person.reason)];
    const bool hub = person.hub != no_record;
    const bool provider = person.provider != no_record;
    ++(hub && provider ? totals.pairs : hub ? totals.hub_only : totals.provider_only);
  }
  for (const Reason reason : plan.reasons) ++totals.fields[static_cast<std::size_t>(reason)];
  for (const Entry& entry : plan.entries) {
    ++totals.entries[static_cast<std::size_t>(entry.kind)];
    if (entry.open() && !entry.known) ++totals.open;
    totals.element_reasons[static_cast<std::size_t>(entry.reason)] += element_fields_of(input.program, entry);
  }
  for (const Operation& operation : plan.operations) {
    if (operation.action == Action::link) ++totals.links;
    if (operation.action == Action::create) ++totals.creates[at(operation.target)];
    if (operation.action == Action::set) ++totals.sets[at(operation.target)];
    if (operation.action == Action::clear) ++totals.clears[at(operation.target)];
  }
  plan.ready = totals.open == 0;
}

}  // namespace

Plan plan(const PlanInput& input) { return plan(input, 1); }

Plan plan(const PlanInput& input, std::size_t threads) {
  Plan result;
  result.fields = input.program.fields.size();
  result.completeness = {completeness_of(input, Side::hub), completeness_of(input, Side::provider)};
  result.taken = input.taken;
  result.made = input.now;
  plan_people(input, match(input), threads, result);
  hold_reselections(input, result);
  block_derived(input, result);
  guard(input, result);
  const UniquenessOrder order = check_uniqueness(input, result);
  make_operations(input, order, result);
  list_written(result);
  tell_besides(input, result);
  add_up(input, result);
  return result;
}

}  // namespace dovetail
