// What everything that runs has in common: where it remembers, whom it calls, how patient it is.
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <string_view>

#include "engine/clock.hpp"
#include "engine/runtime/first_looks.hpp"
#include "engine/runtime/opener.hpp"
#include "engine/runtime/telemetry.hpp"
#include "engine/store.hpp"

namespace dovetail {

struct Limits {
  std::chrono::milliseconds listing_age{std::chrono::minutes(15)};  // of a listing that creations are judged by
  std::chrono::milliseconds replica_lag{std::chrono::seconds(30)};  // how late a write may show in a system's reads
  std::chrono::milliseconds lease{std::chrono::seconds(30)};        // of lanes and connections; renewed while at work
  std::chrono::milliseconds first_retry{std::chrono::seconds(1)};   // doubles with each failure, less up to half
  std::chrono::milliseconds longest_retry{std::chrono::hours(1)};
  unsigned refusals = 8;                                           // a lane that was refused so often is parked
  unsigned failures = 20;                                          // the same for what may pass by itself
  std::chrono::milliseconds kept{std::chrono::hours(24 * 30)};     // replaced values, documents of runs
  std::chrono::milliseconds first_probe{std::chrono::seconds(5)};  // of a quarantined connection; doubles
  std::chrono::milliseconds longest_probe{std::chrono::minutes(10)};
};

// Everything must outlive what it is given to.
struct Means {
  Store& store;
  Clock& clock;
  Opener& opener;
  Telemetry& telemetry;
  Limits limits = {};
  // Told where the work stands, by name: for tests that stop the process there.
  std::function<void(std::string_view step)> at_step = {};
  // Of copies the same; never nullptr.
  std::shared_ptr<FirstLooks> first_looks = std::make_shared<FirstLooks>();

  void step(std::string_view name) const {
    if (at_step) at_step(name);
  }
};

// A setting of the store: how many days what expires is kept.
inline constexpr std::string_view keep_days_setting = "keep_days";
// As the store says by now, else as `limits` does.
Result<std::chrono::milliseconds> time_kept(Transaction& transaction, const Limits& limits);

Instant now(const Means& means);
// The machine's own day, as people around it would say it.
CivilDay today(const Means& means);
// The pause before a try after so many failures, less up to half by chance; never less than what the system asked for.
std::chrono::milliseconds pause_after(const Limits& limits, unsigned failures,
                                      std::optional<std::chrono::milliseconds> asked);

}  // namespace dovetail
