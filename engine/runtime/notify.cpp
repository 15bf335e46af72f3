#include "engine/runtime/notify.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>

namespace dovetail {
namespace {

constexpr std::size_t at_once = 20;
constexpr std::chrono::minutes own_time{5};  // to tell them, before others may
constexpr std::chrono::seconds first_pause{10};
constexpr std::chrono::hours longest_pause{1};

Instant now_of(Clock& clock) { return std::chrono::floor<std::chrono::milliseconds>(clock.wall_time()); }

std::chrono::milliseconds pause_before_next(unsigned attempts) {
  return std::min<std::chrono::milliseconds>(longest_pause, first_pause * (1LL << std::min(attempts, 10U)));
}

}  // namespace

Notification about_finished(const Run& run, Instant at) {
  Notification of;
  of.connection = run.connection;
  of.subject = fmt::format("run/{}", run.id);
  of.kind = "run-finished";
  of.content = fmt::format("Run {} is finished: {}.", run.id, run.summary);
  of.at = at;
  return of;
}

Notification about_quarantine(ConnectionId connection, std::string why, Instant at) {
  Notification of;
  of.connection = connection;
  of.subject = fmt::format("quarantine/{:%Y-%m-%d}", fmt::gmtime(std::chrono::system_clock::to_time_t(at)));
  of.kind = "quarantined";
  of.content = fmt::format(
      "The connection is held off: {}. Nothing is sent until it works again; it is tried by itself with growing "
      "pauses, "
      "and goes on where it stopped. No change is lost.",
      why);
  of.at = at;
  return of;
}

Notification about_guard(ConnectionId connection, Instant at) {
  Notification of;
  of.connection = connection;
  of.subject = fmt::format("guard/{:%Y-%m-%d}", fmt::gmtime(std::chrono::system_clock::to_time_t(at)));
  of.kind = "guard";
  of.content =
      "More changes of a kind came within a day than the limits of this connection allow. Changes of that kind wait "
      "until "
      "somebody looks at them in a manual run; everything else goes on.";
  of.at = at;
  return of;
}

Result<Told> tell_waiting(Store& store, Clock& clock, const Tell& tell) {
  Told sum;
  while (sum.failed == 0) {
    std::vector<Notification> mine;
    std::vector<Connection> connections;
    const Result<void> claimed = store.write([&](Transaction& transaction) -> Result<void> {
      const Instant now = now_of(clock);
      auto due = transaction.claim_notifications(at_once, now, now + own_time);
      if (!due) return std::unexpected(due.error());
      mine = std::move(*due);
      auto all = transaction.connections();
      if (!all) return std::unexpected(all.error());
      connections = std::move(*all);
      return {};
    });
    if (!claimed) return std::unexpected(claimed.error());
    if (mine.empty()) break;
    for (const Notification& one : mine) {
      const auto of = std::ranges::find(connections, one.connection, &Connection::id);
      const Result<void> told = of == connections.end() || sum.failed > 0
                                    ? Result<void>(std::unexpected(Error{.what = sum.why}))
                                    : tell(one, *of);
      const Result<void> kept = store.write([&](Transaction& transaction) -> Result<void> {
        const Instant now = now_of(clock);
        if (!told) return transaction.tell_later(one.id, now + pause_before_next(one.attempts), told.error().what);
        const Result<bool> noted = transaction.told(one.id, now);
        return noted ? Result<void>{} : std::unexpected(noted.error());
      });
      if (!kept) return std::unexpected(kept.error());
      ++(told ? sum.told : sum.failed);
      if (!told) sum.why = told.error().what;
    }
  }
  return sum;
}

}  // namespace dovetail
