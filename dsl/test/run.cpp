#include "dsl/test/run.hpp"

#include <algorithm>

#include "dsl/test/expectation.hpp"
#include "dsl/test/given_values.hpp"
#include "dsl/test/scene.hpp"

namespace dovetail::dsl {
namespace {

Decisions decisions_for(const TestAction& action) {
  Decisions decisions;
  if (action.kind == TestActionKind::synchronise && action.side)
    decisions.bulk = *action.side == ir::Side::hub ? Choice::hub : Choice::provider;
  if (action.kind == TestActionKind::create && action.side) {
    decisions.create_in[ir::at(*action.side)] = true;
    decisions.accept_preselected = true;
  }
  return decisions;
}

Event event_for(TestActionKind kind) {
  switch (kind) {
    case TestActionKind::deactivate:
      return Event::deactivated;
    case TestActionKind::remove:
      return Event::removed;
    default:
      return Event::changed;
  }
}

// The person who runs a test accepts what a question suggests; a question without a suggestion stays unanswered.
bool answer_suggestions(const Plan& plan, Decisions& decisions) {
  bool answered = false;
  for (const Question& question : plan.questions) {
    if (question.suggestion.empty()) continue;
    const Person& person = plan.people[question.person];
    decisions.answers.push_back({question.text, person.hub_id, person.provider_id, question.suggestion});
    answered = true;
  }
  return answered;
}

Plan plan_action(const ir::Program& program, const Scene& scene, const TestCase& test, const TestAction& action,
                 const TestContext& context, const Snapshot& hub, const Snapshot& provider) {
  Decisions decisions = decisions_for(action);
  const bool manual = action.kind == TestActionKind::synchronise || action.kind == TestActionKind::create;
  PlanInput input{.program = program,
                  .hub = hub,
                  .provider = provider,
                  .base = scene.base(),
                  .decisions = &decisions,
                  .settings = {},
                  .only = {}};
  input.today = test.today.value_or(context.today);
  input.mode = manual ? Mode::manual : Mode::push;
  // A person who is not in the provider yet has just been added to the hub.
  const bool added = action.kind == TestActionKind::push && scene.person(ir::Side::provider) == nullptr;
  input.event = added ? Event::added : event_for(action.kind);
  input.settings.resize(program.rules->settings.size());
  for (const auto& [setting, value] : test.settings) input.settings[setting] = value;
  if (!manual) input.only = {scene.id(ir::Side::hub)};
  input.tables = context.tables;
  input.test_system = true;
  Plan made = plan(input);
  if (manual && answer_suggestions(made, decisions)) made = plan(input);
  return made;
}

}  // namespace

std::vector<TestFailure> run(const ir::RuleSet& rules, const TestCase& written, const TestContext& context) {
  const TestCase test = with_typed_values(rules, written);
  const ir::Program program = ir::compile(
      rules, {ir::Layout::whole(rules.schema(ir::Side::hub)), ir::Layout::whole(rules.schema(ir::Side::provider))});
  Scene scene(program, test, test.today.value_or(context.today));
  Happened happened;
  for (const TestAction& action : test.actions) {
    if (action.kind == TestActionKind::remove) scene.delete_in_hub();
    if (action.kind == TestActionKind::deactivate) scene.deactivate_in_hub();
    const Snapshot hub = scene.snapshot(ir::Side::hub);
    const Snapshot provider = scene.snapshot(ir::Side::provider);
    happened.add(plan_action(program, scene, test, action, context, hub, provider), scene);
    scene.apply(happened.last());
  }
  std::vector<TestFailure> failures;
  for (const Expectation& expectation : test.expectations)
    if (auto failure = judge(rules, expectation, happened, scene, context)) failures.push_back(std::move(*failure));
  return failures;
}

}  // namespace dovetail::dsl
