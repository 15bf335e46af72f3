// What tools/bench measures side by side does the same work: ours, and the programs written by hand.
#include <fmt/format.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>
#include <sstream>
#include <vector>

#include "tests/run.hpp"

using namespace dovetail::test;

namespace {

class Population {
 public:
  explicit Population(unsigned seed) {
    const Ran made = run(fmt::format("make_people --out '{}' --ndjson --seed {} --count 600 --faults 40",
                                     folder_.path().string(), seed));
    REQUIRE(made.exit == 0);
  }

  // Every line as JSON, in one spelling. Findings come in any order.
  std::vector<std::string> lines(const std::string& program, const std::string& task, const std::string& rules,
                                 const std::string& more) const {
    const std::string files = fmt::format("'{}'{}", folder_.file("huma.ndjson"),
                                          task == "map" ? "" : fmt::format(" '{}'", folder_.file("netvisor.ndjson")));
    const Ran ran = run(fmt::format("{} {} {} {} {}", program, task, rules, files, more));
    INFO(ran.out.substr(0, 1000));
    REQUIRE(ran.exit == 0);
    std::vector<std::string> result;
    std::istringstream all(ran.out);
    for (std::string line; std::getline(all, line);) result.push_back(nlohmann::json::parse(line).dump());
    if (task == "reconcile") std::ranges::sort(result);
    return result;
  }

 private:
  Folder folder_;
};

}  // namespace

TEST_CASE("with all checks, ours and the programs written by hand give the same records and findings") {
  const unsigned seed = GENERATE(1U, 2U, 3U);
  const std::string task = GENERATE("map", "reconcile");
  const std::string peer = GENERATE("by_hand_nlohmann", "by_hand_simdjson");
  INFO("seed " << seed << ", " << task << ", " << peer);
  const Population people(seed);
  const std::vector<std::string> ours = people.lines("dovetail_bench", task, "made.map", "");
  CHECK(ours.size() > 100);
  CHECK(ours == people.lines(peer, task, "", "checked"));
}

TEST_CASE("without checks, ours and the programs written by hand give the same records") {
  const Population people(4);
  const std::vector<std::string> ours = people.lines("dovetail_bench", "map", "made.map+plain", "");
  CHECK(ours == people.lines("by_hand_nlohmann", "map", "", ""));
  CHECK(ours == people.lines("by_hand_simdjson", "map", "", ""));
  CHECK(people.lines("by_hand_simdjson", "reconcile", "", "") == people.lines("by_hand_nlohmann", "reconcile", "", ""));
}

TEST_CASE("any number of threads gives the same records and findings") {
  const Population people(5);
  const std::string task = GENERATE("map", "reconcile");
  INFO(task);
  const std::vector<std::string> one = people.lines("dovetail_bench", task, "made.map", "");
  CHECK(one == people.lines("dovetail_bench", task, "made.map", "2"));
  CHECK(one == people.lines("dovetail_bench", task, "made.map", "3"));
}
