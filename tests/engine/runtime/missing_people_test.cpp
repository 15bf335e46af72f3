#include "engine/runtime/run/missing_people.hpp"

#include <catch2/catch.hpp>

#include "tests/engine/world.hpp"

using namespace dovetail;
using namespace dovetail::test;
using ir::Direction;

namespace {

// Lists nobody of `unlisted`, and finds them by id; of `failing` the look-up fails.
class ForgetfulSystem : public MemorySystem {
 public:
  using MemorySystem::MemorySystem;
  std::vector<std::string> failing, looked_up;

  Result<bool> get(std::string_view id, Snapshot& into) override {
    looked_up.emplace_back(id);
    if (std::ranges::count(failing, id) > 0)
      return std::unexpected(Error{.kind = Error::Kind::transient, .what = "no answer"});
    return MemorySystem::get(id, into);
  }
};

Record person(const std::string& id) { return {{{"id", value(id)}, {"email", value(id)}}, {}}; }

struct Bench {
  RulesBuilder rules = [] {
    RulesBuilder b;
    b.field("Email address", "email", Direction::both, "email");
    return b;
  }();
  World world{rules.rules};
  ForgetfulSystem system{world.program, provider};

  Bench() {
    for (const char* id : {"p1", "p2", "p3"}) {
      Link link;
      link.hub_id = std::string("h") + id;
      link.provider_id = id;
      world.base.links.push_back(link);
    }
    system.records = {person("p1"), person("p2")};
  }
  // The list as it comes, without the second.
  Snapshot look() {
    Snapshot read(world.program.layouts[ir::at(provider)]);
    system.records.pop_back();
    REQUIRE(system.list(read).has_value());
    system.records.push_back(person("p2"));
    read.set_completeness({.complete = true, .reason = {}});
    look_for_missing(world.program, world.base, provider, system, read);
    return read;
  }
};

}  // namespace

TEST_CASE("a linked record that a complete list lacks is looked up by its id") {
  Bench bench;
  const Snapshot read = bench.look();
  CHECK(bench.system.looked_up == std::vector<std::string>{"p2", "p3"});
  CHECK(read.size() == 2);
  CHECK_FALSE(read.completeness().complete);
  CHECK(read.completeness().reason == "the list lacks 1 linked record that was found by id");
}

TEST_CASE("who is not found by id either is gone, and the list is complete") {
  Bench bench;
  bench.world.base.links.erase(bench.world.base.links.begin() + 1);
  const Snapshot read = bench.look();
  CHECK(bench.system.looked_up == std::vector<std::string>{"p3"});
  CHECK(read.size() == 1);
  CHECK(read.completeness().complete);
}

TEST_CASE("who cannot be looked up is not gone but not read") {
  Bench bench;
  bench.system.failing = {"p2", "p3"};
  const Snapshot read = bench.look();
  CHECK(read.size() == 3);
  CHECK(read.completeness().complete);
  CHECK(read.completeness().notes ==
        std::vector<std::string>{"p2 could not be read: no answer", "p3 could not be read: no answer"});
}

TEST_CASE("whom a link knows to be gone is not looked up again") {
  Bench bench;
  bench.world.base.links[2].state = LinkState::missing_in_provider;
  bench.look();
  CHECK(bench.system.looked_up == std::vector<std::string>{"p2"});
}
