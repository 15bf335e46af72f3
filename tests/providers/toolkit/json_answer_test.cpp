#include "providers/toolkit/json_answer.hpp"

#include <catch2/catch.hpp>

#include "providers/toolkit/calls.hpp"
#include "tests/providers/small_schema.hpp"

using namespace dovetail;
using namespace dovetail::providers;

TEST_CASE("an answer that is not UTF-8 is none, and may be asked for again") {
  const auto wrong = GENERATE(as<std::string>{}, "{\"name\":\"T\xf8nsberg\"}", "[\"\xed\xa0\x80\"]", "{\"a\xff\":1}");
  const auto answer = JsonAnswer::read("people", wrong);
  REQUIRE_FALSE(answer.has_value());
  CHECK(answer.error().kind == Error::Kind::transient);
  CHECK_THAT(answer.error().what, Catch::Contains("not UTF-8"));
}

TEST_CASE("a byte order mark before an answer is nothing") {
  const auto answer = JsonAnswer::read("people", "\xEF\xBB\xBF{\"name\":\"Tønsberg\"}");
  REQUIRE(answer.has_value());
  CHECK(text_member((*answer)->root(), "name") == "Tønsberg");
}

TEST_CASE("a listing reads a record whose list has elements without an id, but for that list, and says so") {
  const ir::Schema schema = test::wrapped_json_schema();
  const Codec codec(schema, {});
  Snapshot read(ir::Layout::whole(schema));
  const std::vector<std::string> documents = {R"({"id":"a","email":{"value":"a@example.com"},"positions":[{}]})",
                                              R"({"id":"b","positions":[{"id":"1"}]})"};
  const auto fetch = [&](std::size_t i) -> Result<Document> { return documents[i]; };
  const auto decode = [&](const std::string& text, std::vector<std::string>& unread) {
    return decode_json(codec, "user", text, read, &unread);
  };
  const Result<Completeness> whole = read_records(schema, {"a", "b"}, 1, fetch, decode, read);
  REQUIRE(whole);
  CHECK(whole->complete);
  REQUIRE(whole->notes.size() == 1);
  CHECK(whole->notes.front() ==
        "a: the list `positions` counts as not read: user:1:59: an element of `positions` without `id`");
  REQUIRE(read.size() == 2);
  CHECK(read.list(0, 0).state == State::absent);
  CHECK(read.list(1, 0).state == State::value);
  CHECK(read.at(0, read.layout().slot(schema.id(*schema.find("email")))).text == "a@example.com");
}
