// `dovetail sync` of a connection, on a terminal: asked what is undecided, beside others who decide, and stopped on the
// way.
#include <catch2/catch.hpp>

#include <chrono>
#include <thread>

#include "engine/store/keyed_hash.hpp"
#include "tests/runtime/stage.hpp"
#include "tests/tools/dovetail/typist.hpp"

using namespace dovetail;
using namespace dovetail::test;

namespace {

constexpr const char* prompt = "q = stop asking: ";

std::string command(const Stage& stage, const std::string& text) {
  return "exec env DOVETAIL_KEY=" + key_text(stage.store.key()) + " dovetail " + text + " --store '" +
         stage.store.where() + "'";
}

std::size_t renamed(const Stage& stage) {
  std::size_t count = 0;
  const sandbox::Json all = stage.provider->rows("employees");
  for (const auto& [id, row] : all.items()) count += row["FirstName"] == "Solveig" ? 1U : 0U;
  return count;
}

}  // namespace

TEST_CASE("sync of a connection asks on the terminal, and what others decide meanwhile counts, too") {
  Stage stage({.store = "postgresql", .people = 3, .creates = false});
  const std::vector<std::string> ids = stage.hub_ids();
  for (const std::string& id : ids) stage.hub->patch_row("users", id, {{"givenName", "Solveig"}});
  RunId id = no_run;
  {
    const auto opened = stage.open();
    const auto run = ManualRun::start(stage.means(), *opened, "a test");
    if (!run) FAIL(run.error().what);
    id = run->run().id;
  }
  Typist typist(
      command(stage, "sync payroll --ask --field 'Given name' --person " + ids[0] + " --run " + std::to_string(id)));
  REQUIRE(typist.sees(prompt));
  {
    const Means with = stage.means();
    const auto opened = stage.open();
    auto other = ManualRun::resume(with, *opened, id);
    if (!other) FAIL(other.error().what);
    REQUIRE(other->decide_more([&](Decisions before) {
      before.exact.push_back(
          {.hub_id = ids[2], .provider_id = {}, .field = {}, .element = {}, .choice = Choice::hub, .by = {}});
      return before;
    }));
  }
  typist.types("h\n");
  CHECK(typist.ends() == 1);
  INFO(typist.screen);
  CHECK(renamed(stage) == 2);
  CHECK(stage.employee_of(ids[0])["FirstName"] == "Solveig");
  CHECK(stage.employee_of(ids[2])["FirstName"] == "Solveig");
  CHECK_THAT(typist.screen, Catch::Contains("is kept, with what is decided so far"));
}

TEST_CASE("the end of the input before all was asked writes nothing for a connection, either") {
  Stage stage({.people = 2, .creates = false});
  for (const std::string& id : stage.hub_ids()) stage.hub->patch_row("users", id, {{"givenName", "Solveig"}});
  stage.store.close();
  Typist typist(command(stage, "sync payroll --ask"));
  REQUIRE(typist.sees(prompt));
  typist.types("h\n");
  REQUIRE(typist.sees(prompt));
  typist.types("\x04");
  CHECK(typist.ends() == 2);
  CHECK_THAT(typist.screen, Catch::Contains("the input ended before all was asked: nothing was written"));
  CHECK(renamed(stage) == 0);
}

TEST_CASE("a sync that is interrupted at the keyboard ends the person at work, and says how it goes on") {
  Stage stage({.people = 4, .creates = false});
  stage.activate();
  for (const std::string& id : stage.hub_ids()) stage.hub->patch_row("users", id, {{"givenName", "Solveig"}});
  stage.provider->add_fault({{"kind", "latency"}, {"method", "PATCH"}, {"milliseconds", 1500}, {"times", 2}});
  stage.forget_calls();
  stage.store.close();
  {
    Typist typist(command(stage, "sync payroll --decide hub --create none"));
    for (int i = 0; i < 2400 && stage.writes() == 0; ++i) std::this_thread::sleep_for(std::chrono::milliseconds(25));
    typist.types("\x03");
    CHECK(typist.ends() == 1);
    INFO(typist.screen);
    CHECK_THAT(typist.screen, Catch::Contains("stopping after this person") && Catch::Contains("told to stop") &&
                                  Catch::Contains("is kept: dovetail sync payroll --run 2 carries it out"));
    CHECK(stage.writes() < 4);
  }
  stage.store.open();
  stage.command("sync payroll --run 2");
  CHECK(stage.writes() == 4);
  CHECK(renamed(stage) == 4);
}

TEST_CASE("sync names what a new record was made without, and a script learns of it") {
  Stage stage({.people = 2});
  const sandbox::Json employees = stage.provider->rows("employees");
  for (const auto& [id, row] : employees.items()) stage.provider->remove_row("employees", id);
  stage.provider->add_fault(
      {{"kind", "status"}, {"status", 400}, {"method", "POST"}, {"path", "BankAccounts"}, {"times", -1}});
  stage.store.close();
  const Ran ran = run(command(stage, "sync payroll --decide hub --create both").substr(std::string("exec ").size()));
  INFO(ran.out);
  CHECK(ran.exit == 1);
  CHECK_THAT(ran.out, Catch::Contains("in part   created in PowerOffice Go with "));
  CHECK_THAT(ran.out, Catch::Contains("without Bank account number: "));
  CHECK_THAT(ran.out, Catch::Contains("2 written (2 only in part), 0 not written"));
}
