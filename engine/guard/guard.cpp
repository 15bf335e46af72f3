#include "engine/guard/guard.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>

namespace dovetail {

using Kinds = std::array<bool, 5>;

namespace {

const std::array<ir::Guard, 5> defaults = {{
    {ir::Guard::Kind::overwrites, 20, 20, {}},
    {ir::Guard::Kind::clears, 5, 5, {}},
    {ir::Guard::Kind::bank_accounts, 10, 10, {}},
    {ir::Guard::Kind::national_ids, 10, 10, {}},
    {ir::Guard::Kind::emails, 10, 10, {}},
}};

ir::Guard rule_of(const ir::RuleSet& rules, std::size_t kind) {
  const auto own = std::ranges::find(rules.guards, static_cast<ir::Guard::Kind>(kind), &ir::Guard::kind);
  return own == rules.guards.end() ? defaults[kind] : *own;
}

}  // namespace

std::array<bool, 5> guarded_kinds(const ir::Program& program, const Entry& entry) {
  Kinds result{};
  if (entry.field == no_field || (entry.action != Action::set && entry.action != Action::clear)) return result;
  const bool touches = std::ranges::any_of(entry.offers[ir::at(entry.target)], [](const Write& write) {
    return write.before.state == State::value || write.before.state == State::masked;
  });
  if (!touches) return result;
  result = program.fields[entry.field].guarded;
  const auto kind = entry.action == Action::clear ? ir::Guard::Kind::clears : ir::Guard::Kind::overwrites;
  result[static_cast<std::size_t>(kind)] = true;
  return result;
}

void guard(const PlanInput& input, Plan& plan) {
  const std::uint32_t population = input.population != 0
                                       ? input.population
                                       : static_cast<std::uint32_t>(std::max(input.hub.size(), input.provider.size()));
  std::array<std::set<PersonIndex>, 5> people;
  for (std::size_t i = 0; i < plan.entries.size(); ++i) {
    const Kinds kinds = guarded_kinds(input.program, plan.entries[i]);
    for (std::size_t kind = 0; kind < kinds.size(); ++kind) {
      if (kinds[kind]) people[kind].insert(plan.entries.person(i));
    }
  }
  for (std::size_t kind = 0; kind < people.size(); ++kind) {
    const ir::Guard rule = rule_of(*input.program.rules, kind);
    GuardCount count;
    count.kind = rule.kind;
    count.people = static_cast<std::uint32_t>(people[kind].size()) + input.guarded_before[kind];
    count.limit = std::max(rule.count, static_cast<std::uint32_t>(std::uint64_t{population} * rule.percent / 100));
    count.tripped = count.people > count.limit;
    plan.guards.push_back(count);
  }
  if (input.mode == Mode::manual) return;
  for (std::size_t i = 0; i < plan.entries.size(); ++i) {
    const Kinds kinds = guarded_kinds(input.program, plan.entries[i]);
    for (std::size_t kind = 0; kind < kinds.size(); ++kind) {
      if (!kinds[kind] || !plan.guards[kind].tripped) continue;
      Entry& entry = plan.entries.change(i);
      entry.action = Action::hold;
      entry.kind = Kind::held;
      entry.reason = Reason::guarded;
      entry.why = fmt::format(
          "{}: {} people would be changed in this way within a day, and the limit is {}; a manual "
          "synchronisation shows all of them, and carries out what is decided there",
          input.program.rules->fields[entry.field].label, plan.guards[kind].people, plan.guards[kind].limit);
      plan.reasons[plan.entries.person(i) * plan.fields + entry.field] = Reason::guarded;
      break;
    }
  }
}

}  // namespace dovetail
