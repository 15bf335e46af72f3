// What a network can do to a call, byte by byte: nobody becomes absent by it, and nobody is added twice.
#include <catch2/catch.hpp>

#include "providers/conformance/reading.hpp"
#include "tests/conformance/bench.hpp"
#include "tests/proxy/proxy.hpp"

using namespace dovetail;
using namespace std::chrono_literals;
using test::TroubleKind;

TEST_CASE("through a network that misbehaves everybody is found, and nobody is added twice") {
  const std::string name = GENERATE("netvisor", "poweroffice_go", "finago", "huma");
  const TroubleKind kind = GENERATE(TroubleKind::reset_before_commit, TroubleKind::reset_after_commit,
                                    TroubleKind::closed_after_commit, TroubleKind::silent_after_commit,
                                    TroubleKind::truncated, TroubleKind::reset_within_answer, TroubleKind::slow);
  const std::size_t bytes = GENERATE(as<std::size_t>(), 1, 60);
  INFO(name << ", trouble " << static_cast<int>(kind) << ", " << bytes << " bytes");
  test::Bench bench(name, 2);
  test::Proxy proxy(bench.sandbox->port());
  const Result<std::unique_ptr<System>> system = bench.open(bench.credentials, proxy.url());
  REQUIRE(system.has_value());
  const auto trouble = [&](int times) { proxy.order({.kind = kind, .times = times, .bytes = bytes, .pause = 2ms}); };

  Snapshot all(ir::Layout::whole(bench.schema));
  REQUIRE((*system)->list(all).has_value());
  const std::string id = Value::of(all.at(0, all.layout().slot(bench.schema.identity))).text;
  trouble(2);
  Snapshot one(ir::Layout::whole(bench.schema));
  const Result<bool> got = (*system)->get(id, one);
  INFO((got ? "" : got.error().what));
  REQUIRE(got.has_value());
  CHECK(*got);

  const auto person = providers::conformance::made_up_person(
      {.schema = bench.schema, .system = **system, .faults = bench.faults, .clock = bench.clock}, all, 11);
  trouble(1);
  const Result<Created> created = (*system)->create(person, "reference");
  const std::size_t added = bench.list().size() - all.size();
  if (created)
    CHECK(added == 1);
  else
    CHECK(created.error().kind == Error::Kind::in_doubt);
  CHECK(added <= 1);
}

TEST_CASE("an addition that is answered with somebody else's record adds the person, and leaves the other alone") {
  const std::string name = GENERATE("poweroffice_go", "finago", "huma");
  const std::string table = name == "huma" ? "users" : "employees";
  const std::string path = name == "huma" ? "/users" : name == "finago" ? "/employee/v2" : "/Employees";
  INFO(name);
  test::Bench bench(name, 2);
  const Snapshot all = bench.list();
  const auto person = providers::conformance::made_up_person(
      {.schema = bench.schema, .system = *bench.system, .faults = bench.faults, .clock = bench.clock}, all, 11);
  const sandbox::Json before = bench.sandbox->rows(table);
  bench.sandbox->add_fault({{"kind", "status"},
                            {"status", 200},
                            {"after", true},
                            {"method", "POST"},
                            {"path", path},
                            {"content_type", "application/json"},
                            {"body", before.begin()->dump()}});
  const Result<Created> created = bench.system->create(person, "reference");
  const sandbox::Json after = bench.sandbox->rows(table);
  CHECK(after.size() == before.size() + 1);
  for (const auto& [key, row] : before.items()) CHECK(after[key] == row);
  if (!created) {
    CHECK(created.error().kind == Error::Kind::in_doubt);
    return;
  }
  REQUIRE(created->id.has_value());
  CHECK(after.contains(*created->id));
  CHECK_FALSE(before.contains(*created->id));
}
