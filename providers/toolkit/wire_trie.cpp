#include "providers/toolkit/wire_trie.hpp"

#include <algorithm>

namespace dovetail::providers {
namespace {

constexpr std::size_t most_nodes = 4096;  // an input of ever new names is read the slow way

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

bool same_ignoring_case(std::string_view a, std::string_view b) { return std::ranges::equal(a, b, {}, lower, lower); }

}  // namespace

bool WireTrie::add(const WirePath& path, Place place) {
  NodeId at = root;
  for (std::size_t step = 0; step < path.size(); ++step) {
    nodes_[at].below.push_back(place);
    const std::size_t index = search(at, path[step].name);
    if (index == most_names) return false;
    Name& name = nodes_[at].names[index];
    if (name.child < 0) {
      name.child = static_cast<int>(nodes_[at].children.size());
      nodes_[at].children.push_back({.name = path[step].name, .missing = {}});
    }
    Child& child = nodes_[at].children[static_cast<std::size_t>(name.child)];
    child.missing.push_back({place, path[step].wrapped});
    if (path[step].wrapped && step + 1 < path.size()) child.unwrapped.push_back(path[step + 1].name);
    at = name.node;
  }
  nodes_[at].places.push_back(place);
  nodes_[at].below.push_back(place);
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

std::size_t WireTrie::search(NodeId at, std::string_view name) {
  const auto found = std::ranges::find(nodes_[at].names, name, &Name::text);
  const auto index = static_cast<std::size_t>(found - nodes_[at].names.begin());
  if (found != nodes_[at].names.end()) return index;
  if (index == most_names || nodes_.size() >= most_nodes) return most_names;
  Name learnt = learn(at, name);
  nodes_[at].names.push_back(std::move(learnt));
  return index;
}

WireTrie::Name WireTrie::learn(NodeId at, std::string_view name) {
  Name learnt{.text = std::string(name), .node = static_cast<NodeId>(nodes_.size())};
  for (const Child& child : nodes_[at].children) {
    const auto is_like = [name](std::string_view other) { return same_ignoring_case(name, other); };
    learnt.odd = learnt.odd || is_like(child.name) || std::ranges::any_of(child.unwrapped, is_like);
  }
  nodes_.emplace_back();
  return learnt;
}

WireTrie::NodeId WireTrie::items_of(NodeId list) {
  if (nodes_[list].items == 0) {
    nodes_[list].items = static_cast<NodeId>(nodes_.size());
    nodes_.emplace_back();
  }
  return nodes_[list].items;
}

}  // namespace dovetail::providers
