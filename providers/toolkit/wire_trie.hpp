// The wire paths of some members as a tree of names, for reading a record in one pass. The names that the input uses
// besides are learnt on the way: records are alike, so each name is usually found with one comparison, and a name that
// stands twice in an object is noticed.
#pragma once

#include <array>
#include <cstdint>
#include <cstring>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include "providers/toolkit/tree.hpp"
#include "providers/toolkit/wire_path.hpp"

namespace dovetail::providers {

class WireTrie {
 public:
  using Place = std::uint32_t;                     // a path, numbered as they were added
  static constexpr std::uint32_t most_names = 64;  // of one object: a bit each

  // What becomes of a place when its path is not there.
  struct Missing {
    Place place = 0;
    Sight::Kind says = Sight::Kind::omitted;
  };
  struct Child {
    std::string name;
    std::vector<Missing> missing;          // where an object lacks this name
    std::vector<std::string> unwrapped{};  // names that stand in its place where a wrapper is left out
  };
  struct Node;
  struct Name {
    std::string text;
    Node* node = nullptr;
    std::uint64_t child = 0;                       // a bit for Node::children; 0: no path leads there
    std::uint32_t next = 0;                        // the name that followed this one when they were met
    bool odd = false;                              // may be meant for a path by the looser rules of reading
    std::array<std::uint64_t, 2> begin{}, mask{};  // its first bytes, and which of them are its own

    static constexpr std::size_t readable = sizeof begin;
    // Whether `at` begins with this name. As many bytes as it has, and no less than `readable`, can be read there.
    bool begins(const char* at) const {
      std::array<std::uint64_t, 2> seen{};
      std::memcpy(seen.data(), at, sizeof seen);
      if ((((seen[0] ^ begin[0]) & mask[0]) | ((seen[1] ^ begin[1]) & mask[1])) != 0) return false;
      return text.size() <= sizeof seen ||
             std::memcmp(at + sizeof seen, text.data() + sizeof seen, text.size() - sizeof seen) == 0;
    }
  };
  struct Node {
    std::vector<Child> children{};
    std::uint64_t all_children = 0;  // their bits
    std::vector<Name> names{};       // as they were met
    std::vector<Place> places{};     // whose path ends here
    std::vector<Place> below{};      // those, and of everything below
    Node* items = nullptr;           // what the elements of a list here are; nullptr: not made yet
    std::uint32_t first = 0;         // the name that began an object here
  };

  WireTrie() : nodes_(1) {}
  WireTrie(WireTrie&&) = default;
  WireTrie& operator=(WireTrie&&) = default;

  // `path` is not empty. False: more names in one object than a trie can hold.
  bool add(const WirePath& path, Place place);
  void finish();  // after the last path

  // Nodes stay where they are.
  Node& root() { return nodes_.front(); }
  Node& items_of(Node& list);

  // The name's index in the object at that node; learns a new one. most_names: there are too many.
  std::uint32_t find_name(Node& at, std::string_view name);

 private:
  Name learn(const Node& at, std::string_view name);

  std::deque<Node> nodes_;
};

}  // namespace dovetail::providers
