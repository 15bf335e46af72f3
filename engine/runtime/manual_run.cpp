#include "engine/runtime/manual_run.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "engine/durable/packed.hpp"
#include "engine/match/empty_lists.hpp"
#include "engine/match/unread.hpp"
#include "engine/runtime/apply.hpp"
#include "engine/runtime/company.hpp"
#include "engine/runtime/doubts.hpp"
#include "engine/runtime/hold.hpp"
#include "engine/runtime/lease_name.hpp"
#include "engine/runtime/ledger.hpp"
#include "engine/runtime/missing_people.hpp"
#include "engine/runtime/notify.hpp"
#include "engine/runtime/records.hpp"
#include "engine/runtime/resumption.hpp"
#include "engine/runtime/seen.hpp"

namespace dovetail {

using ir::at;
using ir::Side;

namespace {

constexpr std::size_t at_a_time = 500;  // people in one transaction
constexpr std::string_view inputs_document = "inputs", decisions_document = "decisions", pass_document = "pass",
                           then_document = "decided-then";

std::unexpected<Error> refuse(std::string what) {
  return std::unexpected(Error{.kind = Error::Kind::input, .what = std::move(what)});
}

constexpr std::size_t most_unread = 5;  // records in a row that cannot be read: it is the system, then

// Not about the one record that was asked for.
bool is_of_all(const Error& error) {
  return error.kind == Error::Kind::auth || error.kind == Error::Kind::input || error.kind == Error::Kind::rate;
}

// Whose operations are more than links, which no system is told of.
std::vector<bool> called_people(const Plan& plan) {
  std::vector<bool> called(plan.people.size());
  for (const Operation& operation : plan.operations) {
    if (operation.action != Action::link) called[operation.person] = true;
  }
  return called;
}

// Until the end of the transaction nobody else decides, or finishes the run.
Result<void> decide_alone(Transaction& transaction, const Means& means, RunId run) {
  const Instant time = now(means);
  const auto alone = transaction.take_lease(decide_lease(run), "decide", time, time);
  return alone ? Result<void>{} : std::unexpected(alone.error());
}

// A link that was not remembered was not made, whatever apply() said: no system is asked about links.
void hold_links(const Ledger& ledger, PersonIndex person, const Outcome& why, Applied& applied) {
  for (const std::size_t i : ledger.operations_of(person)) {
    if (ledger.plan().operations[i].action == Action::link) applied.outcomes[i] = why;
  }
}

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

// A system that fails for one person after the other is down, or its keys are revoked. That is nobody's fault of those
// who come next: their decisions wait.
class Outage {
 public:
  Outage(const ir::RuleSet& rules, RunId run) : rules_(rules), run_(run) {}

  // Told of each person whose calls are over; an Error: the system is taken for down.
  std::optional<Error> see(const Ledger& ledger, PersonIndex person, const Applied& applied) {
    const Outcome* failed = nullptr;
    Side side = Side::provider;
    for (const std::size_t i : ledger.operations_of(person)) {
      const Operation& operation = ledger.plan().operations[i];
      const Outcome& outcome = applied.outcomes[i];
      if (operation.action == Action::link) continue;
      if (outcome.kind != Outcome::Kind::failed || outcome.reason != Reason::provider_refused) {
        in_a_row_ = 0;
        return std::nullopt;
      }
      failed = &outcome;
      side = operation.target;
    }
    if (failed == nullptr || ++in_a_row_ < enough) return std::nullopt;
    return Error{.kind = Error::Kind::transient,
                 .what = fmt::format("{} fails for one person after the other ({}), so this stops here. Run {} is kept "
                                     "with all its decisions: carry it on once {} answers",
                                     rules_.title(side), failed->what, run_, rules_.title(side))};
  }

 private:
  static constexpr unsigned enough = 5;
  const ir::RuleSet& rules_;
  RunId run_;
  unsigned in_a_row_ = 0;
};

// What the sweep is to take for seen; empty: what it took before. Who is in the hub when the connection begins is not
// new to it later.
std::string seen_after(const RunInputs& inputs, const Plan& made, const PlanInput& in, PersonIndex person,
                       const SecretHasher& hasher) {
  const Person& who = made.people[person];
  // What nobody has decided goes with the next push, like any change.
  const bool waits =
      std::ranges::any_of(std::ranges::equal_range(made.entries, person, {}, &Entry::person), [](const Entry& entry) {
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

Result<void> keep(Transaction& transaction, RunId run, const RunInputs& inputs, Instant expires) {
  const auto write = [&](const Transaction::PassOn& pass_on) { pack_inputs(inputs, pass_on); };
  return transaction.write_document(run, inputs_document, write, expires);
}

// The inputs that are kept of a run that can go on. Error::input: there are none.
Result<RunInputs> kept_inputs(Transaction& transaction, RunId run, const Opened& opened) {
  Result<RunInputs> inputs;
  const auto read = [&](const Transaction::NextPiece& next) { inputs = unpack_inputs(next, opened); };
  const Result<bool> is_there = transaction.read_document(run, inputs_document, read);
  if (!is_there) return std::unexpected(is_there.error());
  if (!*is_there) return refuse(fmt::format("what run {} had read is no longer kept; start another one", run));
  return inputs;
}

Result<void> refuse_unless_open(const std::optional<Run>& stored, const Connection& connection, RunId id) {
  if (!stored || stored->connection != connection.id) {
    return refuse(fmt::format("connection {} has no run {}", connection.name, id));
  }
  if (stored->state != RunState::planned && stored->state != RunState::applying) {
    return refuse(fmt::format("run {} is {}; start another one", id, name(stored->state)));
  }
  return {};
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
  for (const StoredLink& link : inputs_.known) inputs_.base.links.push_back(link.link);
  EmptyLists empty;
  for (const Side side : {Side::hub, Side::provider}) {
    inputs_.snapshots.emplace_back(opened_->program().layouts[at(side)]);
    const Result<Completeness> listed = opened_->system(side).list(inputs_.snapshots.back());
    if (!listed) return std::unexpected(listed.error());
    inputs_.snapshots.back().set_completeness(*listed);
    look_for_missing(opened_->program(), inputs_.base, side, opened_->system(side), inputs_.snapshots.back());
    withhold_empty_lists(opened_->program(), inputs_.base, side, opened_->system(side), accept_empty,
                         inputs_.snapshots.back(), empty);
    inputs_.taken[at(side)] = now(*means_);
    means_->step("listed");
  }
  return check_accepted(accept_empty, empty);
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
      return refuse(fmt::format("run {} is {}; start another one", run_.id, name((*stored)->state)));
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
      if (resolved->again) again = again ? std::min(*again, *resolved->again) : *resolved->again;
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
  std::optional<Run> stored;
  std::optional<std::string> pass, decided;
  const Result<void> read = means_->store.read([&](Transaction& transaction) -> Result<void> {
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
  if (!stored) return refuse(fmt::format("run {} is no longer kept; start another one", run_.id));
  if (stored->state != RunState::planned && stored->state != RunState::applying) {
    return refuse(fmt::format("run {} is {}; start another one", run_.id, name(stored->state)));
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

Result<ManualRun::Done> ManualRun::apply(std::chrono::milliseconds patience) {
  if (Result<void> writable = refuse_unless_writable(); !writable) return std::unexpected(writable.error());
  Hold hold(*means_, opened_->connection.id, run_.id);
  if (Result<void> taken = hold.take(patience); !taken) return std::unexpected(taken.error());
  const Asking asking(*opened_, [&] { return hold.renew(); });
  if (Result<void> same = look_again(); !same) return std::unexpected(same.error());
  if (Result<void> same = verify_company(*opened_); !same) return std::unexpected(same.error());
  if (Result<void> clear = resolve_doubts(); !clear) return std::unexpected(clear.error());
  if (!begun_) {
    if (Result<void> begun = begin_pass(); !begun) return std::unexpected(begun.error());
  }
  const PlanInput in = input();
  Plan made = plan(in);
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
                 .in_doubt = in_doubt_},
                [&](PersonIndex person, const Applied& applied) {
                  if (failure || !called[person] || before.is_settled(person)) return;
                  if ((failure = outage.see(*journal, person, applied))) return journal->stop(*failure);
                  means_->step("before-base");
                  Result<void> done = means_->store.write([&](Transaction& transaction) -> Result<void> {
                    Result<void> kept = journal->commit(transaction, person, applied, std::nullopt);
                    return kept ? keep_outcomes(transaction, *journal, person, applied) : kept;
                  });
                  means_->step("after-base");
                  if (done) done = hold.renew();
                  if (!done) journal->stop(*(failure = done.error()));
                });
  journal = &ledger;
  before.hand_over(ledger);
  Applied applied = dovetail::apply(made, opened_->program(), opened_->system(Side::hub),
                                    opened_->system(Side::provider), &ledger, &before.earlier());
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
Result<void> ManualRun::remember_quiet(Transaction& transaction, Ledger& ledger, const std::vector<PersonIndex>& people,
                                       const Applied& applied, std::vector<PersonIndex>& left) {
  const auto all = ledger.commit_quiet(transaction, people, applied);
  if (!all) return std::unexpected(all.error());
  left.clear();
  for (const PersonIndex person : *all) {
    const Result<bool> remembered = begun_ ? ledger.is_remembered(transaction, person, applied) : Result<bool>(false);
    if (!remembered) return std::unexpected(remembered.error());
    if (*remembered) continue;
    moved_.insert(ledger.plan().people[person].hub_id);
    left.push_back(person);
  }
  return {};
}

// People without a call, and who is as the sweep saw them.
Result<void> ManualRun::remember_the_rest(const Plan& made, const PlanInput& in, Applied& applied, Hold& hold) {
  Ledger ledger({.means = *means_,
                       .connection = opened_->connection,
                       .run = run_.id,
                       .plan = made,
                       .input = in,
                       .known = inputs_.known});
  const std::vector<bool> called = called_people(made);
  for (PersonIndex first = 0; first < made.people.size(); first += at_a_time) {
    const auto last = static_cast<PersonIndex>(std::min<std::size_t>(made.people.size(), first + at_a_time));
    std::vector<PersonIndex> quiet;
    for (PersonIndex person = first; person < last; ++person) {
      if (!called[person]) quiet.push_back(person);
    }
    std::vector<PersonIndex> left;
    const Result<void> done = means_->store.write([&](Transaction& transaction) -> Result<void> {
      if (Result<void> kept = remember_quiet(transaction, ledger, quiet, applied, left); !kept) return kept;
      std::vector<std::pair<std::string, std::string>> hashes;
      for (PersonIndex person = first; person < last; ++person) {
        const Person& who = made.people[person];
        if (who.hub == no_record || who.hub_id.empty() || !ledger.went(person, applied)) continue;
        if (!called[person] && moved_.contains(who.hub_id)) continue;
        hashes.emplace_back(who.hub_id, seen_after(inputs_, made, in, person, means_->store.hasher()));
        if (hashes.back().second.empty()) hashes.pop_back();
      }
      return transaction.put_seen_records(opened_->connection.id, hashes);
    });
    if (!done) return done;
    for (const PersonIndex person : left) hold_links(ledger, person, *ledger.left_alone(person), applied);
    means_->step("during-rest");
    if (Result<void> renewed = hold.renew(); !renewed) return renewed;
  }
  return {};
}

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
  std::size_t written = 0, held = 0;
  for (std::size_t i = 0; i < done.plan.operations.size(); ++i) {
    if (done.plan.operations[i].action == Action::link) continue;
    (done.applied.outcomes[i].kind == Outcome::Kind::done ? written : held) += 1;
  }
  made_ += written;
  run_.summary =
      fmt::format("{} people, {} changes made, {} not, {} waiting for a decision{}", done.plan.totals.people, made_,
                  held, done.plan.totals.open, who_is_missing(*opened_->program().rules, done.plan, done.unread));
  run_.state = done.finished ? RunState::finished : RunState::planned;
  if (done.finished) run_.ended = now(*means_);
  std::optional<Connection> now_active;
  const Result<void> kept = means_->store.write([&](Transaction& transaction) -> Result<void> {
    now_active.reset();
    if (Result<void> alone = decide_alone(transaction, *means_, run_.id); !alone) return alone;
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
