// How a manual run ends, or is kept for what is still to be decided: what is read again, reported and stored.
#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "engine/match/empty_lists.hpp"
#include "engine/match/unread.hpp"
#include "engine/runtime/notify.hpp"
#include "engine/runtime/run/manual_run.hpp"
#include "engine/runtime/run/run_documents.hpp"
#include "engine/runtime/write/records.hpp"

namespace dovetail {

using ir::at;
using ir::Side;

namespace {

// For the list of runs: a few ids, for the names are in the error log.
std::string who_is_missing(const ir::RuleSet& rules, const Plan& plan,
                           const std::vector<std::pair<PersonIndex, Side>>& unread) {
  constexpr std::size_t most = 3;
  if (unread.empty()) return plan.is_complete() ? "" : ", not everybody could be read";
  std::string text;
  for (std::size_t i = 0; i < std::min(unread.size(), most); ++i) {
    const Person& person = plan.people[unread[i].first];
    const Side side = unread[i].second;
    text += fmt::format(", {} {}", rules.title(side), side == Side::hub ? person.hub_id : person.provider_id);
  }
  if (unread.size() > most) text += fmt::format(" and {} more", unread.size() - most);
  return text + " could not be read";
}

}  // namespace

// What was done so far is no longer as it was read: whoever was written is read again, so that what is decided later
// meets them as they are now. Whom a push had changed stays as they were read, and is held.
Result<RunInputs> ManualRun::read_again(const Plan& made, const Applied& applied) {
  RunInputs next;
  next.today = inputs_.today;
  next.activated = inputs_.activated;
  next.rules_hash = inputs_.rules_hash;
  next.settings = inputs_.settings;
  next.scope = inputs_.scope;
  next.test_system = inputs_.test_system;
  next.taken = inputs_.taken;
  std::array<std::set<std::string, std::less<>>, 2> written;  // ids, by Side
  for (std::size_t i = 0; i < made.operations.size(); ++i) {
    const Person& person = made.people[made.operations[i].person];
    if (moved_.contains(person.hub_id) || applied.outcomes[i].kind == Outcome::Kind::moved) continue;
    if (in_doubt_.contains(person_id(person))) continue;
    const std::string& created = applied.outcomes[i].created_id;
    for (const Side side : {Side::hub, Side::provider}) {
      const std::string& id = side == Side::hub ? person.hub_id : person.provider_id;
      if (!id.empty()) written[at(side)].insert(id);
      if (!created.empty() && made.operations[i].target == side) written[at(side)].insert(created);
    }
  }
  for (const Side side : {Side::hub, Side::provider}) {
    const Snapshot& before = inputs_.snapshots[at(side)];
    Snapshot& after = next.snapshots.emplace_back(before.layout());
    after.set_completeness(before.completeness());
    for (RecordIndex record = 0; record < before.size(); ++record) {
      const std::string_view id = id_of(opened_->program(), side, before, record);
      if (!written[at(side)].contains(id)) copy_record(before, record, after);
    }
    for (const std::string& id : written[at(side)]) {
      const Result<bool> there = opened_->system(side).get(id, after);
      if (!there) return std::unexpected(there.error());
    }
    withhold_as_before(before, after);
  }
  const Result<void> read = means_->store.read([&](Transaction& transaction) -> Result<void> {
    auto links = transaction.links(opened_->connection.id);
    if (!links) return std::unexpected(links.error());
    next.known = std::move(*links);
    return {};
  });
  if (!read) return std::unexpected(read.error());
  std::erase_if(next.known, [&](const StoredLink& link) { return moved_.contains(link.link.hub_id); });
  for (const StoredLink& link : inputs_.known) {
    if (moved_.contains(link.link.hub_id)) next.known.push_back(link);
  }
  return next;
}

// Who could not be read, and whether a listing was the whole: in the error log, until a later run reads them.
Result<void> ManualRun::report_unread(Transaction& transaction, const Done& done) const {
  const Instant time = now(*means_);
  const ir::RuleSet& rules = *opened_->program().rules;
  Problem found{.connection = opened_->connection.id,
                .run = run_.id,
                .reason = Reason::source_absent,
                .first = time,
                .last = time,
                .needs_you = true};
  const UnreadReasons reasons(done.plan.completeness);
  for (const auto& [index, side] : done.unread) {
    const Person& person = done.plan.people[index];
    found.hub_id = person.hub_id;
    found.provider_id = person.provider_id;
    const std::string_view why = reasons.of(side, side == Side::hub ? person.hub_id : person.provider_id);
    found.what =
        fmt::format("the person could not be read in {}{}, so nothing was concluded about them; synchronise again",
                    rules.title(side), why.empty() ? "" : fmt::format(" ({})", why));
    if (Result<void> told = transaction.report(found); !told) return told;
  }
  found.hub_id.clear();
  found.provider_id.clear();
  found.what.clear();
  for (const Side side : {Side::hub, Side::provider}) {
    const Completeness& of = done.plan.completeness[at(side)];
    if (of.complete) continue;
    found.what +=
        fmt::format("{}{} was not read whole ({})", found.what.empty() ? "" : "; ", rules.title(side), of.reason);
  }
  if (found.what.empty()) return transaction.solve(opened_->connection.id, {}, {}, {}, time);
  found.what += "; nobody was taken for missing, and nobody was added. Synchronise again";
  return transaction.report(found);
}

// Not what was carried out, but more, or something else.
Result<bool> ManualRun::is_decided_since(Transaction& transaction) {
  const auto kept = transaction.document(run_.id, decisions_document);
  if (!kept) return std::unexpected(kept.error());
  return *kept && **kept != pack_decisions(then_ ? *then_ : decisions_);
}

Result<ManualRun::Done> ManualRun::finish(Plan made, Applied applied) {
  auto unread = unread_people(input(), made);
  const bool complete = unread.empty() && made.is_complete();
  std::optional<RunInputs> next;
  bool is_more = false;
  const Result<void> looked = means_->store.read([&](Transaction& transaction) -> Result<void> {
    const Result<bool> since = is_decided_since(transaction);
    if (since) is_more = *since;
    return since ? Result<void>{} : std::unexpected(since.error());
  });
  if (!looked) return std::unexpected(looked.error());
  if (!made.ready || is_more || (!complete && !inputs_.activated)) {
    Result<RunInputs> read = read_again(made, applied);
    if (!read) return std::unexpected(read.error());
    next = std::move(*read);
  }
  Done done{.plan = std::move(made), .applied = std::move(applied), .unread = std::move(unread), .complete = complete};
  done.finished = !next;
  done.again = is_more;
  means_->step("before-report");
  std::size_t written = 0, in_part = 0, held = 0;
  for (std::size_t i = 0; i < done.plan.operations.size(); ++i) {
    if (done.plan.operations[i].action == Action::link) continue;
    const Outcome& outcome = done.applied.outcomes[i];
    (outcome.kind == Outcome::Kind::done ? written : held) += 1;
    in_part += outcome.is_in_part() ? 1U : 0U;
  }
  made_ += written;
  run_.summary =
      fmt::format("{} people, {} changes made{}, {} not, {} waiting for a decision{}", done.plan.totals.people, made_,
                  in_part > 0 ? fmt::format(" ({} only in part)", in_part) : "", held, done.plan.totals.open,
                  who_is_missing(*opened_->program().rules, done.plan, done.unread));
  run_.state = done.finished ? RunState::finished : RunState::planned;
  if (done.finished) run_.ended = now(*means_);
  std::optional<Connection> now_active;
  const Result<void> kept = means_->store.write([&](Transaction& transaction) -> Result<void> {
    now_active.reset();
    if (Result<void> alone = decide_alone(transaction, *means_, run_.id); !alone) return alone;
    if (Result<void> open = refuse_if_ended(transaction, run_.id); !open) return open;
    const Result<bool> since = is_decided_since(transaction);
    if (!since) return std::unexpected(since.error());
    if (*since && !next) {  // the run stays as it is: resumed, it finds all of this done, and carries out the rest
      return std::unexpected(Error{.kind = Error::Kind::transient,
                                   .what = "somebody has decided more at this very moment; resume the run"});
    }
    done.again = *since;
    if (Result<void> updated = transaction.update(run_); !updated) return updated;
    const Instant expires = now(*means_) + means_->limits.kept;
    const Result<void> counted = transaction.put_document(run_.id, pass_document, pack_pass(now(*means_)), expires);
    if (!counted) return counted;
    if (Result<void> told = report_unread(transaction, done); !told) return told;
    if (next) return keep(transaction, run_.id, *next, expires);
    auto connection = transaction.connection(opened_->connection.id);
    if (!connection) return std::unexpected(connection.error());
    if (!*connection) return refuse("the connection was removed");
    now_active = **connection;
    done.stays_paused = now_active->is_paused_by_person();
    done.activated = !done.stays_paused && now_active->state != ConnectionState::active;
    if (!done.stays_paused) {
      now_active->state = ConnectionState::active;
      now_active->why.clear();
    }
    if (!now_active->activated) now_active->activated = now(*means_);
    now_active->rules_hash = inputs_.rules_hash;
    now_active->changed = now(*means_);
    const auto posted = transaction.post(about_finished(run_, now(*means_)));
    if (!posted) return std::unexpected(posted.error());
    return transaction.update(*now_active);
  });
  if (!kept) return std::unexpected(kept.error());
  means_->step("after-report");
  if (now_active) opened_->connection = *now_active;
  return done;
}

}  // namespace dovetail
