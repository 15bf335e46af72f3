// The wire paths of some members as a tree of names, for reading a record in one pass. The names that the input uses
// besides are learnt on the way: records are alike, so each name is usually found with one comparison, and a name that
// stands twice in an object is noticed.
#pragma once

#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

#include "providers/toolkit/wire_path.hpp"

namespace dovetail::providers {

class WireTrie {
 public:
  using NodeId = std::uint32_t;
  using Place = std::uint32_t;  // a path, numbered as they were added
  static constexpr NodeId root = 0;
  static constexpr std::size_t most_names = 64;  // of one object: a bit each

  // What becomes of a place when its path is not there.
  struct Missing {
    Place place = 0;
    bool says_none = false;  // its wrapper is there without it: the system says that there is no value
  };
  struct Child {
    std::string name;
    std::vector<Missing> missing;          // where an object lacks this name
    std::vector<std::string> unwrapped{};  // names that stand in its place where a wrapper is left out
  };
  struct Name {
    std::string text;
    NodeId node = 0;
    int child = -1;    // an index into Node::children; -1: no path leads there
    bool odd = false;  // may be meant for a path by the looser rules of reading
  };
  struct Node {
    std::vector<Child> children;
    std::vector<Name> names;    // as they were met
    std::vector<Place> places;  // whose path ends here
    std::vector<Place> below;   // those, and of everything below
    NodeId items = 0;           // what the elements of a list here are; 0: not made yet
  };

  WireTrie() : nodes_(1) {}

  // `path` is not empty. False: more names in one object than a trie can hold.
  bool add(const WirePath& path, Place place);
  void finish();  // after the last path

  const Node& node(NodeId id) const { return nodes_[id]; }

  // The name's index in the object at that node, trying `expected` first; learns a new one.
  // most_names: there are too many.
  std::size_t find_name(NodeId at, std::string_view name, std::size_t expected) {
    const std::vector<Name>& names = nodes_[at].names;
    for (std::size_t i = expected; i < names.size(); ++i) {
      if (is_same(names[i].text, name)) return i;
    }
    return search(at, name);
  }
  NodeId items_of(NodeId list);

 private:
  // Names are short: no call for them.
  static bool is_same(std::string_view a, std::string_view b) {
    constexpr std::size_t eight = sizeof(std::uint64_t);
    if (a.size() != b.size()) return false;
    if (a.size() < eight) {
      for (std::size_t i = 0; i < a.size(); ++i) {
        if (a[i] != b[i]) return false;
      }
      return true;
    }
    const auto differ = [&](std::size_t at) {
      std::uint64_t left = 0, right = 0;
      std::memcpy(&left, a.data() + at, eight);
      std::memcpy(&right, b.data() + at, eight);
      return left ^ right;
    };
    for (std::size_t i = 0; i + eight < a.size(); i += eight) {
      if (differ(i) != 0) return false;
    }
    return differ(a.size() - eight) == 0;
  }

  std::size_t search(NodeId at, std::string_view name);
  Name learn(NodeId at, std::string_view name);

  std::vector<Node> nodes_;
};

}  // namespace dovetail::providers
