// What all rule files are made of: names, texts, numbers, paths, pairs and clauses. See ast.hpp.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <variant>
#include <vector>

#include "dsl/syntax/source_file.hpp"

namespace dovetail::dsl::ast {

// ---- Words

// An identifier, without its backticks if it has them; its span includes them.
struct Name {
  std::string_view text;
  Span span;
};

// Text in quotes, escapes resolved; its span includes the quotes.
struct Text {
  std::string_view text;
  Span span;
};

struct Number {
  std::uint32_t value = 0;
  Span span;
};

struct Literal {
  enum class Kind : std::uint8_t {
    text,     // "Male"
    number,   // 42, -3, 1.50: kept as written
    date,     // 1990-05-01, as written: the grammar does not know the calendar
    boolean,  // true, false, on, off, as written
    word,     // of an enum
    unset,
    absent,  // in tests only
    masked,  // in tests only
  };
  Kind kind = Kind::word;
  std::string_view text;  // resolved like Text, Name
  Span span;

  // Of Kind::boolean.
  bool is_on() const { return text == "true" || text == "on"; }
};

// The lines of one `##` block, each without the marks and one blank after them.
struct Doc {
  std::vector<Text> lines;
  Span span;

  bool empty() const { return lines.empty(); }
};

// `when setting S`
struct When {
  Name setting;
  Span span;
};

// ---- Paths and pairs

struct Condition {  // type = national
  Name member;
  Literal value;
};

struct Selector {
  enum class Kind : std::uint8_t { none, earliest, latest, current, where, index };
  Kind kind = Kind::none;
  std::vector<Condition> where;
  std::uint32_t index = 0;  // in tests: positions[0]
  Span span;                // with the brackets
};

struct Segment {
  Name name;
  Selector selector;
};

struct Path {
  std::vector<Segment> segments;  // at least one, unless something is broken
  Span span;
};

// Outside a pair a path names its system first: `huma.homeAddress.city`.
struct SidePath {
  Name side;
  Path path;  // without segments where only the side is named
  Span span;
};

struct Tuple {  // (clearingno, account)
  std::vector<Path> paths;
  Span span;
};

using End = std::variant<Path, Tuple, Literal>;
inline Span span_of(const End& end) {
  return std::visit([](const auto& one) { return one.span; }, end);
}

struct Arrow {
  enum class Kind : std::uint8_t { both, right, left };  // <-> -> <-
  Kind kind = Kind::both;
  Span span;
};

struct TransformUse {  // pad(10)
  Name name;
  std::vector<Literal> arguments;
  Span span;
};

// ---- Clauses

struct Clause {
  enum class Kind : std::uint8_t {
    unique,                  // unique in SIDES
    cannot_unset,            // cannot unset in SIDES
    cannot_unset_or_update,  // cannot unset or update in SIDES
    hold,                    // hold
    max_length,              // max length N in SIDES
    min_length,              // min length N in SIDES
    valid,                   // valid TYPE in SIDES
    all_parts_filled,        // all parts filled in SIDES
    conflict_ask,            // conflict ask
    conflict_prefer,         // conflict prefer SIDE
  };
  Kind kind = Kind::unique;
  Name sides;     // a side or `both`; empty where the author wrote no `in …` (or the kind has none)
  Number length;  // max_length, min_length
  Name type;      // valid
  Span span;
};

struct Pair {
  End left;
  Arrow arrow;
  End right;
  std::vector<TransformUse> via;
  std::optional<Name> table;    // using TABLE; "nordic.gender" is one name
  std::vector<Clause> clauses;  // in the pair's own braces
  Span span;                    // of the pair without its braces
  bool broken = false;
};

struct Shape {  // either "Name" { … } or "Name" { … }
  Text name;
  std::vector<Pair> pairs;
  std::vector<Clause> clauses;
  Span span;
  bool broken = false;
};

}  // namespace dovetail::dsl::ast
