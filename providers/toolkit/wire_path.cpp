#include "providers/toolkit/wire_path.hpp"

#include <algorithm>
#include <unordered_map>

namespace dovetail::providers {
namespace {

std::vector<WireStep> split(std::string_view wire) {
  std::vector<WireStep> steps;
  while (!wire.empty()) {
    const std::size_t end = std::min(wire.find('/'), wire.size());
    std::string_view name = wire.substr(0, end);
    wire.remove_prefix(std::min(end + 1, wire.size()));
    if (name.empty()) continue;
    const bool attribute = name.front() == '@';
    if (attribute) name.remove_prefix(1);
    steps.push_back({.name = std::string(name), .attribute = attribute});
  }
  return steps;
}

// A file is written in the shape that is read; a member that is only written stands where it is written.
std::string_view document_wire(const ir::Member& member) {
  if (!member.read_wire.empty()) return member.read_wire;
  return member.write_wires.empty() ? std::string_view{} : std::string_view(member.write_wires.front());
}

bool below(std::string_view path, std::string_view prefix) {
  return path.starts_with(prefix) && (path.size() == prefix.size() || path[prefix.size()] == '/');
}

bool descends_from(const ir::Schema& schema, ir::MemberId member, ir::MemberId ancestor) {
  while (member != ir::no_member && member != ancestor) member = schema.members[member].parent;
  return member == ancestor;
}

}  // namespace

WireMap::WireMap(const ir::Schema& schema)
    : paths_(schema.members.size()),
      absolute_(schema.members.size()),
      declared_from_(schema.members.size()),
      from_record_(schema.members.size()) {
  for (ir::MemberId id = 0; id < schema.members.size(); ++id) resolve(schema, id);
  mark_wrappers(schema);
}

const std::vector<std::string>* WireMap::mention(const std::string& prefix, const std::string& name) {
  auto found = std::ranges::find(siblings_, prefix, &Siblings::prefix);
  if (found == siblings_.end()) {
    siblings_.push_back({prefix, {}});
    found = std::prev(siblings_.end());
  }
  if (std::ranges::find(found->names, name) == found->names.end()) found->names.push_back(name);
  return &found->names;
}

void WireMap::resolve(const ir::Schema& schema, ir::MemberId id) {
  const ir::Member& member = schema.members[id];
  const std::string_view wire = document_wire(member);
  const bool from_root = wire.starts_with('/');
  std::string at;
  if (member.parent != ir::no_member && !from_root) {
    at = absolute_[member.parent];
    const bool in_element = schema.members[member.parent].kind == ir::MemberKind::list;
    if (!in_element) {
      paths_[id] = paths_[member.parent];
      from_record_[id] = from_record_[member.parent];
    }
  }
  from_record_[id] = from_record_[id] || (from_root && member.list != ir::no_member);
  declared_from_[id] = paths_[id].size();
  const bool transparent = member.kind == ir::MemberKind::object && wire.empty();
  if (wire.empty() && !transparent) paths_[id].clear();
  std::vector<WireStep> own = split(wire);
  for (WireStep& step : own) {
    step.enclosing = &step != &own.back();
    step.order = mention(at, step.name);
    at += '/';
    if (step.attribute) at += '@';
    at += step.name;
    paths_[id].push_back(std::move(step));
  }
  absolute_[id] = at;
}

std::optional<std::pair<ir::MemberId, ir::MemberId>> WireMap::one_place_in_json(const ir::Schema& schema) const {
  std::unordered_map<std::string, ir::MemberId> taken;
  const auto as_json = [&](ir::MemberId id) {
    std::string path = absolute_[id];
    std::erase(path, '@');
    return path;
  };
  const auto has_place = [&](ir::MemberId id) {
    return !paths_[id].empty() && schema.members[id].kind != ir::MemberKind::object;
  };
  for (ir::MemberId id = 0; id < paths_.size(); ++id) {
    if (!has_place(id)) continue;
    const auto [first, is_new] = taken.emplace(as_json(id), id);
    if (!is_new && absolute_[first->second] != absolute_[id]) return std::pair(first->second, id);
  }
  for (ir::MemberId id = 0; id < paths_.size(); ++id) {
    if (!has_place(id) || !paths_[id].back().attribute) continue;
    const std::string path = as_json(id);
    const auto of = taken.find(path.substr(0, path.rfind('/')));
    if (of != taken.end() && !descends_from(schema, id, of->second)) return std::pair(of->second, id);
  }
  return std::nullopt;
}

void WireMap::mark_wrappers(const ir::Schema& schema) {
  for (ir::MemberId id = 0; id < paths_.size(); ++id) {
    WirePath& path = paths_[id];
    // Steps that enclosing objects declared are marked as those are.
    if (declared_from_[id] > 0) {
      const WirePath& above = paths_[schema.members[id].parent];
      std::copy_n(above.begin(), std::min(above.size(), path.size()), path.begin());
    }
    std::string prefix = absolute_[id];
    for (std::size_t step = path.size(); step-- > declared_from_[id] + 1;) {
      prefix.resize(prefix.rfind('/'));
      bool alone = true;
      for (ir::MemberId other = 0; other < paths_.size() && alone; ++other) {
        alone = paths_[other].empty() || !below(absolute_[other], prefix) || descends_from(schema, other, id);
      }
      path[step].wrapped = alone;
    }
  }
}

}  // namespace dovetail::providers
