#include <catch2/catch.hpp>

#include "tests/providers/adapters/answering.hpp"

using namespace dovetail;
using test::Answering;

TEST_CASE("Finago: employments are added in the order of their starts") {
  const Answering bench("finago", [](const std::string& call, const std::string&) -> providers::Response {
    if (call.find("organization") != std::string::npos)
      return {.status = 200, .body = R"({"orgno":"1","name":"x","country_code":"NO"})"};
    if (call.starts_with("POST")) return {.status = 200, .body = "[{}]"};
    return {.status = 200, .body = "[]"};
  });
  REQUIRE(bench.system
              ->update("3", {bench.set("employments[].startdate", "2029-02-03", "+1"),
                             bench.set("employments[].startdate", "2015-08-09", "+2")})
              .has_value());
  CHECK(bench.asked.back() == R"(POST /employment/v2/3 [{"startdate":"2015-08-09"},{"startdate":"2029-02-03"}])");
}
