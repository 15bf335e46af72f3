#include "providers/toolkit/wire_trie.hpp"

#include <algorithm>
#include <bit>

#include "providers/toolkit/wrapper.hpp"

namespace dovetail::providers {
namespace {

constexpr std::size_t most_nodes = 4096;  // an input of ever new names is read the slow way

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

bool same_ignoring_case(std::string_view a, std::string_view b) { return std::ranges::equal(a, b, {}, lower, lower); }

}  // namespace

bool WireTrie::add(const WirePath& path, Place place) {
  Node* at = &root();
  for (std::size_t step = 0; step < path.size(); ++step) {
    at->below.push_back(place);
    const std::uint32_t index = find_name(*at, path[step].name);
    if (index == most_names) return false;
    Name& name = at->names[index];
    if (name.child == 0) {
      name.child = std::uint64_t{1} << at->children.size();
      at->all_children |= name.child;
      at->children.push_back({.name = path[step].name, .missing = {}});
    }
    Child& child = at->children[static_cast<std::size_t>(std::countr_zero(name.child))];
    child.missing.push_back({place, where_missing(path[step])});
    if (path[step].wrapped && step + 1 < path.size()) child.unwrapped.push_back(path[step + 1].name);
    at = name.node;
  }
  at->places.push_back(place);
  at->below.push_back(place);
  return true;
}

// A name of a path is read as such, unless it may also stand for another one whose wrapper is left out.
void WireTrie::finish() {
  for (Node& node : nodes_) {
    for (Name& name : node.names) {
      name.odd = std::ranges::any_of(node.children, [&](const Child& child) {
        return std::ranges::any_of(child.unwrapped,
                                   [&](const std::string& other) { return same_ignoring_case(name.text, other); });
      });
    }
  }
}

std::uint32_t WireTrie::find_name(Node& at, std::string_view name) {
  const auto found = std::ranges::find(at.names, name, &Name::text);
  const auto index = static_cast<std::uint32_t>(found - at.names.begin());
  if (found != at.names.end()) return index;
  if (index == most_names || nodes_.size() >= most_nodes) return most_names;
  at.names.push_back(learn(at, name));
  return index;
}

WireTrie::Name WireTrie::learn(const Node& at, std::string_view name) {
  Name learnt{.text = std::string(name), .node = &nodes_.emplace_back()};
  for (const Child& child : at.children) {
    const auto is_like = [name](std::string_view other) { return same_ignoring_case(name, other); };
    learnt.odd = learnt.odd || is_like(child.name) || std::ranges::any_of(child.unwrapped, is_like);
  }
  const std::size_t length = std::min(name.size(), sizeof learnt.begin);
  std::memcpy(learnt.begin.data(), name.data(), length);
  std::memset(learnt.mask.data(), 0xFF, length);
  return learnt;
}

WireTrie::Node& WireTrie::items_of(Node& list) {
  if (list.items == nullptr) list.items = &nodes_.emplace_back();
  return *list.items;
}

}  // namespace dovetail::providers
