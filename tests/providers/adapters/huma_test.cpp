#include <catch2/catch.hpp>

#include "tests/providers/adapters/answering.hpp"

using namespace dovetail;
using test::Answering;

namespace {

// Details of a user, the list of `ids`, and nobody's positions but those of `positions`.
providers::Response reply(const std::string& call, const std::string& ids, const std::string& positions) {
  const auto asks_for = [&call](const char* part) { return call.find(part) != std::string::npos; };
  if (asks_for("/positions")) return {.status = 200, .body = R"({"items":[)" + positions + R"(],"total":1})"};
  if (asks_for("/users?")) return {.status = 200, .body = R"({"items":[)" + ids + "]}"};
  const std::string id = call.substr(call.rfind('/') + 1);
  if (id == "gone") return {.status = 404, .body = R"({"errorCode":"object:not-found"})"};
  return {.status = 200, .body = R"({"id":")" + id + R"(","familyName":{"value":"Nord"}})"};
}

}  // namespace

TEST_CASE("Huma: what the summary of a position leaves out has no value") {
  const Answering bench("huma", [](const std::string& call, const std::string&) {
    return reply(call, "", R"({"id":"p","contractStartDate":"2022-02-07","title":{"id":"t","name":"Cook"}})");
  });
  Snapshot one(ir::Layout::whole(bench.schema));
  REQUIRE(bench.system->get("a", one) == true);
  CHECK(bench.value(one, "positions[].contractStartDate").text == "2022-02-07");
  CHECK(bench.value(one, "positions[].title").text == "Cook");
  CHECK(bench.value(one, "positions[].contractEndDate").state == State::unset);
  CHECK(bench.value(one, "phone").state == State::absent);
}
