#include "providers/toolkit/record_shape.hpp"

#include <algorithm>

namespace dovetail::providers {
namespace {

std::int32_t place_of(const ir::Schema& schema, const WireMap& wires, ir::MemberId member, RecordShape& shape) {
  if (member == ir::no_member || wires.path(member).empty() || schema.members[member].write_only) return -1;
  const auto known = std::ranges::find(shape.members, member);
  if (known != shape.members.end()) return static_cast<std::int32_t>(known - shape.members.begin());
  const auto place = static_cast<WireTrie::Place>(shape.members.size());
  shape.members.push_back(member);
  shape.usable = shape.trie.add(wires.path(member), place) && shape.usable;
  return static_cast<std::int32_t>(place);
}

void add_slots(const ir::Schema& schema, const WireMap& wires, const std::vector<ir::MemberId>& slots,
               RecordShape& shape) {
  for (const ir::MemberId member : slots) {
    shape.slots.push_back(
        {place_of(schema, wires, member, shape), place_of(schema, wires, country_beside(schema, member), shape)});
  }
}

}  // namespace

RecordShape shape_of_record(const ir::Schema& schema, const WireMap& wires, const ir::Layout& layout) {
  RecordShape shape;
  add_slots(schema, wires, layout.slots, shape);
  for (const ir::Layout::List& list : layout.lists) {
    shape.lists.push_back(place_of(schema, wires, list.list, shape));
    shape.usable = shape.usable && shape.lists.back() >= 0;
  }
  shape.identity = place_of(schema, wires, schema.identity, shape);
  shape.region = place_of(schema, wires, schema.region, shape);
  shape.trie.finish();
  return shape;
}

RecordShape shape_of_element(const ir::Schema& schema, const WireMap& wires, const ir::Layout::List& list) {
  RecordShape shape;
  add_slots(schema, wires, list.slots, shape);
  for (std::size_t slot = 0; slot < list.slots.size(); ++slot) {
    if (list.slots[slot] == schema.members[list.list].key) shape.key_slot = static_cast<int>(slot);
    shape.usable = shape.usable && !wires.from_record(list.slots[slot]);
  }
  shape.trie.finish();
  return shape;
}

ir::MemberId country_beside(const ir::Schema& schema, ir::MemberId id) {
  if (id == ir::no_member) return ir::no_member;
  const ir::Member& member = schema.members[id];
  // Postal codes belong to the address beside them; a nationality beside a phone says nothing about its region.
  if (member.type == nullptr || member.type->name != "postal_code") return ir::no_member;
  const auto is_country = [&](const ir::Member& other) {
    return other.parent == member.parent && other.type != nullptr && other.type->name == "country_alpha2";
  };
  const auto found = std::ranges::find_if(schema.members, is_country);
  return found == schema.members.end() ? ir::no_member : schema.id(*found);
}

}  // namespace dovetail::providers
