// A `test` block of a map with every name resolved: what is given, what is done, what is expected of it.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "engine/ir/rules.hpp"
#include "engine/values/civil_day.hpp"
#include "engine/values/observation.hpp"

namespace dovetail::dsl {

// A member of one of the two records, or of one element of a list of it.
struct TestPath {
  ir::Side side = ir::Side::hub;
  ir::MemberId member = ir::no_member;  // scalar; of an expectation also an object or a list: everything in it
  ir::Selector selector;                // positions[current].title
  std::optional<std::uint32_t> index;   // positions[0].title: the element given as the first one
  std::string text;                     // as messages name it: "huma.positions[0].title"
};

struct TestValue {
  TestPath path;
  Value value;  // value (sent form), unset, absent or masked
  ir::Origin origin;
};

// One record besides the linked person, in `given others`: a block is one more record of each side it names.
struct OtherRecords {
  std::vector<TestValue> values;
};

enum class TestActionKind : std::uint8_t { push, synchronise, create, deactivate, remove };

struct TestAction {
  TestActionKind kind = TestActionKind::push;
  std::optional<ir::Side> side;  // create: where; synchronise: whose values are taken (nullopt: nothing is decided)
  ir::Origin origin;
};

struct Expectation {
  enum class Kind : std::uint8_t { value, clear, no_change, blocked_unset, blocked_update, held };
  Kind kind = Kind::value;
  std::optional<ir::Side> side;  // nullopt: of `held REASON` without a path
  std::optional<TestPath> path;  // nullopt: the whole record of `side`, or (held) any field
  Value value;                   // Kind::value; also unset
  std::string reason;            // Kind::held: a reason code, with hyphens
  std::string because;           // the clause that must be the reason; empty: any
  ir::Origin origin;
};

struct TestCase {
  std::string name;
  std::array<std::vector<TestValue>, 2> given;         // by Side; members that are not named are unset
  std::array<bool, 2> record_absent = {false, false};  // `given SIDE absent`: the person is not there
  std::optional<std::vector<TestValue>> base;  // nullopt: never agreed on anything; `given base {}`: an empty one
  std::vector<OtherRecords> others;
  std::vector<std::pair<std::uint32_t, std::string>> settings;  // index into RuleSet::settings, value in sent form
  std::optional<CivilDay> today;
  bool activated = false;
  std::optional<CivilDay> activated_on;   // nullopt: on `today`
  std::vector<TestAction> actions;        // in file order
  std::vector<Expectation> expectations;  // at least one, about the state after all actions
  ir::Origin origin;
};

}  // namespace dovetail::dsl
