// What users of such systems were burned by, over HTTP and a store.
#include <catch2/catch.hpp>

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <random>
#include <thread>

#include "engine/runtime/work/sweep.hpp"
#include "tests/runtime/stage.hpp"

using namespace dovetail;
using namespace dovetail::test;
using sandbox::Json;

TEST_CASE("shuffled and doubled events, and dropped ones with a sweep, end in the same state") {
  Stage stage({.people = 4}), calm({.people = 4});
  stage.activate();
  calm.activate();
  const std::vector<std::string> ids = stage.hub_ids();
  std::vector<std::string> events;
  for (Stage* one : {&stage, &calm}) {
    for (std::size_t i = 0; i < ids.size(); ++i) {
      one->hub->patch_row("users", ids[i], {{"familyName", "Berg " + std::to_string(i)}});
      one->hub->patch_row("users", ids[i], {{"givenName", "Kari " + std::to_string(i)}});
    }
  }
  for (const std::string& id : ids) {
    calm.tell(id);
    if (id != ids.back()) events.insert(events.end(), 3, id);  // of the last one nobody tells
  }
  calm.work();
  std::shuffle(events.begin(), events.end(), std::minstd_rand(3));
  for (const std::string& id : events) stage.tell(id);
  stage.work();
  CHECK_FALSE(stage.employees() == calm.employees());
  const auto opened = stage.open();
  const auto swept = sweep(stage.means(), *opened);
  REQUIRE(swept);
  CHECK(swept->changed == 1);
  stage.work();
  CHECK(stage.employees() == calm.employees());
}

TEST_CASE("a partial listing of the hub concludes nothing") {
  Stage stage({.people = 4});
  stage.activate();
  stage.hub->add_fault({{"kind", "empty_list"}, {"times", -1}});
  const auto opened = stage.open();
  CHECK_FALSE(sweep(stage.means(), *opened));
  stage.work();
  for (const std::string& id : stage.hub_ids()) CHECK(stage.link_of(id)->link.state == LinkState::linked);
}

TEST_CASE("a leaver's last change goes out once, and then the person is locked") {
  Stage stage({.people = 3});
  stage.activate();
  const std::string id = stage.hub_ids().front();
  stage.hub->patch_row("users", id, {{"givenName", "Siste"}, {"active", false}});
  stage.tell(id, Event::deactivated);
  stage.work();
  CHECK(stage.employee_of(id)["FirstName"] == "Siste");
  CHECK(stage.link_of(id)->link.state == LinkState::locked);
  stage.hub->patch_row("users", id, {{"givenName", "Senere"}});
  stage.tell(id);
  stage.work();
  CHECK(stage.employee_of(id)["FirstName"] == "Siste");
  SECTION("and goes on when they come back, with what is now") {
    stage.hub->patch_row("users", id, {{"active", true}});
    stage.tell(id);
    stage.work();
    CHECK(stage.employee_of(id)["FirstName"] == "Senere");
  }
}

TEST_CASE("somebody deleted in the hub becomes a tombstone, and stays in the provider") {
  Stage stage({.people = 3});
  stage.activate();
  const std::string id = stage.hub_ids().front();
  stage.forget_calls();
  stage.hub->remove_row("users", id);
  stage.tell(id, Event::removed);
  stage.work();
  CHECK(stage.link_of(id)->link.state == LinkState::hub_deleted);
  CHECK(stage.writes() == 0);
  CHECK(stage.employees().size() == 3);
  std::size_t values = 0;
  const std::optional<StoredLink> tombstone = stage.link_of(id);
  REQUIRE(tombstone);
  for (const FieldBase& base : tombstone->link.base) {
    for (const Few<BasePart>* parts : {&base.hub, &base.provider}) {
      for (const BasePart& part : *parts) {
        if (part.value.state != State::value) continue;
        ++values;
        INFO(part.path);
        CHECK(part.value.hashed);
      }
    }
  }
  CHECK(values > 5);
}

TEST_CASE("credentials that are revoked for a while lose nothing") {
  Stage stage({.people = 3});
  stage.activate();
  const std::string id = stage.hub_ids().front();
  const int fault = stage.provider->add_fault({{"kind", "status"}, {"status", 401}, {"times", -1}});
  (void)fault;
  stage.hub->patch_row("users", id, {{"givenName", "Synnøve"}});
  stage.tell(id);
  stage.work();
  CHECK(stage.connection().state == ConnectionState::quarantined);
  stage.provider->clear_faults();
  for (int tries = 0; tries < 100 && stage.connection().state != ConnectionState::active; ++tries) {
    std::this_thread::sleep_for(std::chrono::milliseconds(60));
    stage.work();
  }
  CHECK(stage.connection().state == ConnectionState::active);
  stage.work();
  CHECK(stage.employee_of(id)["FirstName"] == "Synnøve");
}

TEST_CASE("a person added in the hub is added once, and somebody the provider has is not added again") {
  Stage stage({.people = 3});
  stage.activate();
  stage.forget_calls();
  Json made = stage.hub->row("users", stage.hub_ids().front());
  made["identifications"] = Json::array();
  made["bankAccount"] = Json::object();
  made["positions"] = Json::array();
  made["givenName"] = "Ny";  // nobody who might be meant is there yet
  made["birthDate"] = "1990-02-03";
  made["phone"] = "+4791111111";
  made["employmentId"] = "7001";
  SECTION("new") {
    made["id"] = "5a5a5a5a-0000-4000-8000-000000000001";
    made["email"] = "ny.person@example.com";
    made["givenName"] = "Nyansatt";  // by the name of somebody who is linked, a person would have to say who it is
    stage.hub->put_row("users", made["id"], made);
    stage.tell(made["id"], Event::added);
    stage.tell(made["id"], Event::changed);
    stage.work();
    CHECK(stage.employees().size() == 4);
    REQUIRE(stage.link_of(made["id"]));
    stage.hub->patch_row("users", made["id"], {{"givenName", "Annet"}});
    stage.tell(made["id"]);
    stage.work();
    CHECK(stage.employee_of(made["id"])["FirstName"] == "Annet");
  }
  SECTION("the number is taken") {
    made["id"] = "5a5a5a5a-0000-4000-8000-000000000002";
    made["email"] = "ny.person@example.com";
    made["employmentId"] = stage.hub->row("users", stage.hub_ids().front())["employmentId"];
    stage.hub->put_row("users", made["id"], made);
    stage.tell(made["id"], Event::added);
    stage.work();
    CHECK(stage.employees().size() == 3);
    CHECK(stage.writes() == 0);
    CHECK(stage.problems().size() == 1);
  }
}

TEST_CASE("a connection that only observes, or is paused, writes nothing") {
  Stage stage({.people = 3});
  stage.activate();
  const std::string id = stage.hub_ids().front();
  stage.forget_calls();
  stage.hub->patch_row("users", id, {{"givenName", "Synnøve"}});
  const bool observes = GENERATE(true, false);
  stage.change_connection([&](Connection& one) {
    one.observes_only = observes;
    if (!observes) one.state = ConnectionState::paused;
  });
  stage.tell(id);
  stage.work();
  CHECK(stage.writes() == 0);
  stage.change_connection([&](Connection& one) {
    one.observes_only = false;
    one.state = ConnectionState::active;
  });
  if (observes) REQUIRE(sweep(stage.means(), *stage.open()));
  stage.work();
  CHECK(stage.employee_of(id)["FirstName"] == "Synnøve");
}

TEST_CASE("one value that a system refuses stops nothing else, and is in the error log") {
  Stage stage({.people = 3});
  stage.activate();
  const std::vector<std::string> ids = stage.hub_ids();
  stage.hub->patch_row("users", ids[0], {{"phone", "not a number"}, {"givenName", "Synnøve"}});
  stage.hub->patch_row("users", ids[1], {{"givenName", "Ingrid"}});
  for (const std::string& id : ids) stage.tell(id);
  stage.work();
  CHECK(stage.employee_of(ids[0])["FirstName"] == "Synnøve");
  CHECK(stage.employee_of(ids[1])["FirstName"] == "Ingrid");
  stage.hub->patch_row("users", ids[0], {{"phone", "+4798765432"}});
  stage.tell(ids[0]);
  stage.work();
  CHECK(stage.employee_of(ids[0])["PhoneNumber"] == "+4798765432");
  CHECK(stage.problems().empty());
}

TEST_CASE("a value that goes back and forth is held, and both writers are named") {
  Stage stage({.people = 3});
  stage.activate();
  const std::string id = stage.hub_ids().front();
  const std::string record = stage.link_of(id)->link.provider_id;
  const std::string other = stage.hub->row("users", id)["givenName"];
  for (int turn = 0; turn < 6; ++turn) {
    stage.hub->patch_row("users", id, {{"givenName", turn % 2 == 0 ? "Synnøve" : other}});
    stage.tell(id);
    stage.work();
  }
  const std::vector<Problem> problems = stage.problems();
  REQUIRE(problems.size() == 1);
  CHECK(problems.front().reason == Reason::quarantined);
  CHECK(problems.front().what.find("Huma and PowerOffice Go") != std::string::npos);
}

TEST_CASE("several workers share a connection's people, and one takes over where another was killed") {
  Stage stage({.store = "postgresql", .provider = "netvisor", .people = 8, .creates = false});
  stage.activate();
  for (const std::string& id : stage.hub_ids()) {
    stage.hub->patch_row("users", id, {{"familyName", "Berg"}});
    stage.tell(id);
  }
  stage.provider->add_fault({{"kind", "latency"}, {"path", "patchemployee"}, {"milliseconds", 60}, {"times", -1}});
  const std::string where = stage.store.where();
  const auto begun = std::chrono::steady_clock::now();
  std::jthread dying([&] { (void)run("victim '" + where + "' during-call 3"); });
  std::jthread living([&] { (void)run("victim '" + where + "'"); });
  dying.join();
  const auto killed = std::chrono::steady_clock::now();
  living.join();
  stage.work();
  INFO("the kill came after " << std::chrono::duration<double>(killed - begun).count() << " s");
  for (const std::string& id : stage.hub_ids()) CHECK(stage.employee_of(id)["lastname"] == "Berg");
  CHECK(stage.problems().empty());
}

TEST_CASE("A's mail is given to B and A gets another, in both orders: nobody gets the other's record") {
  const bool b_first = GENERATE(true, false);
  Stage stage({.people = 3});
  stage.activate();
  const std::vector<std::string> ids = stage.hub_ids();
  const std::string mail = stage.hub->row("users", ids[0])["email"];
  const std::vector<std::string> records = {stage.link_of(ids[0])->link.provider_id,
                                            stage.link_of(ids[1])->link.provider_id};
  const auto change = [&](std::size_t person, const std::string& to) {
    stage.hub->patch_row("users", ids[person], {{"email", to}});
    stage.tell(ids[person]);
    stage.work();
  };
  if (b_first) change(1, mail);
  change(0, "ny.adresse@example.com");
  if (!b_first) change(1, mail);
  stage.tell(ids[1]);
  stage.work();
  CHECK(stage.employee_of(ids[0])["EmailAddress"] == "ny.adresse@example.com");
  CHECK(stage.employee_of(ids[1])["EmailAddress"] == mail);
  for (const std::size_t i : {0U, 1U}) CHECK(stage.link_of(ids[i])->link.provider_id == records[i]);
  CHECK(stage.employees().size() == 3);
}

TEST_CASE("a newcomer with the old mail of somebody who is still linked is disputed, and nobody counts as gone") {
  Stage stage({.people = 3});
  stage.activate();
  const std::string linked = stage.hub_ids().front();
  const StoredLink before = *stage.link_of(linked);
  sandbox::Json newcomer = stage.hub->row("users", linked);
  stage.hub->patch_row("users", linked, {{"email", "ny.adresse@example.com"}});  // its event comes later
  newcomer["id"] = "5a5a5a5a-0000-4000-8000-000000000001";
  newcomer["givenName"] = "Nyansatt";
  newcomer["employmentId"] = nullptr;
  newcomer["identifications"] = newcomer["positions"] = sandbox::Json::array();
  stage.hub->put_row("users", newcomer["id"], newcomer);
  stage.forget_calls();
  stage.tell(newcomer["id"], Event::added);
  stage.work();
  CHECK(stage.writes() == 0);
  CHECK(stage.link_of(linked)->link == before.link);
  REQUIRE(stage.problems().size() == 1);
  CHECK(stage.problems().front().reason == Reason::disputed);
}

TEST_CASE("few people at a time, again and again within a day: the guard trips in the end, and tells once") {
  Stage stage({.people = 25, .creates = false});
  stage.activate();
  const std::vector<std::string> ids = stage.hub_ids();
  for (std::size_t i = 0; i < 24; ++i) {
    stage.hub->patch_row("users", ids[i], {{"familyName", "Ingenes"}});
    stage.tell(ids[i]);
    stage.work();  // one at a time: pushes that go at once read the same count
  }
  std::size_t written = 0;
  for (const std::string& id : ids) written += stage.employee_of(id)["LastName"] == "Ingenes" ? 1U : 0U;
  CHECK(written == 20);  // max(20, 20 %) of 25
  const std::vector<Problem> problems = stage.problems();
  CHECK(problems.size() == 4);
  for (const Problem& problem : problems) CHECK(problem.reason == Reason::guarded);
  std::size_t told = 0;
  for (const Notification& one : stage.store.read([](Transaction& now) { return now.notifications(); })) {
    told += one.kind == "guard" ? 1U : 0U;
  }
  CHECK(told == 1);
}

TEST_CASE("pushes that go at once do not change more people than the guard allows") {
  const std::string kind = GENERATE(both_stores());
  Stage stage({.store = kind, .people = 25, .creates = false});
  stage.activate();
  const std::vector<std::string> ids = stage.hub_ids();
  for (const std::string& id : ids) {
    stage.hub->patch_row("users", id, {{"familyName", "Ingenes"}});
    stage.tell(id);
  }
  Means with = stage.means();
  std::mutex mutex;
  std::condition_variable planned;
  std::size_t arrived = 0;
  with.at_step = [&](std::string_view step) {  // four at a time have planned before one of them is counted
    if (step != "before-calls") return;
    std::unique_lock lock(mutex);
    ++arrived;
    const std::size_t of_four = (arrived + 3) / 4 * 4;
    planned.notify_all();
    planned.wait_for(lock, std::chrono::milliseconds(300), [&] { return arrived >= of_four; });
  };
  Worker worker(with, {.name = "test", .threads = 4, .poll = std::chrono::milliseconds(10), .sweep = {}});
  const Result<void> worked = worker.run_until_quiet();
  if (!worked) FAIL(worked.error().what);
  std::size_t written = 0;
  for (const std::string& id : ids) written += stage.employee_of(id)["LastName"] == "Ingenes" ? 1U : 0U;
  CHECK(written == 20);  // max(20, 20 %) of 25
  CHECK(stage.problems().size() == 5);
  for (const Problem& problem : stage.problems()) CHECK(problem.reason == Reason::guarded);
}
