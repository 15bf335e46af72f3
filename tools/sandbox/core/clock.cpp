#include "tools/sandbox/core/clock.hpp"

#include <fmt/format.h>

namespace dovetail::sandbox {

using namespace std::chrono;

Moment Clock::now() const { return time_point_cast<microseconds>(system_clock::now()) + ahead_; }

std::string to_date(Moment moment) {
  const year_month_day day(floor<days>(moment));
  return fmt::format("{:04}-{:02}-{:02}", static_cast<int>(day.year()), static_cast<unsigned>(day.month()),
                     static_cast<unsigned>(day.day()));
}

std::string to_instant(Moment moment) {
  const auto time = moment - floor<days>(moment);
  const hh_mm_ss clock(time);
  return fmt::format("{}T{:02}:{:02}:{:02}.{:06}+00:00", to_date(moment), clock.hours().count(),
                     clock.minutes().count(), clock.seconds().count(), clock.subseconds().count());
}

hours western_europe_offset(Moment moment) {
  const year year = year_month_day(floor<days>(moment)).year();
  const auto begin = sys_days(year / March / Sunday[last]) + hours(1);
  const auto end = sys_days(year / October / Sunday[last]) + hours(1);
  return moment >= begin && moment < end ? hours(2) : hours(1);
}

}  // namespace dovetail::sandbox
