#include "engine/runtime/write/readback.hpp"

#include <algorithm>
#include <set>

namespace dovetail {

ir::Layout layout_of(const ir::Schema& schema, const std::vector<ir::MemberId>& members) {
  ir::Layout layout;
  const auto add = [](std::vector<ir::MemberId>& slots, ir::MemberId member) {
    if (member != ir::no_member && std::ranges::count(slots, member) == 0) slots.push_back(member);
  };
  for (const ir::MemberId member : members) {
    const ir::MemberId list = schema.members[member].list;
    if (list == ir::no_member) {
      add(layout.slots, member);
      continue;
    }
    if (layout.list(list) < 0) layout.lists.push_back({list, {}});
    std::vector<ir::MemberId>& slots = layout.lists[static_cast<std::size_t>(layout.list(list))].slots;
    add(slots, schema.members[list].key);
    add(slots, member);
  }
  return layout;
}

Observation observe(const Snapshot& fresh, const ir::Schema& schema, ir::MemberId member, std::string_view element,
                    RecordIndex record) {
  // As in a plan: what a file shows of it need not be what was last written there.
  if (schema.members[member].write_only && fresh.size() > 0) return {State::masked, {}};
  const ir::Layout& layout = fresh.layout();
  const ir::SlotId slot = layout.slot(member);
  const ir::MemberId in_list = schema.members[member].list;
  if (in_list == ir::no_member) return slot == ir::no_slot ? Observation{} : fresh.at(record, slot);
  const int list = layout.list(in_list);
  if (slot == ir::no_slot || list < 0 || schema.members[in_list].key == ir::no_member) return {};
  const auto index = static_cast<std::size_t>(list);
  const ir::SlotId key = layout.slot(schema.members[in_list].key);
  const Snapshot::List there = fresh.list(record, index);
  for (ElementIndex at = there.first; at < there.first + there.count; ++at) {
    if (fresh.element(index, at, key).text == element) return fresh.element(index, at, slot);
  }
  return {there.state == State::value ? State::unset : State::absent, {}};
}

std::optional<std::string> find_element(const Snapshot& fresh, const ir::Schema& schema,
                                        const std::vector<ElementValue>& values) {
  if (values.empty() || fresh.size() == 0) return std::nullopt;
  const ir::MemberId in_list = schema.members[values.front().member].list;
  const int list = in_list == ir::no_member ? -1 : fresh.layout().list(in_list);
  if (list < 0 || schema.members[in_list].key == ir::no_member) return std::nullopt;
  const auto index = static_cast<std::size_t>(list);
  const ir::SlotId key = fresh.layout().slot(schema.members[in_list].key);
  const Snapshot::List there = fresh.list(0, index);
  for (ElementIndex at = there.first; at < there.first + there.count; ++at) {
    bool all = true, any = false;
    for (const ElementValue& wanted : values) {
      const ir::SlotId slot = fresh.layout().slot(wanted.member);
      const Observation is = slot == ir::no_slot ? Observation{} : fresh.element(index, at, slot);
      if (is.state == State::absent || is.state == State::masked) continue;
      const bool same = same_observation(schema.members[wanted.member], is, wanted.value);
      any |= same && is.state == State::value;
      all &= same;
    }
    if (all && any) return std::string(fresh.element(index, at, key).text);
  }
  return std::nullopt;
}

namespace {

// Elements that a new record was to have, in one list: as many as it has, or this one among them, count as made.
bool has_element(const Snapshot& fresh, const ir::Schema& schema, std::span<const Write> writes, const Write& of) {
  const ir::MemberId in_list = schema.members[of.member].list;
  const int list = in_list == ir::no_member ? -1 : fresh.layout().list(in_list);
  if (list < 0) return true;
  const Snapshot::List there = fresh.list(0, static_cast<std::size_t>(list));
  if (there.state == State::absent || there.state == State::invalid) return true;
  std::set<std::string_view> wanted;
  std::vector<ElementValue> own;
  for (const Write& write : writes) {
    if (schema.members[write.member].list != in_list) continue;
    wanted.insert(write.element);
    if (write.element == of.element) own.push_back({write.member, write.after});
  }
  return there.count >= wanted.size() || find_element(fresh, schema, own).has_value();
}

}  // namespace

std::vector<std::size_t> not_shown(const Snapshot& fresh, const ir::Schema& schema, std::span<const Write> writes) {
  std::vector<std::size_t> found;
  for (std::size_t i = 0; i < writes.size() && fresh.size() > 0; ++i) {
    const Write& write = writes[i];
    if (write.after.state != State::value) continue;
    const bool is_new_element = std::string_view(write.element).starts_with('+');
    const bool shows = is_new_element ? has_element(fresh, schema, writes, write)
                                      : observe(fresh, schema, write.member, write.element).state != State::unset;
    if (!shows) found.push_back(i);
  }
  return found;
}

bool same_observation(const ir::Member& member, Observation a, Observation b) {
  if (a.state != b.state) return false;
  if (a.state != State::value || a.text == b.text) return true;
  return member.type != nullptr && same_key(*member.type, a.text, b.text);
}

}  // namespace dovetail
