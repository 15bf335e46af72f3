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

TEST_CASE("Huma: a list whose pages come again and again ends, and is a part") {
  const Answering bench(
      "huma", [](const std::string& call, const std::string&) { return reply(call, R"({"id":"a"},{"id":"b"})", ""); });
  Snapshot all(ir::Layout::whole(bench.schema));
  const Result<Completeness> listed = bench.system->list(all);
  REQUIRE(listed.has_value());
  CHECK_FALSE(listed->complete);
  CHECK(listed->reason == "after 2 rows a page came again");
  CHECK(all.size() == 2);
}

TEST_CASE("Huma: who is listed and not found by id, or listed without one, is not passed over in silence") {
  const auto list = [](const std::string& ids) {
    int pages = 0;
    const Answering bench("huma", [&](const std::string& call, const std::string&) {
      return reply(call, call.find("/users?") != std::string::npos && pages++ > 0 ? "" : ids, R"({"id":"q"})");
    });
    Snapshot all(ir::Layout::whole(bench.schema));
    const Result<Completeness> listed = bench.system->list(all);
    REQUIRE(listed.has_value());
    return std::pair(*listed, all.size());
  };
  const auto [gone, people] = list(R"({"id":"a"},{"id":"gone"})");
  CHECK(gone.complete);
  CHECK(people == 2);
  REQUIRE(gone.notes.size() == 1);
  CHECK(gone.notes.front() == "gone could not be read: the list names this record, and by its id there is none");
  for (const char* nameless : {R"({"id":"a"},{})", R"({"id":"a"},null)", R"({"id":"a"},{"id":null})"}) {
    const auto [listed, read] = list(nameless);
    CHECK_FALSE(listed.complete);
    CHECK(listed.reason == "the list names somebody without an id");
    CHECK(read == 1);
  }
}

TEST_CASE("Huma: positions that come under two people are neither's") {
  int pages = 0;
  const Answering bench("huma", [&](const std::string& call, const std::string&) {
    const std::string ids = call.find("/users?") != std::string::npos && pages++ > 0 ? "" : R"({"id":"a"},{"id":"b"})";
    return reply(call, ids, R"({"id":"p","contractStartDate":"2022-02-07"})");
  });
  Snapshot all(ir::Layout::whole(bench.schema));
  const Result<Completeness> listed = bench.system->list(all);
  REQUIRE(listed.has_value());
  REQUIRE(all.size() == 2);
  const auto positions = static_cast<std::size_t>(all.layout().list(bench.schema.id(*bench.schema.find("positions"))));
  for (const RecordIndex record : {0U, 1U}) {
    CHECK(all.list(record, positions).state == State::absent);
    CHECK(bench.value(all, "familyName", record).text == "Nord");
  }
  REQUIRE(listed->notes.size() == 1);
  CHECK_THAT(listed->notes.front(), Catch::Contains("the same element p of `positions`"));
}
