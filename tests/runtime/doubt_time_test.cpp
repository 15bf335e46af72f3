// How long what is in doubt is waited for: by this process's own clock, from its first look in vain.
#include <catch2/catch.hpp>

#include <atomic>

#include "engine/runtime/write/records.hpp"
#include "tests/forwarding_system.hpp"
#include "tests/runtime/other_clock.hpp"
#include "tests/runtime/stage.hpp"

using namespace dovetail;
using namespace dovetail::test;
using ir::Side;
using sandbox::Json;

namespace {

// The answer to the first creation is lost, and until `shows` no read has what it made.
struct Replica {
  std::atomic<bool> shows = false;
  std::atomic<int> creations = 0;
  std::string made;                   // its id
  std::function<void()> during_call;  // of the first creation
};

class LateSystem : public ForwardingSystem {
 public:
  LateSystem(std::unique_ptr<System> below, const ir::Program& program, Replica& replica)
      : ForwardingSystem(std::move(below)), program_(program), replica_(replica) {}

  Result<Completeness> list(Snapshot& into) override {
    Snapshot all(into.layout());
    auto whole = below().list(all);
    for (RecordIndex i = 0; i < all.size(); ++i) {
      if (!is_hidden(id_of(program_, Side::provider, all, i))) copy_record(all, i, into);
    }
    return whole;
  }
  Result<bool> get(std::string_view id, Snapshot& into) override {
    return is_hidden(id) ? Result<bool>(false) : below().get(id, into);
  }
  Result<std::vector<std::optional<std::string>>> find(ir::MemberId member,
                                                       const std::vector<std::string>& values) override {
    auto found = below().find(member, values);
    if (!found) return found;
    for (auto& id : *found) {
      if (id && is_hidden(*id)) id.reset();
    }
    return found;
  }
  Result<std::optional<std::string>> find_created(std::string_view reference) override {
    auto found = below().find_created(reference);
    if (found && *found && is_hidden(**found)) found->reset();
    return found;
  }
  Result<Created> create(const std::vector<Change>& members, std::string_view reference) override {
    auto created = below().create(members, reference);
    if (++replica_.creations > 1 || !created) return created;
    replica_.made = created->id.value();
    replica_.during_call();
    return std::unexpected(Error{.kind = Error::Kind::in_doubt, .what = "the answer is lost"});
  }

 private:
  bool is_hidden(std::string_view id) const { return !replica_.shows && !id.empty() && id == replica_.made; }

  const ir::Program& program_;
  Replica& replica_;
};

class LateOpener : public Opener {
 public:
  LateOpener(Opener& below, Replica& replica) : below_(below), replica_(replica) {}
  Result<std::unique_ptr<Opened>> open(const Connection& connection, CivilDay today) override {
    auto opened = below_.open(connection, today);
    if (!opened) return opened;
    std::unique_ptr<System>& provider = (*opened)->systems[ir::at(Side::provider)];
    provider = std::make_unique<LateSystem>(std::move(provider), (*opened)->program(), replica_);
    return opened;
  }

 private:
  Opener& below_;
  Replica& replica_;
};

const std::string newcomer = "5a5a5a5a-0000-4000-8000-000000000001";

void add_newcomer(Stage& stage) {
  Json made = stage.hub->row("users", stage.hub_ids().front());
  made["id"] = newcomer;
  made["email"] = "ny.person@example.com";
  made["givenName"] = "Ny";
  made["birthDate"] = "1990-02-03";
  made["phone"] = "+4790001000";
  made["employmentId"] = "5001";
  made["identifications"] = Json::array();
  made["bankAccount"] = Json::object();
  made["positions"] = Json::array();
  stage.hub->put_row("users", newcomer, made);
}

struct Scene {
  Stage stage{{.people = 3}};
  OtherClock clock;
  Replica replica;
  LateOpener opener{*stage.opener, replica};
  Means means{
      .store = *stage.store, .clock = clock, .opener = opener, .telemetry = stage.telemetry, .limits = test_limits()};

  Scene() {
    means.limits.replica_lag = std::chrono::minutes(10);
    means.limits.lease = std::chrono::hours(1);
    stage.activate();
    add_newcomer(stage);
    stage.forget_calls();
  }
  // Looks at whoever waits, as often as a minute has room for.
  void work_after(std::chrono::milliseconds time) {
    clock.pass(time);
    Worker worker(means, {.name = "test", .threads = 2, .poll = std::chrono::milliseconds(10), .sweep = {}});
    const Result<void> worked = worker.run_until_idle();
    if (!worked) FAIL(worked.error().what);
  }
  std::size_t employees() const { return stage.provider->rows("employees").size(); }
};

}  // namespace

TEST_CASE(
    "a creation that took longer than a replica may lag, and lost its answer, is not made again while it may lag") {
  Scene scene;
  scene.replica.during_call = [&] { scene.clock.pass(std::chrono::minutes(20)); };
  scene.stage.tell(newcomer, Event::added);
  scene.work_after({});
  REQUIRE(scene.replica.creations == 1);
  for (int minute = 0; minute < 5; ++minute) {
    scene.work_after(std::chrono::minutes(1));
    CHECK(scene.replica.creations == 1);
  }
  SECTION("it shows then, and is the person's") {
    scene.replica.shows = true;
    for (int i = 0; i < 5; ++i) scene.work_after(std::chrono::minutes(5));
    CHECK(scene.replica.creations == 1);
    CHECK(scene.employees() == 4);
    const auto link = scene.stage.link_of(newcomer);
    REQUIRE(link);
    CHECK(link->link.provider_id == scene.replica.made);
    CHECK(scene.stage.problems().empty());
  }
  SECTION("it never shows, and the person is not waited for any longer") {
    for (int i = 0; i < 5; ++i) scene.work_after(std::chrono::minutes(5));
    CHECK(scene.replica.creations == 2);
  }
}

TEST_CASE("when a creation in doubt began, by whatever clock, neither shortens nor lengthens the wait for it") {
  const auto before = GENERATE(std::chrono::hours(-2), std::chrono::hours(0), std::chrono::hours(2));
  INFO(before.count());
  Scene scene;
  scene.replica.creations = 1;  // what is created is answered
  scene.stage.store.write([&](Transaction& now) -> Result<void> {
    Intent intent{
        .connection = scene.stage.id, .hub_id = newcomer, .provider_id = {}, .reference = "5a5a", .writes = {}};
    intent.creates = true;
    intent.at = dovetail::now(scene.means) + before;
    const auto begun = now.begin(intent);
    return begun ? Result<void>{} : std::unexpected(begun.error());
  });
  scene.stage.tell(newcomer, Event::added);
  scene.work_after({});
  scene.work_after(std::chrono::minutes(5));
  CHECK(scene.employees() == 3);
  scene.work_after(std::chrono::minutes(6));
  scene.work_after(std::chrono::minutes(1));
  CHECK(scene.employees() == 4);
  CHECK(scene.stage.link_of(newcomer).has_value());
}

TEST_CASE("a manual run waits for what is in doubt as long as a replica may lag, and no longer") {
  const auto before = GENERATE(std::chrono::hours(-2), std::chrono::hours(2));
  Scene scene;
  scene.means.limits.replica_lag = std::chrono::milliseconds(300);
  scene.stage.store.write([&](Transaction& now) -> Result<void> {
    Intent intent{
        .connection = scene.stage.id, .hub_id = newcomer, .provider_id = {}, .reference = "5a5a", .writes = {}};
    intent.creates = true;
    intent.at = dovetail::now(scene.means) + before;
    const auto begun = now.begin(intent);
    return begun ? Result<void>{} : std::unexpected(begun.error());
  });
  const auto opened = scene.stage.open();
  const auto began = std::chrono::steady_clock::now();
  REQUIRE(ManualRun::start(scene.means, *opened, "a test"));
  CHECK(std::chrono::steady_clock::now() - began >= scene.means.limits.replica_lag);
  const auto open = scene.stage.store.read([&](Transaction& now) { return now.open_intents(scene.stage.id, ""); });
  CHECK(open.empty());
}
