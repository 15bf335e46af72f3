// Days begin where the machine stands, also where clocks change.
#include "engine/runtime/push/next_day.hpp"

#include <catch2/catch.hpp>
#include <cstdlib>
#include <ctime>
#include <string>

using namespace dovetail;

namespace {

// The zone of this process, until its end.
class Zone {
 public:
  explicit Zone(const char* zone) {
    if (const char* old = std::getenv("TZ"); old != nullptr) before_ = old;
    ::setenv("TZ", zone, 1);
    ::tzset();
  }
  ~Zone() {
    if (before_.empty()) {
      ::unsetenv("TZ");
    } else {
      ::setenv("TZ", before_.c_str(), 1);
    }
    ::tzset();
  }
  Zone(const Zone&) = delete;
  Zone& operator=(const Zone&) = delete;

 private:
  std::string before_;
};

CivilDay day_at(Instant instant) {
  const std::time_t seconds = std::chrono::system_clock::to_time_t(instant);
  std::tm local{};
  ::localtime_r(&seconds, &local);
  return CivilDay(std::chrono::year(local.tm_year + 1900), std::chrono::month(static_cast<unsigned>(local.tm_mon + 1)),
                  std::chrono::day(static_cast<unsigned>(local.tm_mday)));
}

}  // namespace

TEST_CASE("a day begins with its first moment in every zone, also where clocks change at midnight") {
  const std::string zone = GENERATE(values<std::string>({
      "UTC0", "EET-2EEST,M3.5.0/3,M10.5.0/4", "KIR-14", "PAGO11",
      "CST5CDT,M3.2.0/0,M11.1.0/1",   // forward at midnight, back at one o'clock to midnight
      "CLT4CLST,M9.1.6/24,M4.1.6/24"  // both at midnight
  }));
  const Zone here(zone.c_str());
  const std::chrono::sys_days first = std::chrono::year(2026) / 1 / 1;
  for (int i = 0; i < 366; ++i) {
    const CivilDay day(first + std::chrono::days(i));
    const Instant start = start_of(day);
    INFO(zone << ", day " << i);
    REQUIRE(day_at(start) == day);
    REQUIRE(day_at(start - std::chrono::milliseconds(1)) == CivilDay(first + std::chrono::days(i - 1)));
  }
}

TEST_CASE("a day that stands for no end lies ahead, as far as dates go") {
  const Instant now = std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
  for (const int year : {2262, 2263, 2554, 2999, 9999}) {
    INFO(year);
    CHECK(start_of(std::chrono::year(year) / 12 / 31) > now);
    CHECK(start_of(std::chrono::year(year) / 12 / 31) > start_of(std::chrono::year(year - 1) / 12 / 31));
  }
}
