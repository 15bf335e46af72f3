// Lives of random people under every map of the tree.
#include "tests/lives/life.hpp"

#include "engine/ir/program.hpp"

#include "tests/dsl/rule_files.hpp"
#include "tests/lives/round_trips.hpp"

using namespace dovetail;
using namespace dovetail::test;

namespace {

void live_many(unsigned first, unsigned lives) {
  for (const char* name : all_maps) {
    const auto map = compile_map(name);
    REQUIRE(map->compiled.rules.has_value());
    for (unsigned seed = first; seed < first + lives; ++seed) {
      DrawnAtRandom draw(seed);
      INFO(name << ", seed " << seed);
      const std::string broken = live(map->rules(), reference_tables(), draw);
      CHECK(broken == "");
    }
  }
}

}  // namespace

TEST_CASE("lives of people under every map: plans add up, keep their previews, and come to rest") { live_many(1, 300); }

TEST_CASE("long lives of people under every map", "[long]") { live_many(1000, 5000); }

// With everything preselected, one who stayed open counted as freeing a value that must be unique.
TEST_CASE("a life in which somebody takes a value that another, who is not decided on, has") {
  const auto map = compile_map("twentyfoursevenoffice");
  REQUIRE(map->compiled.rules.has_value());
  DrawnAtRandom draw(4351);
  CHECK(live(map->rules(), reference_tables(), draw) == "");
}

TEST_CASE("plans of many people under every map are the same for any order of the input and any number of threads") {
  for (const char* name : all_maps) {
    const auto map = compile_map(name);
    REQUIRE(map->compiled.rules.has_value());
    INFO(name);
    DrawnAtRandom draw(71);
    CHECK(differing_plan(map->rules(), reference_tables(), draw, 400) == "");
  }
}

TEST_CASE("plans of thousands of people are the same for any order of the input and any number of threads", "[long]") {
  for (const char* name : all_maps) {
    const auto map = compile_map(name);
    REQUIRE(map->compiled.rules.has_value());
    INFO(name);
    DrawnAtRandom draw(72);
    CHECK(differing_plan(map->rules(), reference_tables(), draw, 4000) == "");
  }
}

TEST_CASE("what is pushed reads back the same, and what is read is not pushed back, for every field of every map") {
  for (const char* name : all_maps) {
    const auto map = compile_map(name);
    REQUIRE(map->compiled.rules.has_value());
    const ir::RuleSet& rules = map->rules();
    DrawnAtRandom draw(73);
    const RoundTrips made = make_round_trips(rules, reference_tables(), draw, 6000);
    INFO(name);
    CHECK(made.broken == "");
    const ir::Program program = ir::compile(rules);
    for (const ir::FieldProgram& field : program.fields) {
      // A national id that is drawn is hardly ever valid, and Netvisor's is never updated: the wire rows carry them.
      if (field.rule->label == "Identifications") continue;
      const auto crossed = made.crossed.find(field.rule->label);
      for (const ir::Side to : {ir::Side::hub, ir::Side::provider}) {
        INFO(field.rule->label << (to == ir::Side::hub ? " to the hub" : " to the provider"));
        CHECK((!field.flows[ir::at(to)] || (crossed != made.crossed.end() && crossed->second[ir::at(to)] > 0)));
      }
    }
  }
}
