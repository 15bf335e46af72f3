#include "providers/toolkit/json_answer.hpp"

#include <catch2/catch.hpp>

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
