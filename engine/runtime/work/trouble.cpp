#include "engine/runtime/work/trouble.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "engine/runtime/company.hpp"
#include "engine/runtime/notify.hpp"

namespace dovetail {
namespace {

constexpr std::size_t fewest = 20;  // people, before shares mean anything
constexpr std::size_t most = 50;    // of the last ones
constexpr std::size_t percent = 40;

}  // namespace

void Troubles::count(const Connection& connection, const Pushed& pushed) {
  if (pushed.kind == Pushed::Kind::lost) return;  // nobody knows how it ended; no system is to blame
  std::string why, told;
  bool is_set_up = true;
  {
    const std::lock_guard lock(mutex_);
    Record& record = records_[connection.id];
    record.failed.push_back(pushed.trouble.has_value());
    if (record.failed.size() > most) record.failed.pop_front();
    const auto failed = static_cast<std::size_t>(std::ranges::count(record.failed, true));
    const bool too_many = record.failed.size() >= fewest && failed * 100 >= percent * record.failed.size();
    if (!pushed.of_connection() && !too_many) return;
    why = pushed.of_connection() ? pushed.trouble->what
                                 : fmt::format("{} of the last {} people failed; the last one: {}", failed,
                                               record.failed.size(), pushed.said());
    is_set_up = !pushed.of_connection() || pushed.trouble->kind != Error::Kind::input;
    told = pushed.of_connection() ? "a system refuses the credentials, or cannot be used with these settings"
                                  : fmt::format("{} of the last {} people failed", failed, record.failed.size());
    record = {};
    record.next_probe = means_.clock.now() + means_.limits.first_probe;
  }
  while (why.ends_with('.') || why.ends_with('\n')) why.pop_back();
  quarantine(connection.id, why, told, is_set_up);
}

void Troubles::count_unopened(const Connection& connection, const Error& why) {
  if (why.kind == Error::Kind::transient) return;
  Pushed failed;
  failed.trouble = why;
  failed.trouble->kind = Error::Kind::input;
  count(connection, failed);
}

// What no system is to blame for, somebody here mends.
void Troubles::quarantine(ConnectionId id, const std::string& why, const std::string& told, bool is_set_up) {
  const std::string what =
      is_set_up ? fmt::format(
                      "held off: {}. It is tried again by itself, and goes on where it stopped as soon as the "
                      "system answers",
                      why)
                : fmt::format(
                      "held off, because it cannot be used as it is set up. Mend what is said here (the rule "
                      "file, a setting, an address, keys); it is looked at again by itself, and goes on where "
                      "it stopped: {}",
                      why);
  std::string changed;
  const Result<void> done = means_.store.write([&](Transaction& transaction) -> Result<void> {
    changed.clear();
    auto connection = transaction.connection(id);
    if (!connection) return std::unexpected(connection.error());
    if (!*connection || (*connection)->state != ConnectionState::active) return {};
    (*connection)->state = ConnectionState::quarantined;
    (*connection)->why = why;
    (*connection)->changed = now(means_);
    changed = (*connection)->name;
    const auto posted = transaction.post(about_quarantine(id, told, now(means_)));
    if (!posted) return std::unexpected(posted.error());
    if (Result<void> updated = transaction.update(**connection); !updated) return updated;
    return transaction.report({.connection = id,
                               .reason = Reason::quarantined,
                               .what = what,
                               .first = now(means_),
                               .last = now(means_),
                               .needs_you = true});
  });
  if (!done || changed.empty()) return;
  means_.telemetry.quarantine(changed, true);
  means_.telemetry.log(Telemetry::Level::warning, "quarantined", {{"connection", changed}, {"why", why}});
}

Result<void> Troubles::check(const Connection& connection, const std::function<bool()>& stops) {
  auto opened = means_.opener.open(connection, today(means_));
  if (!opened) return std::unexpected(opened.error());
  const auto may_call = [&]() -> Result<void> {
    if (!stops()) return {};
    return std::unexpected(Error{.kind = Error::Kind::transient, .what = "this worker ends"});
  };
  const Asking asking(**opened, may_call, stops);
  for (const ir::Side side : {ir::Side::hub, ir::Side::provider}) {
    const Result<Identity> who = (*opened)->system(side).check();
    if (!who) return std::unexpected(who.error());
    if (side == ir::Side::hub) continue;
    if (Result<void> same = check_company(connection, *who); !same) return same;
  }
  return {};
}

bool Troubles::begins_probe(ConnectionId id) {
  const std::lock_guard lock(mutex_);
  Record& record = records_[id];
  if (means_.clock.now() < record.next_probe) return false;
  ++record.probes;
  return true;
}

void Troubles::put_off(ConnectionId id) {
  const std::lock_guard lock(mutex_);
  Record& record = records_[id];
  const auto pause = means_.limits.first_probe * (std::int64_t{1} << std::min(std::max(record.probes, 1U) - 1, 20U));
  record.next_probe = means_.clock.now() + std::min(pause, means_.limits.longest_probe);
}

void Troubles::probe(const Connection& connection, const std::function<bool()>& stops) {
  const Result<void> well = check(connection, stops);
  put_off(connection.id);
  if (stops()) return;
  if (!well) {
    means_.telemetry.log(Telemetry::Level::info, "still quarantined",
                         {{"connection", connection.name}, {"why", well.error().what}});
    return;
  }
  const Result<void> done = means_.store.write([&](Transaction& transaction) -> Result<void> {
    auto stored = transaction.connection(connection.id);
    if (!stored) return std::unexpected(stored.error());
    if (!*stored || (*stored)->state != ConnectionState::quarantined) return {};
    (*stored)->state = ConnectionState::active;
    (*stored)->why.clear();
    (*stored)->changed = now(means_);
    if (Result<void> updated = transaction.update(**stored); !updated) return updated;
    if (Result<void> solved = transaction.solve(connection.id, {}, {}, {}, now(means_)); !solved) return solved;
    return transaction.unpark(connection.id, "", now(means_));
  });
  if (!done) return;
  const std::lock_guard lock(mutex_);
  records_.erase(connection.id);
  means_.telemetry.quarantine(connection.name, false);
  means_.telemetry.log(Telemetry::Level::info, "works again", {{"connection", connection.name}});
}

}  // namespace dovetail
