#include "engine/plan/operations.hpp"

#include <algorithm>
#include <cassert>
#include <functional>
#include <queue>
#include <unordered_map>
#include <utility>

#include "engine/plan/demands.hpp"

namespace dovetail {

using ir::at;
using ir::Side;

namespace {

// The member that must be written along with `write`, as it is now; nullopt: none, or it is not there.
std::optional<Write> written_along(const PlanInput& input, const Person& person, Side target, const Write& write) {
  const ir::MemberId along = input.program.rules->schema(target).members[write.member].written_with;
  if (along == ir::no_member) return std::nullopt;
  const RecordIndex record = target == Side::hub ? person.hub : person.provider;
  const Observation seen = beside(input, target, record, write.element.view(), along);
  if (seen.state != State::value) return std::nullopt;
  Write result{.member = along, .element = write.element};
  result.before = result.after = Value::of(seen);
  result.fill = true;
  return result;
}

bool has_member(const Few<Write>& writes, ir::MemberId member, std::string_view element) {
  return std::ranges::any_of(writes, [&](const Write& w) { return w.member == member && w.element == element; });
}

// The entries' order, with what frees a value before what takes it; otherwise as they stand.
std::vector<std::uint32_t> ordered(const Plan& plan, const std::vector<std::uint32_t>& entries,
                                   const UniquenessOrder& order) {
  if (order.before.empty()) return entries;
  std::vector<std::uint32_t> waits(plan.entries.size(), 0);
  std::unordered_multimap<std::uint32_t, std::uint32_t> frees;
  for (const auto& [first, second] : order.before) {
    ++waits[second];
    frees.emplace(first, second);
  }
  std::priority_queue<std::uint32_t, std::vector<std::uint32_t>, std::greater<>> ready;
  for (const std::uint32_t entry : entries) {
    if (waits[entry] == 0) ready.push(entry);
  }
  std::vector<std::uint32_t> result;
  while (!ready.empty()) {
    const std::uint32_t entry = ready.top();
    ready.pop();
    result.push_back(entry);
    const auto [begin, end] = frees.equal_range(entry);
    for (auto freed = begin; freed != end; ++freed) {
      if (--waits[freed->second] == 0) ready.push(freed->second);
    }
  }
  assert(result.size() == entries.size());  // no ring is left (uniqueness.cpp)
  return result;
}

Operation operation_of(const Plan& plan, std::uint32_t index) {
  const Entry& entry = plan.entries[index];
  Operation made;
  made.person = plan.entries.person(index);
  made.target = entry.target;
  made.action = entry.action;
  made.entry = index;
  if (entry.action != Action::link) made.writes = entry.offers[at(entry.target)];
  if (entry.kind == Kind::create) {
    const Person& person = plan.people[made.person];
    made.reference = entry.target == Side::provider ? person.hub_id : person.provider_id;
  }
  return made;
}

}  // namespace

void make_operations(const PlanInput& input, const UniquenessOrder& order, Plan& plan) {
  std::vector<std::uint32_t> entries;
  for (std::uint32_t i = 0; i < plan.entries.size(); ++i) {
    const Action action = plan.entries[i].action;
    const bool runs =
        action == Action::create || action == Action::set || action == Action::clear || action == Action::link;
    if (runs) entries.push_back(i);
  }
  plan.operations.reserve(entries.size() + order.clear_first.size());
  for (const std::uint32_t index : order.clear_first) {
    Operation clear = operation_of(plan, index);
    clear.action = Action::clear;
    for (Write& write : clear.writes) write.after = {State::unset, {}};
    erase_if(clear.writes, [](const Write& w) { return w.before.state != State::value; });
    plan.operations.push_back(std::move(clear));
  }
  for (const std::uint32_t index : ordered(plan, entries, order)) {
    Operation made = operation_of(plan, index);
    if (std::ranges::find(order.clear_first, index) != order.clear_first.end()) {
      for (Write& write : made.writes) write.before = {State::unset, {}};
    }
    // What this person's earlier operations write already is not written twice (new elements' own members).
    for (auto earlier = plan.operations.rbegin();
         earlier != plan.operations.rend() && earlier->person == made.person && earlier->target == made.target;
         ++earlier) {
      erase_if(made.writes,
               [&](const Write& w) { return w.field == no_field && has_member(earlier->writes, w.member, w.element); });
    }
    const Person& person = plan.people[made.person];
    for (std::size_t i = 0; i < made.writes.size() && plan.entries[index].kind != Kind::create; ++i) {
      std::optional<Write> along = written_along(input, person, made.target, std::as_const(made.writes)[i]);
      if (along && !has_member(made.writes, along->member, along->element)) made.writes.push_back(*std::move(along));
    }
    plan.operations.push_back(std::move(made));
  }
}

}  // namespace dovetail
