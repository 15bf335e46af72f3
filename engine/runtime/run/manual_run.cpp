#include "engine/runtime/run/manual_run.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <future>
#include <set>
#include <thread>

#include "engine/durable/packed.hpp"
#include "engine/match/empty_lists.hpp"
#include "engine/match/unread.hpp"
#include "engine/plan/in_threads.hpp"
#include "engine/runtime/company.hpp"
#include "engine/runtime/run/hold.hpp"
#include "engine/runtime/run/interrupted.hpp"
#include "engine/runtime/run/missing_people.hpp"
#include "engine/runtime/run/outage.hpp"
#include "engine/runtime/run/resumption.hpp"
#include "engine/runtime/run/run_documents.hpp"
#include "engine/runtime/seen.hpp"
#include "engine/runtime/write/apply.hpp"
#include "engine/runtime/write/doubts.hpp"
#include "engine/runtime/write/fresh_writes.hpp"
#include "engine/runtime/write/ledger.hpp"
#include "engine/runtime/write/over_by_now.hpp"
#include "engine/runtime/write/records.hpp"

namespace dovetail {

using ir::at;
using ir::Side;

namespace {

// People in one transaction: others wait for its end, and a run of many has less of them.
std::size_t at_a_time(const Plan& plan) { return std::clamp<std::size_t>(plan.people.size() / 100, 1000, 5000); }

constexpr unsigned most_threads = 4;

// Whose operations are more than links, which no system is told of.
std::vector<bool> called_people(const Plan& plan) {
  std::vector<bool> called(plan.people.size());
  for (const Operation& operation : plan.operations) {
    if (operation.action != Action::link) called[operation.person] = true;
  }
  return called;
}

// A link that was not remembered was not made, whatever apply() said: no system is asked about links.
void hold_links(const Ledger& ledger, PersonIndex person, const Outcome& why, Applied& applied) {
  for (const std::size_t i : ledger.operations_of(person)) {
    if (ledger.plan().operations[i].action == Action::link) applied.outcomes[i] = why;
  }
}

// What the sweep is to take for seen; empty: what it took before. Who is in the hub when the connection begins is not
// new to it later.
std::string seen_after(const RunInputs& inputs, const Plan& made, const PlanInput& in, PersonIndex person,
                       const SecretHasher& hasher) {
  const Person& who = made.people[person];
  // What nobody has decided goes with the next push, like any change.
  const bool waits = std::ranges::any_of(made.entries.of(person), [](const Entry& entry) {
    return entry.open() &&
           (entry.reason == Reason::written || entry.reason == Reason::filled || entry.reason == Reason::cleared);
  });
  if (waits) return {};
  const bool is_out = inputs.scope && !std::ranges::binary_search(*inputs.scope, who.hub_id);
  if (is_out && (who.link >= 0 || inputs.activated)) return {};
  const Link* link = who.link < 0 ? nullptr : &inputs.known[static_cast<std::size_t>(who.link)].link;
  const Terms terms{.rules_hash = inputs.rules_hash,
                    .settings = inputs.settings,
                    .test_system = inputs.test_system,
                    .observes_only = false};
  return seen_text(record_hash(in.hub, who.hub, hasher), leaves_out(made, person, *in.program.rules, link), terms, link,
                   hasher);
}

}  // namespace

std::vector<std::pair<PersonIndex, Side>> unread_people(const PlanInput& input, const Plan& plan) {
  std::vector<std::pair<PersonIndex, Side>> found;
  for (PersonIndex index = 0; index < plan.people.size(); ++index) {
    const Person& person = plan.people[index];
    if (person.hub != no_record && is_unread(input.program, Side::hub, input.hub, person.hub)) {
      found.emplace_back(index, Side::hub);
    }
    if (person.provider != no_record && is_unread(input.program, Side::provider, input.provider, person.provider)) {
      found.emplace_back(index, Side::provider);
    }
  }
  return found;
}

// --- reading ---

Result<ManualRun> ManualRun::start(const Means& means, Opened& opened, std::string by,
                                   const std::vector<std::string>& accept_empty) {
  ManualRun run(means, opened);
  if (Result<void> same = verify_company(opened); !same) return std::unexpected(same.error());
  if (Result<void> clear = run.settle_doubts(); !clear) return std::unexpected(clear.error());
  if (Result<void> read = run.read(accept_empty); !read) return std::unexpected(read.error());
  means.step("read");
  run.run_ = {.id = no_run,
              .connection = opened.connection.id,
              .state = RunState::planned,
              .kind = "manual",
              .by = std::move(by),
              .rules_hash = opened.rules_hash,
              .started = now(means),
              .ended = std::nullopt,
              .summary = {}};
  const Result<void> kept = means.store.write([&](Transaction& transaction) -> Result<void> {
    run.abandoned_.clear();
    auto others = transaction.runs(opened.connection.id);
    if (!others) return std::unexpected(others.error());
    for (Run& other : *others) {
      if (other.state != RunState::planned && other.state != RunState::reading) continue;
      const auto decided = transaction.document(other.id, decisions_document);
      if (!decided) return std::unexpected(decided.error());
      if (*decided && **decided != pack_decisions({})) run.abandoned_.push_back(other);
      other.state = RunState::abandoned;
      other.ended = now(means);
      if (Result<void> updated = transaction.update(other); !updated) return updated;
    }
    auto id = transaction.add(run.run_);
    if (!id) return std::unexpected(id.error());
    run.run_.id = *id;
    return keep(transaction, *id, run.inputs_, now(means) + means.limits.kept);
  });
  if (!kept) return std::unexpected(kept.error());
  return run;
}

Result<ManualRun> ManualRun::look(const Means& means, Opened& opened) {
  ManualRun run(means, opened);
  run.decisions_.accept_preselected = true;
  if (Result<void> read = run.read({}); !read) return std::unexpected(read.error());
  return run;
}

Result<void> ManualRun::read(const std::vector<std::string>& accept_empty) {
  const Connection& connection = opened_->connection;
  inputs_.today = opened_->today;
  inputs_.activated = connection.activated.has_value();
  inputs_.rules_hash = opened_->rules_hash;
  inputs_.settings = opened_->settings;
  if (!connection.whole_hub) inputs_.scope = connection.scope;
  inputs_.test_system = connection.test_system;
  // Links first: what a push does from now on shows in their versions.
  const Result<void> known = means_->store.read([&](Transaction& transaction) -> Result<void> {
    auto links = transaction.links(connection.id);
    if (!links) return std::unexpected(links.error());
    inputs_.known = std::move(*links);
    return {};
  });
  if (!known) return known;
  inputs_.base.activated = inputs_.activated;
  inputs_.base.links.reserve(inputs_.known.size());
  for (const StoredLink& link : inputs_.known) inputs_.base.links.push_back(link.link);
  EmptyLists empty;
  const Instant begun = now(*means_);
  for (const Side side : {Side::hub, Side::provider}) {
    inputs_.snapshots.emplace_back(opened_->program().layouts[at(side)]);
    const Result<Completeness> listed = opened_->system(side).list(inputs_.snapshots.back());
    if (!listed) return std::unexpected(listed.error());
    inputs_.snapshots.back().set_completeness(*listed);
    look_for_missing(opened_->program(), inputs_.base, side, opened_->system(side), inputs_.snapshots.back());
    if (const auto shown = show_writes(side, begun); !shown) return shown;
    withhold_empty_lists(opened_->program(), inputs_.base, side, opened_->system(side), accept_empty,
                         inputs_.snapshots.back(), empty);
    inputs_.taken[at(side)] = now(*means_);
    means_->step("listed");
  }
  return check_accepted(accept_empty, empty);
}

// What was written a moment ago, by a push or by the run before.
Result<void> ManualRun::show_writes(Side side, Instant begun) {
  const Result<FreshWrites> written = FreshWrites::load(*means_, *opened_, begun, {});
  if (!written) return std::unexpected(written.error());
  return written->catch_up(*means_, opened_->system(side), side, inputs_.snapshots.back());
}

Result<ManualRun> ManualRun::resume(const Means& means, Opened& opened, RunId id) {
  ManualRun run(means, opened);
  std::optional<std::string> decisions;
  const Result<void> read = means.store.read([&](Transaction& transaction) -> Result<void> {
    const auto stored = transaction.run(id);
    if (!stored) return std::unexpected(stored.error());
    if (Result<void> open = refuse_unless_open(*stored, opened.connection, id); !open) return open;
    run.run_ = **stored;
    Result<RunInputs> inputs = kept_inputs(transaction, id, opened);
    if (!inputs) return std::unexpected(inputs.error());
    run.inputs_ = std::move(*inputs);
    auto taken = transaction.document(id, decisions_document);
    if (!taken) return std::unexpected(taken.error());
    decisions = std::move(*taken);
    return {};
  });
  if (!read) return std::unexpected(read.error());
  if (decisions) {
    Result<Decisions> taken = unpack_decisions(*decisions);
    if (!taken) return std::unexpected(taken.error());
    run.decisions_ = std::move(*taken);
  }
  if (Result<void> loaded = run.load_pass(); !loaded) return std::unexpected(loaded.error());
  return run;
}

// How often it was carried out before, and what was being carried out when it was interrupted.
Result<void> ManualRun::load_pass() {
  std::optional<std::string> pass, then;
  const Result<void> read = means_->store.read([&](Transaction& transaction) -> Result<void> {
    auto kept = transaction.document(run_.id, pass_document);
    if (!kept) return std::unexpected(kept.error());
    pass = std::move(*kept);
    auto decided = transaction.document(run_.id, then_document);
    if (!decided) return std::unexpected(decided.error());
    then = std::move(*decided);
    return {};
  });
  if (!read) return read;
  if (!pass) return {};
  Unpacker from(*pass);
  pass_ = from.number();
  const Instant begun{std::chrono::milliseconds(from.number())};
  if (!from.is_at_end()) made_ = from.number();
  if (!from.is_good()) return std::unexpected(Error{.kind = Error::Kind::data, .what = "the run cannot be read"});
  if (run_.state != RunState::applying || !then) return {};
  Result<Decisions> decided = unpack_decisions(*then);
  if (!decided) return std::unexpected(decided.error());
  then_ = std::move(*decided);
  begun_ = begun;
  return {};
}

// --- deciding ---

Result<void> ManualRun::decide(Decisions decisions) {
  decisions_ = std::move(decisions);
  return means_->store.write([&](Transaction& transaction) {
    return transaction.put_document(run_.id, decisions_document, pack_decisions(decisions_),
                                    now(*means_) + means_->limits.kept);
  });
}

Result<void> ManualRun::decide_more(const std::function<Decisions(Decisions)>& join) {
  return means_->store.write([&](Transaction& transaction) -> Result<void> {
    if (Result<void> alone = decide_alone(transaction, *means_, run_.id); !alone) return alone;
    const auto stored = transaction.run(run_.id);
    if (!stored) return std::unexpected(stored.error());
    if (!*stored) return refuse(fmt::format("run {} is no longer kept; start another one", run_.id));
    if ((*stored)->state != RunState::planned && (*stored)->state != RunState::applying) {
      return std::unexpected(over_by_now(**stored));
    }
    const auto kept = transaction.document(run_.id, decisions_document);
    if (!kept) return std::unexpected(kept.error());
    Result<Decisions> all = *kept ? unpack_decisions(**kept) : Decisions{};
    if (!all) return std::unexpected(all.error());
    decisions_ = join(std::move(*all));
    return transaction.put_document(run_.id, decisions_document, pack_decisions(decisions_),
                                    now(*means_) + means_->limits.kept);
  });
}

PlanInput ManualRun::input() const {
  PlanInput all =
      inputs_.input(*opened_, then_ ? &*then_ : &decisions_, means_->store.hasher(), fmt::format("run {}", run_.id));
  all.now = now(*means_);
  return all;
}

Plan ManualRun::make_plan() const { return plan(input()); }

// --- carrying out ---

Result<void> ManualRun::refuse_unless_writable() {
  const Connection& connection = opened_->connection;
  if (connection.observes_only) {
    return refuse(fmt::format("connection {} only observes: nothing is written", connection.name));
  }
  if (connection.state == ConnectionState::quarantined) {
    return refuse(fmt::format("connection {} is held off: {}", connection.name, connection.why));
  }
  return {};
}

std::string ManualRun::pack_pass(Instant begun) const {
  Packer pass;
  pass.number(pass_);
  pass.number(static_cast<std::uint64_t>(begun.time_since_epoch().count()));
  pass.number(made_);
  return pass.take();
}

// Whoever had the connection while this waited for it may have had this very run, and what was decided meanwhile
// counts.
Result<void> ManualRun::look_again() {
  const Connection& connection = opened_->connection;
  std::optional<Run> stored;
  std::optional<std::string> pass, decided;
  bool observes_only = false;
  const Result<void> read = means_->store.read([&](Transaction& transaction) -> Result<void> {
    const auto of = transaction.connection(connection.id);
    if (!of) return std::unexpected(of.error());
    if (!*of) return refuse(fmt::format("connection {} was removed", connection.name));
    observes_only = (*of)->observes_only;
    auto found = transaction.run(run_.id);
    if (!found) return std::unexpected(found.error());
    stored = std::move(*found);
    auto by_now = transaction.document(run_.id, decisions_document);
    if (!by_now) return std::unexpected(by_now.error());
    decided = std::move(*by_now);
    auto kept = transaction.document(run_.id, pass_document);
    if (!kept) return std::unexpected(kept.error());
    pass = std::move(*kept);
    return {};
  });
  if (!read) return read;
  if (observes_only) return refuse(fmt::format("connection {} only observes: nothing is written", connection.name));
  if (!stored) return refuse(fmt::format("run {} is no longer kept; start another one", run_.id));
  if (stored->state != RunState::planned && stored->state != RunState::applying) {
    return std::unexpected(over_by_now(*stored));
  }
  if (decided) {
    Result<Decisions> all = unpack_decisions(*decided);
    if (!all) return std::unexpected(all.error());
    decisions_ = std::move(*all);
  }
  if ((pass ? Unpacker(*pass).number() : 0) == pass_ && stored->state == run_.state) return {};
  return refuse(fmt::format("somebody else has carried run {} on meanwhile; resume it", run_.id));
}

// Which decisions are being carried out is written down before anything else is.
Result<void> ManualRun::begin_pass() {
  run_.state = RunState::applying;
  ++pass_;
  const std::string packed = pack_pass(now(*means_));
  return means_->store.write([&](Transaction& transaction) -> Result<void> {
    const Instant expires = now(*means_) + means_->limits.kept;
    Result<void> done = transaction.update(run_);
    if (done) done = transaction.put_document(run_.id, pass_document, packed, expires);
    if (done) done = transaction.put_document(run_.id, then_document, pack_decisions(decisions_), expires);
    return done;
  });
}

Result<ManualRun::Done> ManualRun::apply(std::chrono::milliseconds patience,
                                         const std::function<bool()>& is_told_to_stop) {
  if (Result<void> writable = refuse_unless_writable(); !writable) return std::unexpected(writable.error());
  Hold hold(*means_, opened_->connection.id, run_.id);
  if (Result<void> taken = hold.take(patience, is_told_to_stop); !taken) return std::unexpected(taken.error());
  const Asking asking(*opened_, [&] { return hold.renew(); });
  if (Result<void> same = look_again(); !same) return std::unexpected(same.error());
  const Result<void> alone = means_->store.write(
      [&](Transaction& transaction) { return end_interrupted(transaction, *means_, opened_->connection.id, run_.id); });
  if (!alone) return std::unexpected(alone.error());
  if (Result<void> same = verify_company(*opened_); !same) return std::unexpected(same.error());
  if (Result<void> clear = resolve_doubts(); !clear) return std::unexpected(clear.error());
  if (!begun_) {
    if (Result<void> begun = begin_pass(); !begun) return std::unexpected(begun.error());
  }
  has_begun_ = true;
  const PlanInput in = input();
  Plan made = plan(in, std::clamp(std::thread::hardware_concurrency(), 1U, most_threads));
  means_->step("planned");
  Resumption before(*means_, *opened_, run_.id, made);
  if (begun_) {
    if (Result<void> looked = before.look(pass_, *begun_); !looked) return std::unexpected(looked.error());
    for (const auto& [intent, why] : before.unread()) {
      if (Result<void> held = hold_in_doubt(intent, why); !held) return std::unexpected(held.error());
    }
  }
  const std::vector<bool> called = called_people(made);
  std::optional<Error> failure;  // of the store, or of a whole system: the rest is left for a resumed run
  Outage outage(*opened_->program().rules, run_.id);
  Ledger* journal = nullptr;
  Ledger ledger({.means = *means_,
                 .connection = opened_->connection,
                 .run = run_.id,
                 .plan = made,
                 .input = in,
                 .known = inputs_.known,
                 .in_doubt = in_doubt_,
                 .how_to_go_on = fmt::format("run {} is kept with all its decisions: resume it", run_.id),
                 .is_told_to_stop = is_told_to_stop},
                [&](PersonIndex person, const Applied& applied) {
                  if (failure || !called[person] || before.is_settled(person)) return;
                  if (journal->is_cut_short(person, applied)) return;
                  if ((failure = outage.see(*journal, person, applied))) return journal->stop(*failure);
                  means_->step("before-base");
                  Result<void> done = means_->store.write([&](Transaction& transaction) -> Result<void> {
                    Result<void> kept = journal->commit(transaction, person, applied, std::nullopt);
                    if (!kept || journal->is_erased(person)) return kept;
                    return keep_outcomes(transaction, *journal, person, applied);
                  });
                  means_->step("after-base");
                  if (done) done = hold.renew();
                  if (!done) journal->stop(*(failure = done.error()));
                });
  journal = &ledger;
  before.hand_over(ledger);
  Applied applied = dovetail::apply(made, opened_->program(), opened_->system(Side::hub),
                                    opened_->system(Side::provider), &ledger, begun_ ? &before.earlier() : nullptr);
  if (!failure) failure = ledger.stopped();
  if (failure) return std::unexpected(*failure);
  for (PersonIndex person = 0; person < made.people.size(); ++person) {
    if (const Outcome* why = ledger.left_alone(person)) hold_links(ledger, person, *why, applied);
  }
  for (std::size_t i = 0; i < made.operations.size(); ++i) {
    if (applied.outcomes[i].kind == Outcome::Kind::moved) moved_.insert(made.people[made.operations[i].person].hub_id);
  }
  means_->step("before-rest");
  if (Result<void> rest = remember_the_rest(made, in, applied, hold); !rest) return std::unexpected(rest.error());
  return finish(std::move(made), std::move(applied));
}

// So that a resumed run knows of it, with the base that says the same.
Result<void> ManualRun::keep_outcomes(Transaction& transaction, const Ledger& ledger, PersonIndex person,
                                      const Applied& applied) const {
  std::vector<const Outcome*> own;
  const Outcome* left = ledger.left_alone(person);
  for (const std::size_t i : ledger.operations_of(person)) {
    const bool is_left = left != nullptr && ledger.plan().operations[i].action == Action::link;
    own.push_back(is_left ? left : &applied.outcomes[i]);
  }
  return transaction.put_document(run_.id, settled_document(pass_, person), pack_outcomes(own),
                                  now(*means_) + means_->limits.kept);
}

// Who was not sent anything: what was observed of them. Whose links are left alone is put into `left`.
Result<void> ManualRun::remember_quiet(Transaction& transaction, Ledger& ledger, const Rest& rest,
                                       const Applied& applied, std::vector<PersonIndex>& left) {
  const auto all = ledger.commit_quiet(transaction, rest.quiet, applied, rest.change);
  if (!all) return std::unexpected(all.error());
  left.clear();
  for (const PersonIndex person : *all) {
    const Result<bool> remembered = begun_ ? ledger.is_remembered(transaction, person, applied) : Result<bool>(false);
    if (!remembered) return std::unexpected(remembered.error());
    if (*remembered) continue;
    moved_.insert(ledger.plan().people[person].hub_id);
    left.push_back(person);
  }
  std::vector<std::pair<std::string, std::string>> hashes;
  for (const Rest::Seen& seen : rest.seen) {
    const std::string& hub_id = ledger.plan().people[seen.person].hub_id;
    if (!seen.is_called && moved_.contains(hub_id)) continue;
    hashes.emplace_back(hub_id, seen.text);
  }
  return transaction.put_seen_records(opened_->connection.id, hashes);
}

// What can be known of some people without the store.
ManualRun::Rest ManualRun::rest_of(PersonIndex first, PersonIndex last, const std::vector<bool>& called,
                                   const Ledger& ledger, const PlanInput& in, const Applied& applied) const {
  Rest rest;
  for (PersonIndex person = first; person < last; ++person) {
    if (!called[person]) rest.quiet.push_back(person);
    const Person& who = ledger.plan().people[person];
    if (who.hub == no_record || who.hub_id.empty() || !ledger.went(person, applied)) continue;
    std::string text = seen_after(inputs_, ledger.plan(), in, person, means_->store.hasher());
    if (!text.empty()) rest.seen.push_back({person, called[person], std::move(text)});
  }
  rest.change = ledger.changes_of(rest.quiet, applied);
  return rest;
}

// People without a call, and who is as the sweep saw them. While some are written down, the next are worked out.
Result<void> ManualRun::remember_the_rest(const Plan& made, const PlanInput& in, Applied& applied, Hold& hold) {
  Ledger ledger({.means = *means_,
                 .connection = opened_->connection,
                 .run = run_.id,
                 .plan = made,
                 .input = in,
                 .known = inputs_.known});
  const std::vector<bool> called = called_people(made);
  const std::size_t all = made.people.size(), step = at_a_time(made);
  const auto work_out = [&](std::size_t first) {
    return rest_of(static_cast<PersonIndex>(first), static_cast<PersonIndex>(std::min(all, first + step)), called,
                   ledger, in, applied);
  };
  std::future<Rest> next;
  for (std::size_t first = 0; first < all; first += step) {
    const Rest rest = first == 0 ? work_out(0) : next.get();
    if (first + step < all) next = std::async(std::launch::async, work_out, first + step);
    std::vector<PersonIndex> left;
    const Result<void> done = means_->store.write([&](Transaction& transaction) -> Result<void> {
      if (Result<void> open = refuse_if_ended(transaction, run_.id); !open) return open;
      return remember_quiet(transaction, ledger, rest, applied, left);
    });
    if (!done) return done;
    for (const PersonIndex person : left) hold_links(ledger, person, *ledger.left_alone(person), applied);
    means_->step("during-rest");
    if (Result<void> renewed = hold.renew(); !renewed) return renewed;
  }
  return {};
}

}  // namespace dovetail
