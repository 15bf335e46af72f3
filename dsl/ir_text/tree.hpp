// Named values in a fixed order, written as indented text or as JSON.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace dovetail::dsl {

struct Tree {
  enum class Kind : std::uint8_t { text, number, truth, object, list };
  Kind kind = Kind::object;
  std::string label;        // in an object: the member's name
  std::string text;         // text, number, truth: as it is written
  std::vector<Tree> items;  // of a list, or the members of an object

  static Tree of(std::string_view text);
  static Tree of_number(std::uint64_t number);
  static Tree of_truth(bool truth);
  static Tree list();

  bool is_empty() const;  // an object or a list without anything in it
  // Adds a member; empty texts, objects and lists and `false` are left out: their absence says the same.
  void add(std::string name, Tree value);
  void add(std::string name, std::string_view value) { add(std::move(name), of(value)); }
};

// Two blanks a level; lists with a dash an item. Texts that could be read as something else stand in quotes.
std::string to_text(const Tree& tree);
// Two blanks a level, and a line break at the end.
std::string to_json(const Tree& tree);

}  // namespace dovetail::dsl
