// One bad record does not stop or hide the rest; and few calls a second starve nobody.
#include <catch2/catch.hpp>

#include <algorithm>
#include <filesystem>
#include <set>

#include "engine/runtime/work/sweep.hpp"
#include "tests/places.hpp"
#include "tests/runtime/stage.hpp"

using namespace dovetail;
using namespace dovetail::test;
using sandbox::Json;

namespace {

constexpr std::size_t people = 50;

// Nothing that is sent to these records is taken.
std::set<std::string> poison(Stage& stage, std::size_t every) {
  std::set<std::string> poisoned;
  const std::vector<std::string> ids = stage.hub_ids();
  for (std::size_t i = 0; i < ids.size(); i += every) {
    poisoned.insert(ids[i]);
    const std::string record = stage.link_of(ids[i])->link.provider_id;
    stage.provider->add_fault(
        {{"kind", "status"}, {"status", 400}, {"method", "PATCH"}, {"path", "Employees/" + record}, {"times", -1}});
  }
  return poisoned;
}

// So that so many names may change in a day.
std::string rules_without_limits(const Folder& folder) {
  std::filesystem::copy(DOVETAIL_SOURCE_DIR "/rules", folder.path(), std::filesystem::copy_options::recursive);
  folder.write("poweroffice_go.map", folder.read("poweroffice_go.map") + "\nguard overwrites 1000 or 100 %\n");
  return folder.file("poweroffice_go.map");
}

void rename_all(Stage& stage) {
  for (const std::string& id : stage.hub_ids()) stage.hub->patch_row("users", id, {{"familyName", "Nytt"}});
}

void check_rest(Stage& stage, const std::set<std::string>& poisoned) {
  std::set<std::string> named;
  for (const Problem& problem : stage.problems()) named.insert(problem.hub_id);
  CHECK(named == poisoned);
  for (const std::string& id : stage.hub_ids()) {
    INFO(id);
    CHECK((stage.employee_of(id)["LastName"] == "Nytt") == !poisoned.contains(id));
  }
}

}  // namespace

TEST_CASE("one of fifty records that takes nothing: a run does all others, and names that one") {
  Stage stage({.people = people, .creates = false});
  stage.activate();
  const std::set<std::string> poisoned = poison(stage, 50);
  rename_all(stage);
  const ManualRun::Done done = stage.synchronise();
  CHECK(done.applied.count(Outcome::Kind::done) >= people - poisoned.size());
  check_rest(stage, poisoned);
}

TEST_CASE("one of fifty records that takes nothing: workers do all others, and name that one") {
  const Folder folder;
  Stage stage({.people = people, .creates = false, .map = rules_without_limits(folder)});
  stage.activate();
  const std::set<std::string> poisoned = poison(stage, 50);
  rename_all(stage);
  for (const std::string& id : stage.hub_ids()) stage.tell(id);
  const Means with = stage.means();
  Worker worker(with, {.name = "test", .threads = 4, .poll = std::chrono::milliseconds(10), .sweep = {}});
  const Result<void> worked = worker.run_until_quiet();
  if (!worked) FAIL(worked.error().what);
  check_rest(stage, poisoned);
  CHECK(stage.connection().state == ConnectionState::active);
}

namespace {

// Everybody renamed and told of, while the provider takes two calls a second and answers 429 above that.
void rename_slowly(int count) {
  const Folder folder;
  Stage stage({.people = count, .creates = false, .map = rules_without_limits(folder)});
  stage.activate();
  stage.forget_calls();
  rename_all(stage);
  for (const std::string& id : stage.hub_ids()) stage.tell(id);
  stage.provider->set_knob("rate_limit", "2");
  Means with = stage.means();
  with.limits.longest_retry = std::chrono::seconds(30);
  with.limits.first_retry = std::chrono::seconds(1);
  Worker worker(with, {.name = "test", .threads = 4, .poll = std::chrono::milliseconds(10), .sweep = {}});
  const Result<void> worked = worker.run_until_quiet();
  if (!worked) FAIL(worked.error().what);
  std::size_t refused = 0, all = 0;
  for (const auto& call : stage.provider->calls()) {
    ++all;
    refused += call.answer.status == 429 ? 1U : 0U;
  }
  INFO(refused << " of " << all << " calls were refused");
  CHECK(refused * 2 <= all);
  check_rest(stage, {});
  CHECK(stage.connection().state == ConnectionState::active);
}

}  // namespace

TEST_CASE("two calls a second: nobody is given up, and hardly a call is refused") { rename_slowly(6); }

TEST_CASE("two calls a second, and a thousand people who change", "[long]") { rename_slowly(1000); }

TEST_CASE("few calls a second: what is told goes before what a sweep found, and all of it goes in the end") {
  const Folder folder;
  Stage stage({.people = 20, .creates = false, .map = rules_without_limits(folder)});
  stage.activate();
  const auto opened = stage.open();
  REQUIRE(sweep(stage.means(), *opened));  // seen as they are
  stage.work();
  stage.forget_calls();
  rename_all(stage);
  const auto swept = sweep(stage.means(), *opened);
  REQUIRE(swept);
  CHECK(swept->changed == 20);
  const std::string told = stage.hub_ids().back();
  const std::string record = stage.link_of(told)->link.provider_id;
  stage.tell(told);
  stage.provider->set_knob("rate_limit", "30");  // and 429 above it
  const Means with = stage.means();
  Worker worker(with, {.name = "test", .threads = 1, .poll = std::chrono::milliseconds(10), .sweep = {}});
  const Result<void> worked = worker.run_until_quiet();
  if (!worked) FAIL(worked.error().what);
  std::string first;
  for (const auto& call : stage.provider->calls()) {
    if (first.empty() && call.call.method == "PATCH") first = call.call.path;
  }
  CHECK(first.ends_with("/" + record));
  check_rest(stage, {});
}
