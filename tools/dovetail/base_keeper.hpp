// Keeps the base while a plan is carried out, so that a run that is ended from outside loses nothing it agreed on.
#pragma once

#include <chrono>
#include <functional>
#include <string>

#include "engine/runtime/write/journal.hpp"

namespace dovetail::tools {

class BaseKeeper : public Journal {
 public:
  // Writes what is known by now, as the base; false: it could not be written, and is not tried again.
  using Keep = std::function<bool(const Applied& applied)>;
  explicit BaseKeeper(Keep keep) : keep_(std::move(keep)) {}

  std::expected<IntentId, Outcome> intend(std::span<const std::size_t>) override { return IntentId{}; }
  void ended(IntentId, std::span<const std::size_t>, const Applied&) override {}
  // After each person, unless that would take more than a tenth of the run.
  void settle(PersonIndex person, const Applied& applied) override;

 private:
  using Clock = std::chrono::steady_clock;
  Keep keep_;
  Clock::time_point next_{};
  bool failed_ = false;
};

}  // namespace dovetail::tools
