// Runs the `test` blocks of a map through the engine's own interpreter: there is no second implementation of a rule.
#pragma once

#include <chrono>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "dsl/test/test_case.hpp"
#include "engine/ir/rules.hpp"
#include "engine/values/type.hpp"

namespace dovetail::dsl {

struct TestContext {
  const ReferenceTables* tables = nullptr;
  // The text of a rule file from a place on: what `because "…"` is compared with. Empty: the file is not known.
  std::function<std::string_view(const ir::Origin&)> text_from;
  // Of tests that give no day: a fixed one, so that a test gives the same result on every day.
  CivilDay today = std::chrono::year{2026} / std::chrono::January / 1;
};

// An expectation that was not met.
struct TestFailure {
  ir::Origin origin;
  std::string expected;  // "netvisor.x = 5"
  std::string got;       // one line for people; test data only, so nothing in it is secret
};

// Everything that was not met; empty: the test passes. The rules must be those that the test was compiled with, or
// the same with a clause, a row or a field taken away.
std::vector<TestFailure> run(const ir::RuleSet& rules, const TestCase& test, const TestContext& context);

}  // namespace dovetail::dsl
