#include "engine/plan/derived.hpp"

#include <algorithm>
#include <set>
#include <utility>

#include "engine/plan/sentences.hpp"

namespace dovetail {

using ir::at;
using ir::Side;

namespace {

// By decision, or as it is preselected.
bool goes(const Entry& entry, Side target) {
  if (entry.field == no_field) return false;
  if (entry.open()) return entry.preselected == (target == Side::provider ? Choice::hub : Choice::provider);
  const bool runs = entry.action == Action::set || entry.action == Action::clear || entry.action == Action::create;
  return runs && entry.target == target;
}

// A member, and the element that holds it; empty: the record.
using Given = std::set<std::pair<ir::MemberId, std::string>>;

// What the person's entries give a record of the target.
Given given(const Plan& plan, std::size_t first, std::size_t end, Side target) {
  Given members;
  for (std::size_t i = first; i < end; ++i) {
    if (!goes(plan.entries[i], target)) continue;
    for (const Write& write : plan.entries[i].offers[at(target)]) {
      if (write.after.state == State::value) members.emplace(write.member, write.element);
    }
  }
  return members;
}

void block(const PlanInput& input, Plan& plan, std::uint32_t index, Side target, const ir::Member& member) {
  Entry& entry = plan.entries.change(index);
  const Block by{.limit = ir::Limit::schema, .path = member.path, .rule = member.origin};
  entry.target = target;
  entry.kind = Kind::blocked;
  entry.action = Action::blocked;
  entry.reason = Reason::blocked_update;
  entry.preselected = Choice::undecided;
  entry.rule = by.rule;
  entry.why = blocked_text(input.program, input.program.fields[entry.field], target, by);
  entry.offers[at(target)].clear();
  plan.reasons[plan.entries.person(index) * plan.fields + entry.field] = entry.reason;
  std::erase_if(plan.questions, [&](const Question& question) { return question.entry == index; });
}

}  // namespace

void block_derived(const PlanInput& input, Plan& plan) {
  for (const Side target : {Side::hub, Side::provider}) {
    const std::vector<ir::Member>& members = input.program.rules->schema(target).members;
    const auto is_derived = [](const ir::Member& member) { return member.derived_from != ir::no_member; };
    if (std::ranges::none_of(members, is_derived)) continue;
    for (std::size_t first = 0, end = 0; first < plan.entries.size(); first = end) {
      while (end < plan.entries.size() && plan.entries.person(end) == plan.entries.person(first)) ++end;
      const Given sources = given(plan, first, end, target);
      for (std::size_t i = first; i < end && !sources.empty(); ++i) {
        if (!goes(plan.entries[i], target)) continue;
        const Few<Write>& writes = plan.entries[i].offers[at(target)];
        const auto is_own = [&](ir::MemberId source) {
          return std::ranges::find(writes, source, &Write::member) != writes.end();
        };
        const auto derived = std::ranges::find_if(writes, [&](const Write& write) {
          const ir::MemberId source = members[write.member].derived_from;
          if (source == ir::no_member) return false;
          const bool of_record = members[source].list == ir::no_member;
          return sources.contains({source, of_record ? std::string() : std::string(write.element)}) && !is_own(source);
        });
        if (derived == writes.end()) continue;
        block(input, plan, static_cast<std::uint32_t>(i), target, members[derived->member]);
      }
    }
  }
}

}  // namespace dovetail
