#include "engine/plan/besides.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <tuple>

#include "engine/plan/fills.hpp"
#include "engine/values/unicode.hpp"

namespace dovetail {

using ir::at;
using ir::Side;

namespace {

std::string key_of(std::string_view name) {
  std::string key;
  append_name_key(name, key);
  return key;
}

class BesidesTeller {
 public:
  BesidesTeller(const PlanInput& input, Plan& plan) : input_(input), plan_(plan) {}

  void tell() {
    for (std::uint32_t number = 0; number < plan_.entries.size(); ++number) {
      const Entry& entry = plan_.entries[number];
      const bool writes = entry.action == Action::set || entry.action == Action::create;
      for (const Side target : {Side::hub, Side::provider}) {
        if (writes ? entry.target != target : !entry.open()) continue;
        for (const Write& write : entry.offers[at(target)]) tell_name(number, entry, target, write);
        if (target == Side::hub) tell_untouched(number, entry);
        if (target == Side::hub) tell_fed(number, entry);
      }
    }
    for (Operation& operation : plan_.operations) {
      const Few<Write>& writes = operation.writes;  // shared with the offer, but where it is told
      if (std::ranges::none_of(writes, [&](const Write& write) { return is_told(operation, write); })) continue;
      for (Write& write : operation.writes) write.may_add = is_told(operation, write);
    }
    std::ranges::stable_sort(plan_.notices, {}, &Notice::person);
  }

 private:
  using Member = std::pair<Side, ir::MemberId>;

  void tell_name(std::uint32_t number, const Entry& entry, Side target, const Write& write) {
    const ir::RuleSet& rules = *input_.program.rules;
    const ir::Member& member = rules.schema(target).members[write.member];
    if (member.lookup_resource.empty() || write.after.state != State::value) return;
    const std::string key = key_of(write.after.text);
    if (names(target, write.member).contains(key)) return;
    if (!told_.insert({plan_.entries.person(number), target, write.member, key}).second) return;
    const FieldIndex field = write.field != no_field ? write.field : entry.field;
    const std::string what = field == no_field ? member.path : rules.fields[field].label;
    plan_.notices.push_back(
        {.person = plan_.entries.person(number),
         .entry = number,
         .field = field,
         .text = fmt::format("{}: nobody in {} has `{}`; it is added to its {} if it is not there", what,
                             rules.title(target), shown(write.after, member.secret), member.lookup_resource)});
  }

  bool is_told(const Operation& operation, const Write& write) const {
    if (write.after.state != State::value) return false;
    const ir::Member& member = input_.program.rules->schema(operation.target).members[write.member];
    if (member.lookup_resource.empty()) return false;
    return told_.contains({operation.person, operation.target, write.member, key_of(write.after.text)});
  }

  // Of an object that is read into the hub, as an address, what no rule speaks about: its further lines.
  void tell_untouched(std::uint32_t number, const Entry& entry) {
    const ir::Schema& schema = input_.program.rules->schema(Side::hub);
    std::set<ir::MemberId> objects;
    for (const Write& write : entry.offers[at(Side::hub)]) {
      const ir::MemberId object = schema.members[write.member].parent;
      if (object != ir::no_member && schema.members[object].kind == ir::MemberKind::object) objects.insert(object);
    }
    for (const ir::MemberId object : objects) {
      std::string rest;
      for (ir::MemberId id = 0; id < schema.members.size(); ++id) {
        const ir::Member& member = schema.members[id];
        const bool ours = input_.program.layouts[at(Side::hub)].slot(id) != ir::no_slot;
        if (member.parent != object || member.kind != ir::MemberKind::scalar || ours) continue;
        rest += fmt::format("{}`{}`", rest.empty() ? "" : ", ", member.path);
      }
      if (rest.empty() || entry.field == no_field) continue;
      plan_.notices.push_back(
          {.person = plan_.entries.person(number),
           .entry = number,
           .field = entry.field,
           .text = fmt::format("{}: what {} has in {} stays there", input_.program.rules->fields[entry.field].label,
                               input_.program.rules->title(Side::hub), rest)});
    }
  }

  // What is read into a hub's member that other rules send: they follow with the next run.
  void tell_fed(std::uint32_t number, const Entry& entry) {
    if (entry.field == no_field || entry.kind == Kind::create) return;
    const ir::RuleSet& rules = *input_.program.rules;
    for (const ir::FieldProgram& field : input_.program.fields) {
      if (field.index == entry.field || !field.flows[at(Side::provider)] || !is_fed(field, entry)) continue;
      plan_.notices.push_back(
          {.person = plan_.entries.person(number),
           .entry = number,
           .field = entry.field,
           .text = fmt::format("{}: what is read into {} also feeds {}, which goes to {} with the next run",
                               rules.fields[entry.field].label, rules.title(Side::hub), field.rule->label,
                               rules.title(Side::provider))});
    }
  }

  // By a member that the field compares, and that the entry writes for another field.
  bool is_fed(const ir::FieldProgram& field, const Entry& entry) const {
    if (!all_on(input_, field.settings)) return false;
    return std::ranges::any_of(entry.offers[at(Side::hub)], [&](const Write& write) {
      return write.field != field.index && std::ranges::any_of(field.parts[at(Side::hub)], [&](const ir::Part& part) {
               return part.compared && part.member == write.member;
             });
    });
  }

  // What people in the target have, by the names' keys.
  const std::set<std::string>& names(Side target, ir::MemberId id) {
    const auto [known, first] = names_.try_emplace(Member{target, id});
    if (!first) return known->second;
    const ir::Member& member = input_.program.rules->schema(target).members[id];
    const ir::Layout& layout = input_.program.layouts[at(target)];
    const Snapshot& snapshot = target == Side::hub ? input_.hub : input_.provider;
    const ir::SlotId slot = layout.slot(id);
    const int list = member.list == ir::no_member ? -1 : layout.list(member.list);
    if (slot == ir::no_slot || (list < 0 && member.list != ir::no_member)) return known->second;
    const auto add = [&](Observation seen) {
      if (seen.state == State::value) known->second.insert(key_of(seen.text));
    };
    for (RecordIndex record = 0; record < snapshot.size(); ++record) {
      if (list < 0) {
        add(snapshot.at(record, slot));
        continue;
      }
      const Snapshot::List of = snapshot.list(record, static_cast<std::size_t>(list));
      for (ElementIndex element = of.first; element < of.first + of.count; ++element) {
        add(snapshot.element(static_cast<std::size_t>(list), element, slot));
      }
    }
    return known->second;
  }

  const PlanInput& input_;
  Plan& plan_;
  std::map<Member, std::set<std::string>> names_;
  std::set<std::tuple<PersonIndex, Side, ir::MemberId, std::string>> told_;
};

}  // namespace

void tell_besides(const PlanInput& input, Plan& plan) { BesidesTeller(input, plan).tell(); }

}  // namespace dovetail
