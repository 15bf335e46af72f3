// Every adapter passes the kit against its sandbox, in each position of each knob that is no limit of time or number.
#include <algorithm>
#include <catch2/catch.hpp>

#include "tests/conformance/bench.hpp"

using namespace dovetail;
namespace conformance = dovetail::providers::conformance;

namespace {

void passes(test::Bench& bench) {
  const auto findings = conformance::run({.schema = bench.schema, .system = *bench.system, .faults = bench.faults, .clock = bench.clock}, true);
  INFO(conformance::to_text(findings));
  CHECK(std::ranges::count(findings, conformance::Verdict::Kind::broken, [](const auto& each) { return each.verdict.kind; }) == 0);
}

}  // namespace

TEST_CASE("every adapter passes the conformance kit") {
  const std::string system = GENERATE("netvisor", "poweroffice_go", "finago", "huma");
  test::Bench bench(system, 4);
  INFO(system);
  passes(bench);
}
