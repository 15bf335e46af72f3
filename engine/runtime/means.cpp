#include "engine/runtime/means.hpp"

#include <algorithm>
#include <ctime>
#include <random>

namespace dovetail {

Instant now(const Means& means) { return std::chrono::floor<std::chrono::milliseconds>(means.clock.wall_time()); }

Result<std::chrono::milliseconds> time_kept(Transaction& transaction, const Limits& limits) {
  const auto days = transaction.setting(keep_days_setting);
  if (!days) return std::unexpected(days.error());
  return *days ? std::chrono::hours(24 * std::stoi(**days)) : limits.kept;
}

CivilDay today(const Means& means) {
  const std::time_t seconds = std::chrono::system_clock::to_time_t(means.clock.wall_time());
  std::tm local{};
  ::localtime_r(&seconds, &local);
  return CivilDay(std::chrono::year(local.tm_year + 1900), std::chrono::month(static_cast<unsigned>(local.tm_mon + 1)),
                  std::chrono::day(static_cast<unsigned>(local.tm_mday)));
}

std::chrono::milliseconds pause_after(const Limits& limits, unsigned failures,
                                      std::optional<std::chrono::milliseconds> asked) {
  const auto whole = std::min(limits.longest_retry, limits.first_retry * (std::int64_t{1} << std::min(failures, 30U)));
  thread_local std::minstd_rand chance{std::random_device{}()};
  std::uniform_int_distribution<std::int64_t> less(0, whole.count() / 2);
  const std::chrono::milliseconds pause = whole - std::chrono::milliseconds(less(chance));
  return asked ? std::max(pause, *asked) : pause;
}

}  // namespace dovetail
