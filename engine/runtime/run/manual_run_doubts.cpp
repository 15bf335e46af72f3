// What was interrupted before a manual run is found out before it reads, and before it writes.
#include <fmt/format.h>

#include <algorithm>

#include "engine/runtime/run/hold.hpp"
#include "engine/runtime/run/manual_run.hpp"
#include "engine/runtime/write/doubts.hpp"

namespace dovetail {

using ir::Side;

namespace {

constexpr std::size_t most_unread = 5;  // records in a row that cannot be read: it is the system, then

// Not about the one record that was asked for.
bool is_of_all(const Error& error) {
  return error.kind == Error::Kind::auth || error.kind == Error::Kind::input || error.kind == Error::Kind::rate;
}

}  // namespace

// It changes links, so it is found out before they are read; by whoever has the connection, if somebody has.
Result<void> ManualRun::settle_doubts() {
  bool any = false;
  const Result<void> read = means_->store.read([&](Transaction& transaction) -> Result<void> {
    const auto found = transaction.open_intents(opened_->connection.id, "");
    if (!found) return std::unexpected(found.error());
    any = !found->empty();
    return {};
  });
  if (!read || !any) return read;
  Hold hold(*means_, opened_->connection.id, no_run);
  if (!hold.take(std::chrono::milliseconds(0))) return {};
  const Asking asking(*opened_, [&] { return hold.renew(); });
  return resolve_doubts();
}

// What an interrupted run or worker left in doubt is found out before anything else is written.
Result<void> ManualRun::resolve_doubts() {
  while (true) {
    std::vector<Intent> open;
    const Result<void> read = means_->store.read([&](Transaction& transaction) -> Result<void> {
      auto found = transaction.open_intents(opened_->connection.id, "");
      if (!found) return std::unexpected(found.error());
      open = std::move(*found);
      return {};
    });
    if (!read) return read;
    // What is interrupted of this run itself is looked into by what resumes it.
    if (begun_) std::erase_if(open, [&](const Intent& intent) { return intent.run == run_.id; });
    if (open.empty()) return {};
    std::optional<Instant> again;
    if (Result<void> each = resolve_each(open, again); !each) return each;
    if (!again) return {};
    means_->clock.sleep(std::max(std::chrono::milliseconds(50), *again - now(*means_)));
  }
}

// One record that cannot be read keeps nobody else waiting; where none can, it is not the record.
Result<void> ManualRun::resolve_each(const std::vector<Intent>& open, std::optional<Instant>& again) {
  std::size_t failed = 0, answered = 0;
  for (const Intent& intent : open) {
    if (in_doubt_.contains(person_id(intent))) continue;
    const Result<Resolved> resolved = resolve(*means_, *opened_, {intent});
    if (resolved) {
      ++answered;
      for (const std::optional<Instant>& time : {resolved->again, resolved->shows_by}) {
        if (time) again = again ? std::min(*again, *time) : *time;
      }
      continue;
    }
    if (is_of_all(resolved.error()) || (++failed >= most_unread && answered == 0)) {
      return std::unexpected(resolved.error());
    }
    if (Result<void> held = hold_in_doubt(intent, resolved.error()); !held) return held;
  }
  return {};
}

Result<void> ManualRun::hold_in_doubt(const Intent& intent, const Error& why) {
  in_doubt_.insert(person_id(intent));
  const Instant time = now(*means_);
  return means_->store.write([&](Transaction& transaction) {
    return transaction.report({.connection = intent.connection,
                               .run = run_.id,
                               .hub_id = intent.hub_id,
                               .provider_id = intent.provider_id,
                               .reason = Reason::in_doubt,
                               .what = fmt::format("a write to {} was interrupted, and what became of it cannot be "
                                                   "found out: {}. Nothing is written for this person until it is",
                                                   opened_->program().rules->title(intent.target), why.what),
                               .first = time,
                               .last = time,
                               .needs_you = true});
  });
}

}  // namespace dovetail
