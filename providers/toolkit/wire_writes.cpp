#include "providers/toolkit/wire_writes.hpp"

#include <algorithm>
#include <ranges>

#include "providers/toolkit/json_node.hpp"
#include "providers/toolkit/wire_value.hpp"

namespace dovetail::providers {
namespace {

void append_names(std::vector<std::string>& path, std::string_view wire) {
  while (!wire.empty()) {
    const std::string_view name = wire.substr(0, wire.find('/'));
    wire.remove_prefix(std::min(name.size() + 1, wire.size()));
    if (!name.empty()) path.emplace_back(name);
  }
}

std::string_view object_wire(const ir::Member& object) {
  return object.write_wires.empty() ? std::string_view(object.read_wire) : std::string_view(object.write_wires.front());
}

// Up to the record, or to the list whose element holds it.
std::vector<std::string> path_of(const ir::Schema& schema, ir::MemberId member, std::string_view wire) {
  std::vector<std::string_view> wires = {wire};
  for (ir::MemberId above = schema.members[member].parent; above != ir::no_member && !wires.back().starts_with('/');
       above = schema.members[above].parent) {
    if (schema.members[above].kind == ir::MemberKind::list) break;
    wires.push_back(object_wire(schema.members[above]));
  }
  std::vector<std::string> path;
  for (const std::string_view part : wires | std::views::reverse) append_names(path, part);
  return path;
}

JsonNode* place_for(JsonNode* at, const std::vector<std::string>& path, JsonArena& arena) {
  for (const std::string& name : path) {
    JsonNode* child = at->find(name);
    if (child == nullptr) {
      child = arena.make(JsonNode::Kind::null);
      child->name = arena.keep(name);
      at->append(child);
    }
    if (at->kind != JsonNode::Kind::object) at->kind = JsonNode::Kind::object;
    at = child;
  }
  return at;
}

JsonNode::Kind kind_of(const Scalar& value, JsonNothing nothing, bool as_text) {
  switch (value.kind) {
    case Scalar::Kind::none:
      return nothing == JsonNothing::null ? JsonNode::Kind::null : JsonNode::Kind::text;
    case Scalar::Kind::number:
      return as_text ? JsonNode::Kind::text : JsonNode::Kind::number;
    case Scalar::Kind::boolean:
      return as_text ? JsonNode::Kind::text : JsonNode::Kind::boolean;
    case Scalar::Kind::text:
      break;
  }
  return JsonNode::Kind::text;
}

}  // namespace

std::vector<std::string> write_path(const ir::Schema& schema, ir::MemberId member) {
  const ir::Member& of = schema.members[member];
  return path_of(schema, member, of.write_wires.empty() ? of.read_wire : of.write_wires.front());
}

std::vector<WireWrite> wire_writes(const ir::Schema& schema, std::span<const Change> changes) {
  std::vector<WireWrite> writes;
  for (std::size_t i = 0; i < changes.size(); ++i) {
    const ir::Member& member = schema.members[changes[i].member];
    const Scalar value =
        changes[i].clear ? Scalar{.attributes = member.attributes} : write_wire(member, changes[i].value);
    for (const std::string& wire : member.write_wires)
      writes.push_back({path_of(schema, changes[i].member, wire), value, i});
    if (member.write_wires.empty() && !member.read_wire.empty()) {
      writes.push_back({path_of(schema, changes[i].member, member.read_wire), value, i});
    }
  }
  return writes;
}

std::string json_object(std::span<const WireWrite> writes, JsonNothing nothing, bool as_text) {
  JsonArena arena;
  JsonNode* root = arena.make(JsonNode::Kind::object);
  for (const WireWrite& write : writes) {
    JsonNode* place = place_for(root, write.path, arena);
    place->kind = kind_of(write.value, nothing, as_text);
    place->text = arena.keep(write.value.text);
  }
  std::string text;
  append_json(text, *root, {}, JsonLayout{}, 0);
  return text;
}

std::string json_value(const Scalar& value, JsonNothing nothing) {
  JsonArena arena;
  std::string text;
  append_json(text, *arena.make(kind_of(value, nothing, false), value.text), {}, JsonLayout{}, 0);
  return text;
}

std::string json_text(std::string_view text) {
  return json_value({.kind = Scalar::Kind::text, .text = std::string(text)});
}

std::string with_member(std::string_view object, std::string_view name, std::string_view value) {
  const std::size_t end = object.rfind('}');
  std::string joined(object.substr(0, end));
  if (joined.find_last_not_of(" \t\r\n") != joined.find('{')) joined += ',';
  joined += json_text(name);
  joined += ':';
  joined += value;
  joined += '}';
  return joined;
}

}  // namespace dovetail::providers
