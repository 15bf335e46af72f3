#include <algorithm>
#include <array>

#include "engine/plan/outcome.hpp"

namespace dovetail {

Outcome not_carried_out(Outcome::Kind kind, Reason reason, std::string what) {
  Outcome outcome;
  outcome.kind = kind;
  outcome.reason = reason;
  outcome.what = std::move(what);
  return outcome;
}

namespace {

constexpr std::size_t kinds = 7;
constexpr std::string_view in_part = "in part";

}  // namespace

std::string_view name(Outcome::Kind kind) {
  constexpr std::array<std::string_view, kinds> names = {"done",   "pending", "moved",  "refused",
                                                         "failed", "unknown", "skipped"};
  return names[static_cast<std::size_t>(kind)];
}

std::string_view name(const Outcome& outcome) { return outcome.is_in_part() ? in_part : name(outcome.kind); }

std::size_t Applied::count(Outcome::Kind kind) const {
  return static_cast<std::size_t>(std::ranges::count(outcomes, kind, &Outcome::kind));
}

bool Applied::is_whole() const { return std::ranges::all_of(outcomes, &Outcome::is_whole); }

std::vector<std::pair<std::string_view, std::size_t>> Applied::counts() const {
  std::vector<std::pair<std::string_view, std::size_t>> all;
  const auto add = [&](std::string_view name, std::size_t count) {
    if (count > 0) all.emplace_back(name, count);
  };
  const auto parts = static_cast<std::size_t>(std::ranges::count_if(outcomes, &Outcome::is_in_part));
  for (std::size_t i = 0; i < kinds; ++i) {
    const auto kind = static_cast<Outcome::Kind>(i);
    add(name(kind), count(kind) - (kind == Outcome::Kind::done ? parts : 0));
    if (kind == Outcome::Kind::done) add(in_part, parts);
  }
  return all;
}

Applied all_done(const Plan& plan) {
  Applied applied;
  for (const Operation& operation : plan.operations) {
    Outcome outcome;
    outcome.kind = Outcome::Kind::done;
    outcome.reason = plan.entries[operation.entry].reason;
    outcome.now.resize(operation.writes.size());
    applied.outcomes.push_back(std::move(outcome));
  }
  return applied;
}

}  // namespace dovetail
