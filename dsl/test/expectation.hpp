// Compares what a test expects with what happened.
#pragma once

#include <optional>
#include <vector>

#include "dsl/test/run.hpp"
#include "dsl/test/scene.hpp"
#include "engine/plan/plan.hpp"

namespace dovetail::dsl {

// The plans of a test's actions, and who its person is in each.
class Happened {
 public:
  // `scene`: as the plan found it.
  void add(Plan plan, const Scene& scene);
  const Plan& last() const { return plans_.back(); }

  struct Step {
    const Plan* plan = nullptr;
    PersonIndex person = 0;
  };
  std::vector<Step> steps() const;  // without actions in which the person does not occur

 private:
  std::vector<Plan> plans_;
  std::vector<std::optional<PersonIndex>> people_;
};

// nullopt: as expected.
std::optional<TestFailure> judge(const ir::RuleSet& rules, const Expectation& expectation, const Happened& happened,
                                 const Scene& after, const TestContext& context);

}  // namespace dovetail::dsl
