// Why no call of a plan is made any more, and whose calls were cut short by that.
#include <fmt/format.h>

#include <algorithm>

#include "engine/runtime/write/ledger.hpp"
#include "engine/runtime/write/over_by_now.hpp"

namespace dovetail {

Error Ledger::stop_of(std::string why) const {
  if (!work_.how_to_go_on.empty()) why += "; " + work_.how_to_go_on;
  return {.kind = Error::Kind::input, .what = std::move(why)};
}

// Whether a run may not go on as it began. Between two calls of one person only where nothing may be written any more.
Result<std::optional<Error>> Ledger::find_stop(Transaction& transaction, PersonIndex person) const {
  if (work_.run == no_run) return std::nullopt;
  const auto run = transaction.run(work_.run);
  if (!run) return std::unexpected(run.error());
  if (*run && (*run)->state == RunState::abandoned) return over_by_now(**run);
  const auto connection = transaction.connection(work_.connection.id);
  if (!connection) return std::unexpected(connection.error());
  const std::string& name = work_.connection.name;
  if (!*connection) {
    return Error{.kind = Error::Kind::input,
                 .what = fmt::format("connection {} was removed meanwhile, so nothing more is written", name)};
  }
  if ((*connection)->observes_only) {
    return stop_of(fmt::format("connection {} only observes by now, so nothing more is written", name));
  }
  const bool is_paused = (*connection)->state == ConnectionState::paused;
  if (!is_paused || work_.connection.state == ConnectionState::paused || called_.contains(person)) return std::nullopt;
  return stop_of(fmt::format("connection {} was paused meanwhile{}, so this stops here", name,
                             (*connection)->why.empty() ? "" : fmt::format(" ({})", (*connection)->why)));
}

std::optional<Outcome> Ledger::stopped_outcome() const {
  if (!stopped_) return std::nullopt;
  return not_carried_out(Outcome::Kind::failed, Reason::pending,
                         fmt::format("nothing was sent, because this stops here: {}", stopped_->what));
}

// Before anything is asked of the store.
std::optional<Outcome> Ledger::refuse_call(PersonIndex person) {
  const bool may_stop = !stopped_ && work_.is_told_to_stop && !called_.contains(person);
  if (may_stop && work_.is_told_to_stop()) stopped_ = stop_of("this was told to stop, and does");
  if (stopped_) return stopped_outcome();
  if (!work_.in_doubt.contains(person_id(work_.plan.people[person]))) return std::nullopt;
  return not_carried_out(Outcome::Kind::failed, Reason::in_doubt,
                         "nothing was sent: an earlier write for this person was interrupted, and what became of it "
                         "cannot be found out yet; look at the record, then synchronise again");
}

// In a run, where a person waits for the end; a push comes again by itself. A system that never shows what it takes
// keeps nobody waiting for long.
bool Ledger::waits_for_replica(unsigned tried) {
  constexpr std::chrono::milliseconds first{200}, most_of_all{60'000};
  constexpr unsigned tries = 3;
  const bool is_stopped = stopped_ || (work_.is_told_to_stop && work_.is_told_to_stop());
  if (work_.run == no_run || is_stopped || tried >= tries || waited_ >= most_of_all) return false;
  const std::chrono::milliseconds time = first * (1U << tried);
  waited_ += time;
  work_.means.clock.sleep(time);
  return true;
}

bool Ledger::is_cut_short(PersonIndex person, const Applied& applied) const {
  return stopped_ && std::ranges::any_of(shares_.operations_of(person), [&](std::size_t i) {
           return applied.outcomes[i].kind == Outcome::Kind::failed && applied.outcomes[i].reason == Reason::pending;
         });
}

// While a run was being carried out, which was abandoned by that: nothing of the person is to be remembered again.
Result<bool> Ledger::is_erased_since(Transaction& transaction, PersonIndex person) const {
  const std::string& hub_id = work_.plan.people[person].hub_id;
  if (work_.run == no_run || hub_id.empty()) return false;
  const auto run = transaction.run(work_.run);
  if (!run) return std::unexpected(run.error());
  if (!*run || (*run)->state != RunState::abandoned) return false;
  return transaction.is_erased(work_.connection.id, hub_id);
}

}  // namespace dovetail
