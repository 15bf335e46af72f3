// dovetail::Runtime as a host's developer gets it wrong: always an Error, never an end of the process.
#include <catch2/catch.hpp>
#include <dovetail/runtime.hpp>

#include "tests/run.hpp"

using dovetail::test::Folder;

namespace {

dovetail::Result<dovetail::Runtime> open(const Folder& folder) {
  return dovetail::Runtime::open(
      {.store = "sqlite:" + folder.file("s.db"), .key = std::string(64, '7'), .create = true});
}

}  // namespace

TEST_CASE("a runtime that was moved from refuses every call, and the one it was moved to goes on") {
  const Folder folder;
  auto opened = open(folder);
  REQUIRE(opened);
  dovetail::Runtime moved_to = std::move(*opened);
  dovetail::Runtime& from = *opened;
  const auto is_refused = [](const auto& result) {
    REQUIRE_FALSE(result);
    CHECK(result.error().kind == "input");
    CHECK_THAT(result.error().what, Catch::Contains("was moved from"));
  };
  is_refused(from.connections());
  is_refused(from.event("norway", "x"));
  is_refused(from.status("norway"));
  is_refused(from.start_working());
  is_refused(from.stop_working());
  is_refused(from.metrics());
  is_refused(from.told(1));
  is_refused(from.decide("norway", 1, "{}"));
  is_refused(from.call("{\"call\": \"calls\"}"));
  CHECK(moved_to.connections());
  from = std::move(moved_to);
  CHECK(from.connections());
}

TEST_CASE("what was never there is not found, and a wrong text is an error") {
  const Folder folder;
  auto runtime = open(folder);
  REQUIRE(runtime);
  CHECK(runtime->told(999) == false);
  CHECK(runtime->status("nowhere").error().kind == "input");
  CHECK(runtime->erase("nowhere", "x").error().kind == "input");
  CHECK(runtime->erase("", "x").error().kind == "input");
  CHECK(runtime->event("nor\xffway", "x").error().what == "a text is not UTF-8");
  CHECK_THAT(runtime->call(std::string("{\"call\": \"calls\"}\0x", 20)).error().what, Catch::Contains("NUL"));
  for (const std::string& wrong : {std::string(), std::string("5"), std::string("[]"), std::string("{"),
                                   std::string("{} {}"), std::string("{}, \"x\": 1"), std::string(1'000'000, '[')}) {
    CHECK(runtime->decide("nowhere", 1, wrong).error().what == "the decisions must be a JSON object");
  }
  std::string deep = "{\"x\":";
  deep += std::string(300'000, '[') + std::string(300'000, ']') + "}";
  CHECK_THAT(runtime->decide("nowhere", 1, deep).error().what, Catch::Contains("more than 100 levels"));
  CHECK(runtime->apply("nowhere", 1, std::chrono::milliseconds(-1)).error().kind == "input");
  CHECK(runtime->notifications(0).error().kind == "input");
  CHECK(runtime->start_working(0).error().kind == "input");
}
