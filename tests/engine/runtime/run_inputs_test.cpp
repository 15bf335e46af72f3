// What a manual run keeps of what it has read.
#include <algorithm>
#include <catch2/catch.hpp>
#include <utility>

#include "engine/durable/link_text.hpp"
#include "engine/durable/packed.hpp"
#include "engine/runtime/run/manual_run.hpp"
#include "engine/runtime/run/run_inputs.hpp"
#include "tests/engine/store/test_store.hpp"
#include "tests/engine/world.hpp"

using namespace dovetail;
using namespace dovetail::test;

namespace {

std::string packed(const RunInputs& inputs) {
  std::string all;
  pack_inputs(inputs, [&](std::string_view piece) { all += piece; });
  return all;
}

Result<RunInputs> unpacked(std::string_view bytes, std::size_t piece, const Opened& opened) {
  return unpack_inputs(
      [&]() -> std::string {
        const std::string next(bytes.substr(0, piece));
        bytes.remove_prefix(next.size());
        return next;
      },
      opened);
}

// As they were kept before words came with the links that use them.
std::string packed_with_list_of_words(RunInputs inputs) {
  const std::vector<StoredLink> links = std::exchange(inputs.known, {});
  std::string bytes = packed(inputs);
  bytes.front() = 2;
  bytes.pop_back();  // that there are no links
  std::vector<std::string> words, each;
  for (const StoredLink& link : links) {
    each.push_back(pack_link(link.link, [&](std::string_view word) -> std::uint64_t {
      const auto found = std::ranges::find(words, word);
      const auto number = static_cast<std::uint64_t>(found - words.begin());
      if (found == words.end()) words.emplace_back(word);
      return number;
    }));
  }
  Packer to;
  to.number(words.size());
  for (const std::string& word : words) to.text(word);
  to.number(links.size());
  for (std::size_t i = 0; i < links.size(); ++i) {
    to.number(static_cast<std::uint64_t>(links[i].id));
    to.number(static_cast<std::uint64_t>(links[i].version));
    to.text(links[i].link.hub_id);
    to.text(links[i].link.provider_id);
    to.text(each[i]);
  }
  return bytes + to.take();
}

RulesBuilder people_rules() {
  RulesBuilder b;
  b.member(hub, "email", "email");
  b.member(provider, "email", "email");
  b.field("Email address", "email", ir::Direction::both, "email");
  b.field("Given name", "givenName", ir::Direction::both, "firstname");
  b.rules.match.emplace();
  b.rules.match->field = 0;
  return b;
}

Record person(const std::string& id, const std::string& name) {
  Record record{{{"id", value(id)}, {"isActive", value("true")}, {"email", value(id.substr(1) + "@example.com")}}};
  record.members["givenName"] = record.members["firstname"] = value(name);
  return record;
}

// Two systems with many people, each with a name of their own in one of the two.
struct Office {
  explicit Office(std::size_t people) : rules(people_rules()), program(ir::compile(rules.rules)) {
    opened.rules = &program;
    opened.rules_hash = "the rules";
    opened.today = test_day();
    for (const ir::Side side : {hub, provider}) {
      auto system = std::make_unique<MemorySystem>(program, side);
      for (std::size_t i = 0; i < people; ++i)
        system->records.push_back(
            person((side == hub ? "h" : "p") + std::to_string(i), i % 3 == 0 && side == hub ? "Åse" : "Aino"));
      opened.systems[ir::at(side)] = std::move(system);
    }
  }

  RulesBuilder rules;
  ir::Program program;
  Opened opened;
};

RunInputs inputs_of(const Office& office) {
  RunInputs inputs;
  inputs.rules_hash = office.opened.rules_hash;
  inputs.today = office.opened.today;
  inputs.scope = {"h1", "h2"};
  inputs.settings = {std::nullopt, "a setting"};
  for (const ir::Side side : {hub, provider}) {
    inputs.snapshots.push_back(static_cast<const MemorySystem&>(*office.opened.systems[ir::at(side)]).snapshot());
    inputs.snapshots.back().set_completeness({false, "cut off", {"left aside", ""}});
  }
  for (int i = 0; i < 50; ++i) {
    StoredLink& known = inputs.known.emplace_back();
    known.id = i + 1;
    known.version = i % 3;
    known.link.hub_id = "h" + std::to_string(i);
    known.link.provider_id = "p" + std::to_string(i);
    known.link.evidence = i % 2 == 0 ? "Email address" : "by hand";
    known.link.excluded_fields = {"field " + std::to_string(i % 5)};
  }
  return inputs;
}

class NoOpener : public Opener {
 public:
  Result<std::unique_ptr<Opened>> open(const Connection&, CivilDay) override {
    return std::unexpected(Error{.kind = Error::Kind::input, .what = "nothing is opened here"});
  }
};

class MachineClock : public Clock {
 public:
  std::chrono::steady_clock::time_point now() override { return std::chrono::steady_clock::now(); }
  std::chrono::system_clock::time_point wall_time() override { return std::chrono::system_clock::now(); }
  void sleep(std::chrono::milliseconds) override {}
};

}  // namespace

TEST_CASE("what a run has read is kept and read in pieces of any size, and as earlier versions kept it") {
  const Office office(120);
  const RunInputs inputs = inputs_of(office);
  const std::string bytes = packed(inputs);
  for (const std::size_t piece : {std::size_t{1}, std::size_t{7}, std::size_t{1000}, bytes.size()}) {
    const auto again = unpacked(bytes, piece, office.opened);
    REQUIRE(again);
    CHECK((packed(*again) == bytes));
    CHECK(again->base.links.size() == inputs.known.size());
    CHECK(again->base.links[7] == inputs.known[7].link);
  }
  const auto earlier = unpacked(packed_with_list_of_words(inputs), 100, office.opened);
  REQUIRE(earlier);
  CHECK((packed(*earlier) == bytes));
}

TEST_CASE("what is kept of a run and cut off, lengthened or of a later version is refused") {
  const Office office(10);
  const std::string bytes = packed(inputs_of(office));
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    CHECK_FALSE(unpacked(std::string_view(bytes).substr(0, size), 64, office.opened));
  }
  CHECK_FALSE(unpacked(bytes + "x", 64, office.opened));
  std::string later = bytes;
  later.front() = 9;
  CHECK(unpacked(later, 64, office.opened).error().kind == Error::Kind::data);
}

TEST_CASE("a run of many parts that is resumed has read what it had read, and nothing else is resumed") {
  TestStore store(GENERATE(both_stores()));
  Office office(20'000);
  Connection& connection = office.opened.connection;
  connection.name = "payroll";
  connection.tenant = "acme";
  connection.map = "acme";
  connection.hub = "huma:http://127.0.0.1:9";
  connection.provider = "acme:http://127.0.0.1:9";
  connection.id = store.write([&](Transaction& now) { return now.add(connection); });
  NoOpener opener;
  MachineClock clock;
  Telemetry telemetry;
  const Means means{.store = *store, .clock = clock, .opener = opener, .telemetry = telemetry};
  auto run = ManualRun::start(means, office.opened, "a test");
  if (!run) FAIL(run.error().what);
  const std::string bytes = packed(run->inputs());
  CHECK(bytes.size() > 1'000'000);
  Decisions decisions;
  decisions.bulk = Choice::hub;
  REQUIRE(run->decide(decisions));
  auto resumed = ManualRun::resume(means, office.opened, run->run().id);
  if (!resumed) FAIL(resumed.error().what);
  CHECK((packed(resumed->inputs()) == bytes));
  CHECK(resumed->decisions().bulk == Choice::hub);
  CHECK(resumed->run().by == "a test");
  CHECK(ManualRun::resume(means, office.opened, run->run().id + 1).error().what ==
        "connection payroll has no run " + std::to_string(run->run().id + 1));
  office.opened.rules_hash = "other rules";
  CHECK_THAT(ManualRun::resume(means, office.opened, run->run().id).error().what,
             Catch::Contains("the rules have changed"));
}
