// A test in a map. See ast.hpp.
#pragma once

#include <cstdint>
#include <optional>
#include <variant>
#include <vector>

#include "dsl/syntax/words.hpp"

namespace dovetail::dsl::ast {

struct Assignment {  // birthDate = 1990-05-01
  Path path;
  Literal value;
  Span span;
};

struct Given {
  enum class Kind : std::uint8_t {
    side,     // given huma { birthDate = … }, given huma absent
    base,     // given base { huma.birthDate = … }: paths start with the side
    others,   // given others { netvisor.email = … }: paths start with the side
    setting,  // given setting { create_on_add = on }
  };
  Kind kind = Kind::side;
  Name subject;  // the side's name, or the word
  std::optional<Span> absent;
  std::vector<Assignment> assignments;
  Span span;
  bool broken = false;
};

struct Today {  // today = 2026-03-01
  Literal date;
  Span span;
};

struct Activated {  // activated, activated = 2026-01-01
  std::optional<Literal> date;
  Span span;
};

struct Action {
  enum class Kind : std::uint8_t { push, synchronise, create, deactivate, remove };
  Kind kind = Kind::push;
  Name side;  // create in SIDE; synchronise taking SIDE (empty: nothing taken)
  Span span;
};

struct Expect {
  enum class Kind : std::uint8_t {
    value,           // expect SIDE.PATH = value
    clear,           // expect clear SIDE.PATH
    no_change,       // expect no change to SIDE.PATH, to SIDE
    blocked_unset,   // expect blocked unset SIDE.PATH
    blocked_update,  // expect blocked update SIDE.PATH
    held,            // expect held REASON, expect held REASON SIDE.PATH
  };
  Kind kind = Kind::value;
  SidePath path;
  Literal value;                // Kind::value
  Name reason;                  // Kind::held
  std::optional<Text> because;  // … because "the clause that is the reason"
  Span span;
};

struct Test {
  Text name;
  std::vector<std::variant<Given, Today, Activated, Action, Expect>> items;
  Doc doc;
  Span span;
  bool broken = false;
};

}  // namespace dovetail::dsl::ast
