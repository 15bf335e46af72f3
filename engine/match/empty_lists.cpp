#include "engine/match/empty_lists.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "engine/copy_record.hpp"

namespace dovetail {
namespace {

using ir::at;
using ir::Side;

// Whether a base's path, which may select an element, leads to the member or into the list.
bool leads_to(const ir::Member& member, std::string_view path) {
  if (member.kind == ir::MemberKind::list)
    return path.starts_with(member.path) && path.substr(member.path.size(), 1) == "[";
  return path == member.path;
}

// Whether somebody has left the hub's element as it is, without a partner.
bool is_left_alone(const Link& link, std::string_view hub_element) {
  return std::ranges::any_of(link.elements, [&](const ElementLink& one) {
    return one.hub_element == hub_element && one.provider_element.empty();
  });
}

// Whether the link remembers something that the list gave, and that nobody has since left as removed.
bool knows(const ir::Program& program, const Link& link, Side side, const EmptyList& list) {
  const std::vector<ir::Member>& members = program.rules->schema(side).members;
  const auto gives = [&](const std::string& path) {
    return std::ranges::any_of(list.members, [&](ir::MemberId id) { return leads_to(members[id], path); });
  };
  for (const FieldBase& base : link.base) {
    if (!base.hub_element.empty() && is_left_alone(link, base.hub_element)) continue;
    for (const BasePart& part : side == Side::hub ? base.hub : base.provider) {
      if (part.value.state == State::value && gives(part.path)) return true;
    }
  }
  for (const ir::ListProgram& each : program.lists) {
    if (std::ranges::count(list.members, each.rule->lists[at(side)]) == 0) continue;
    const std::string& hub_list = program.rules->schema(Side::hub).members[each.rule->lists[at(Side::hub)]].path;
    for (const ElementLink& known : link.elements) {
      const bool is_pair = !known.hub_element.empty() && !known.provider_element.empty();
      if (known.hub_list == hub_list && is_pair && !is_left_alone(link, known.hub_element)) return true;
    }
  }
  return false;
}

struct Forgotten {
  std::set<ir::SlotId> slots;
  std::set<std::size_t> lists;
};

Snapshot without(const Forgotten& what, const Snapshot& from) {
  Snapshot rest(from.layout());
  for (RecordIndex record = 0; record < from.size(); ++record) {
    copy_record(
        from, record, rest, [&](ir::SlotId slot) { return !what.slots.contains(slot); },
        [&](std::size_t list) { return !what.lists.contains(list); });
  }
  rest.set_completeness(from.completeness());
  return rest;
}

}  // namespace

void withhold_empty_lists(const ir::Program& program, const Base& base, Side side, const System& system,
                          const std::vector<std::string>& accept, Snapshot& read, EmptyLists& found) {
  Completeness completeness = read.completeness();
  Forgotten forgotten;
  for (const EmptyList& list : system.empty_lists()) {
    const auto known =
        std::ranges::count_if(base.links, [&](const Link& link) { return knows(program, link, side, list); });
    if (known == 0) continue;
    const std::string who = fmt::format("{} {}", known, known == 1 ? "person" : "people");
    if (std::ranges::count(accept, list.name) > 0) {
      found.accepted.push_back(list.name);
      completeness.notes.push_back(fmt::format(
          "`{}` tells nothing of anybody, and is taken to be empty, as was said: what is known of {} counts "
          "as removed",
          list.name, who));
      continue;
    }
    found.withheld.push_back(list.name);
    for (const ir::MemberId member : list.members) {
      if (const ir::SlotId slot = read.layout().slot(member); slot != ir::no_slot) forgotten.slots.insert(slot);
      if (const int index = read.layout().list(member); index >= 0)
        forgotten.lists.insert(static_cast<std::size_t>(index));
    }
    completeness.complete = false;
    completeness.reason += fmt::format(
        "{}`{}` tells nothing of anybody, where something of {} is known: it counts as not read, and nothing is "
        "removed or added because of it. If it really is empty, say so to the next run: --accept-empty {}",
        completeness.reason.empty() ? "" : "; ", list.name, who, list.name);
  }
  if (!forgotten.slots.empty() || !forgotten.lists.empty()) read = without(forgotten, read);
  read.set_completeness(std::move(completeness));
}

Result<void> check_accepted(const std::vector<std::string>& accept, const EmptyLists& found) {
  for (const std::string& name : accept) {
    if (std::ranges::count(found.accepted, name) > 0) continue;
    std::string others;
    for (const std::string& one : found.withheld) others += (others.empty() ? "`" : ", `") + one + "`";
    return std::unexpected(Error{
        .kind = Error::Kind::input,
        .what = fmt::format("{} is to be taken as empty, but there is no list of that name that counts as not read "
                            "because it is empty{}",
                            name, others.empty() ? "; no list does: leave it out" : ": that is " + others)});
  }
  return {};
}

void withhold_as_before(const Snapshot& before, Snapshot& read) {
  if (before.size() == 0) return;
  const auto is_told = [&](auto tells) {
    for (RecordIndex record = 0; record < before.size(); ++record) {
      if (tells(record)) return true;
    }
    return false;
  };
  Forgotten forgotten;
  for (ir::SlotId slot = 0; slot < before.layout().slots.size(); ++slot) {
    if (!is_told([&](RecordIndex record) { return before.at(record, slot).state != State::absent; }))
      forgotten.slots.insert(slot);
  }
  for (std::size_t list = 0; list < before.layout().lists.size(); ++list) {
    if (!is_told([&](RecordIndex record) { return before.list(record, list).state != State::absent; }))
      forgotten.lists.insert(list);
  }
  if (!forgotten.slots.empty() || !forgotten.lists.empty()) read = without(forgotten, read);
}

}  // namespace dovetail
