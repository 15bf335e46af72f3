#include "engine/values/civil_day.hpp"

#include <catch2/catch.hpp>

using dovetail::parse_day;

TEST_CASE("a day is YYYY-MM-DD and exists") {
  CHECK(parse_day("2024-02-29"));
  CHECK(dovetail::to_text(*parse_day("0001-01-01")) == "0001-01-01");
  for (const char* wrong : {"2023-02-29", "2024-2-9", "20240229", "0000-01-01", "2024-13-01", "+024-01-01", ""}) {
    INFO(wrong);
    CHECK_FALSE(parse_day(wrong));
  }
}
