// Which rules of a map its tests guard: each rule is taken away in turn, and a test that guards it must then fail.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "dsl/test/run.hpp"

namespace dovetail::dsl {

// The rules without one of them.
struct Mutant {
  enum class Kind : std::uint8_t {
    row,     // a whole field, switched off
    clause,  // a clause of a field, pair, list or group; a row of a values table; a line of the life cycle
  };
  Kind kind = Kind::clause;
  std::string what;  // "field “Gender”", "required of “Gender”", "clause of “Gender”"
  ir::Origin origin;
  ir::RuleSet rules;
};

std::vector<Mutant> mutants_of(const ir::RuleSet& rules);

struct TestResult {
  const TestCase* test = nullptr;
  std::vector<TestFailure> failures;
  bool vacuous = false;  // passes, whatever rule is taken away
};

struct Coverage {
  struct Rule {
    Mutant::Kind kind = Mutant::Kind::clause;
    std::string what;
    ir::Origin origin;
    bool tested = false;
  };
  std::vector<TestResult> results;  // in the order of the tests
  std::vector<Rule> rules;          // in the order of mutants_of()
};

// Runs every test on the rules as they are, and the passing ones on every mutant.
Coverage run_all(const ir::RuleSet& rules, std::span<const TestCase> tests, const TestContext& context);

}  // namespace dovetail::dsl
