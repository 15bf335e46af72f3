#include "dsl/test/given_values.hpp"

#include <algorithm>

namespace dovetail::dsl {
namespace {

// The country of the record that the values are given to; empty: none.
std::string region_of(const ir::RuleSet& rules, ir::Side side, const std::vector<TestValue>& values) {
  const ir::MemberId region = rules.schema(side).region;
  const auto found = std::ranges::find_if(values, [&](const TestValue& given) {
    return given.path.side == side && given.path.member == region && given.value.state == State::value;
  });
  return found == values.end() ? std::string() : found->value.text;
}

// False: not of its member's type.
bool type_value(const ir::RuleSet& rules, const std::string& region, const TestPath& path, Value& value) {
  const CheckedType* type = rules.schema(path.side).members[path.member].type;
  if (type == nullptr || !type->by_region || value.state != State::value) return true;
  CheckContext context;
  context.region = region;
  context.test_system = true;
  std::string sent;
  if (type->check(value.text, context, sent) != Fault::none) return false;
  value.text = std::move(sent);
  return true;
}

}  // namespace

TestCase with_typed_values(const ir::RuleSet& rules, TestCase test) {
  const auto type_all = [&](std::vector<TestValue>& values, ir::Side side, const std::string& region) {
    for (TestValue& given : values) {
      if (given.path.side != side) continue;
      if (!type_value(rules, region, given.path, given.value)) given.value.state = State::invalid;
    }
  };
  std::array<std::string, 2> regions;
  for (const ir::Side side : {ir::Side::hub, ir::Side::provider}) {
    const auto index = static_cast<std::size_t>(side);
    regions[index] = region_of(rules, side, test.given[index]);
    type_all(test.given[index], side, regions[index]);
    if (test.base) type_all(*test.base, side, regions[index]);
    for (OtherRecords& other : test.others) type_all(other.values, side, region_of(rules, side, other.values));
  }
  for (Expectation& expected : test.expectations) {
    if (!expected.path || expected.kind != Expectation::Kind::value) continue;
    const auto index = static_cast<std::size_t>(expected.path->side);
    const std::string& region = regions[index].empty() ? regions[1 - index] : regions[index];
    type_value(rules, region, *expected.path, expected.value);  // what is of no type is found nowhere
  }
  return test;
}

}  // namespace dovetail::dsl
