#include "engine/runtime/push/push.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "engine/match/another_person.hpp"
#include "engine/match/link_state.hpp"
#include "engine/plan/fills.hpp"
#include "engine/runtime/push/next_day.hpp"
#include "engine/runtime/push/tries.hpp"
#include "engine/runtime/push/unique_holders.hpp"
#include "engine/runtime/seen.hpp"
#include "engine/runtime/write/apply.hpp"
#include "engine/runtime/write/doubts.hpp"
#include "engine/runtime/write/flips.hpp"
#include "engine/runtime/write/fresh_writes.hpp"
#include "engine/runtime/write/ledger.hpp"
#include "engine/runtime/write/records.hpp"

namespace dovetail {

using ir::at;
using ir::Side;

namespace {

constexpr unsigned looks_before_missing = 4;  // a record that was just made may not show yet
constexpr const char* not_shown_yet = "a write is in doubt, and may not show yet";
constexpr std::string_view lost_lane = "the lane belongs to another worker by now";

class Pusher {
 public:
  Pusher(const Means& means, Opened& opened, Populations& populations, const Claim& claim)
      : means_(means),
        opened_(opened),
        populations_(populations),
        claim_(claim),
        program_(opened.program()),
        hub_(program_.layouts[at(Side::hub)]),
        provider_(program_.layouts[at(Side::provider)]) {}

  Pushed run() {
    if (const Result<void> same = populations_.verify(opened_); !same) return later(same.error());
    if (const Result<void> loaded = load(); !loaded) return later(loaded.error());
    if (!open_.empty()) {
      const Result<Resolved> resolved = resolve(means_, opened_, open_);
      if (!resolved) return later(resolved.error());
      if (resolved->again) return wait_until(*resolved->again, not_shown_yet);
      held_fields_ = resolved->held_fields;
      unshown_ = resolved->unshown;
      shows_by_ = resolved->shows_by.value_or(now(means_));
      if (const Result<void> loaded = load(); !loaded) return later(loaded.error());
    }
    if (!unshown_.empty() && (is_excluded() || !is_linked())) return wait_until(shows_by_, not_shown_yet);
    if (is_excluded()) return finish(Reason::excluded);
    const Result<bool> there = opened_.system(Side::hub).get(claim_.hub_id, hub_);
    if (!there) return later(there.error());
    hub_.set_completeness({true, {}});
    in_hub_ = *there;
    return is_linked() ? push_linked() : push_unlinked();
  }

 private:
  // --- what is remembered ---

  Result<void> load() {
    return means_.store.read([&](Transaction& transaction) -> Result<void> {
      known_.clear();
      const ConnectionId id = opened_.connection.id;
      auto link = transaction.link_of_hub(id, claim_.hub_id);
      if (!link) return std::unexpected(link.error());
      if (*link) known_.push_back(std::move(**link));
      auto open = transaction.open_intents(id, claim_.hub_id);
      if (!open) return std::unexpected(open.error());
      was_creating_ |= std::ranges::any_of(*open, &Intent::creates);
      open_ = std::move(*open);
      const auto guarded = transaction.guarded_since(id, now(means_) - std::chrono::hours(24), claim_.hub_id);
      if (!guarded) return std::unexpected(guarded.error());
      guarded_ = *guarded;
      const auto seen = transaction.seen_record(id, claim_.hub_id);
      if (!seen) return std::unexpected(seen.error());
      was_seen_ = seen->has_value() && **seen != seen_as_new;
      const auto population = transaction.count_links(id);
      if (!population) return std::unexpected(population.error());
      population_ = *population;
      return {};
    });
  }

  // Everybody's links may be known by now.
  const Link* own_link() const { return find_link(known_, claim_.hub_id); }
  bool is_excluded() const { return own_link() != nullptr && own_link()->state == LinkState::excluded; }
  bool is_linked() const { return own_link() != nullptr && !own_link()->provider_id.empty() && !is_apart(*own_link()); }

  // --- linked ---

  Pushed push_linked() {
    const Link& link = known_.front().link;
    if (in_hub_) {
      const Result<bool> there = opened_.system(Side::provider).get(link.provider_id, provider_);
      if (!there) return later(there.error());
      const bool was_there =
          link.state == LinkState::linked || link.state == LinkState::pending || link.state == LinkState::disputed;
      if (!*there && was_there && claim_.attempts < looks_before_missing) {
        return later({.kind = Error::Kind::transient,
                      .what = fmt::format("the record is not to be seen in {}", title(Side::provider))});
      }
    }
    const auto behind = find_behind(means_, opened_, link, hub_, provider_);
    if (!behind) return later(behind.error());
    if (*behind) return wait_until(**behind, "a value that was just written does not show yet");
    provider_.set_completeness({true, {}});
    event_ = in_hub_ ? Event::changed : Event::removed;
    UniqueHolders holders(means_, opened_, populations_, provider_);
    base_ = base_of(known_);
    Plan made = plan(input(provider_));
    const bool compared = !made.people.empty() &&
                          (made.people[0].reason == Reason::no_change || made.people[0].reason == Reason::disputed);
    if (compared) {
      const auto holder = populations_.rivals().find_holder(input(provider_), opened_, link);
      if (!holder) return later(holder.error());
      if (*holder) return hold_swapped(link, **holder);
      is_swapped_ = made.people[0].state == LinkState::disputed;
    }
    const Result<bool> found = holders.find(made, link.provider_id);
    if (!found) return later(found.error());
    const Snapshot& provider = holders.provider();
    if (*found) made = plan(input(provider));
    const Result<bool> flips = hold_flips(made, input(provider));
    if (!flips) return later(flips.error());
    if (*flips) made = plan(input(provider));
    if (!unshown_.empty()) {
      if (!are_written_again(unshown_, made, program_)) return wait_until(shows_by_, not_shown_yet);
      if (const Result<void> ended = end_unshown(means_, unshown_); !ended) return later(ended.error());
    }
    return carry_out(made, input(provider));
  }

  // The record has another linked person's match key. The sweep finds the person again, until the records are right.
  Pushed hold_swapped(const Link& link, const Rival& holder) {
    is_swapped_ = true;
    reports_.push_back(
        problem("", Reason::disputed,
                another_persons_text(program_, program_.match()->rule->label, link.provider_id, holder.hub_id)));
    pushed_.why = name(Reason::disputed);
    return end([&](Transaction& transaction) -> Result<void> {
      StoredLink remembered = known_.front();  // until it is settled, whatever becomes of the holder
      remembered.link.state = LinkState::disputed;
      if (link.state != LinkState::disputed) {
        if (const auto put = transaction.put_link(opened_.connection.id, remembered); !put)
          return std::unexpected(put.error());
      }
      return transaction.solve(opened_.connection.id, claim_.hub_id, {}, {}, now(means_));
    });
  }

  // Fields that go back and forth are held, and both writers named. True: plan again.
  Result<bool> hold_flips(const Plan& made, const PlanInput& in) {
    const auto found = find_flips(means_, opened_, in, made);
    if (!found) return std::unexpected(found.error());
    for (const Flip& flip : *found) {
      look_again_ = now(means_) + std::chrono::hours(24);
      if (std::ranges::count(held_fields_, flip.label) == 0) held_fields_.push_back(flip.label);
      reports_.push_back(problem(
          flip.name, Reason::quarantined,
          fmt::format(
              "{}: it changed back and forth {} times within a day; {} and {} write it in turn. It is left alone for a "
              "day: make one of them stop",
              flip.name, flip.count, title(Side::hub), title(Side::provider))));
    }
    return !found->empty();
  }

  Problem problem(const std::string& field, Reason reason, std::string what) const {
    const Instant time = now(means_);
    return {.connection = opened_.connection.id,
            .hub_id = claim_.hub_id,
            .field = field,
            .reason = reason,
            .what = std::move(what),
            .first = time,
            .last = time,
            .needs_you = true};
  }

  // --- not linked yet ---

  Pushed push_unlinked() {
    if (!in_hub_) {
      pushed_.why = fmt::format("{} has nobody of this id", title(Side::hub));
      if (!was_seen_ && known_.empty() && std::ranges::none_of(claim_.events, is_about_leaver)) report_nobody();
      return finish();
    }
    const bool is_pending = !known_.empty() && known_.front().link.state == LinkState::pending_create;
    const bool is_new =
        !was_seen_ || std::ranges::any_of(claim_.events, [](const auto& e) { return e.what == Event::added; });
    const Result<bool> held = is_new || was_creating_ ? Result<bool>(false) : was_held();
    if (!held) return later(held.error());
    event_ = is_new || was_creating_ || *held ? Event::added : Event::changed;
    // Most who are not linked are nobody to add; that needs no listing.
    base_ = base_of(known_);
    provider_.set_completeness({false, "not asked"});
    const Plan alone = plan(input(provider_));
    if (alone.people.empty()) return finish();
    pushed_.why = name(alone.people[0].reason);
    const bool may_be_added =
        alone.people[0].reason == Reason::source_absent && event_ == Event::added && adds_people();
    if (may_be_added || is_pending) return add(is_pending);
    if (alone.people[0].reason == Reason::source_absent) pushed_.why = name(Reason::unlinked);
    const Result<std::optional<Rival>> rival = populations_.rivals().find(opened_, hub_, claim_.hub_id);
    if (!rival) return later(rival.error());
    if (*rival) report_rival(**rival);
    return carry_out(alone, input(provider_));
  }

  static bool is_about_leaver(const PersonEvent& event) {
    return event.what == Event::removed || event.what == Event::deactivated;
  }

  // An id that was mistyped, perhaps: somebody is told, and nothing waits for them.
  void report_nobody() {
    Problem found = problem("", Reason::source_absent,
                            fmt::format("{} has nobody with this id, and nobody is linked under it, so nothing was "
                                        "done. If it was mistyped, tell the right one (dovetail event)",
                                        title(Side::hub)));
    found.needs_you = false;
    reports_.push_back(std::move(found));
  }

  void report_rival(const Rival& rival) {
    pushed_.why = name(Reason::disputed);
    reports_.push_back(problem("", Reason::disputed,
                               fmt::format("{} is the same as that of the person {} in {}, who is linked to the record "
                                           "{} in {}; nobody is linked or added. If this is the same person's new "
                                           "account, forget the old link (dovetail links forget) and synchronise",
                                           program_.match()->rule->label, rival.hub_id, title(Side::hub),
                                           rival.provider_id, title(Side::provider))));
  }

  // Somebody who was not added for a reason that needs a person is looked at again with every change.
  Result<bool> was_held() {
    bool found = false;
    const Result<void> read = means_.store.read([&](Transaction& transaction) -> Result<void> {
      const ConnectionId id = opened_.connection.id;
      const auto any = transaction.with_problems(id, {{claim_.hub_id, {}}});
      if (!any) return std::unexpected(any.error());
      if (any->empty()) return {};
      const auto problems = transaction.problems(id, ProblemsWanted{.hub_id = claim_.hub_id});
      if (!problems) return std::unexpected(problems.error());
      found = std::ranges::any_of(*problems, &Problem::needs_you);
      return {};
    });
    if (!read) return std::unexpected(read.error());
    return found;
  }

  bool adds_people() {
    const PlanInput in = input(provider_);
    return std::ranges::any_of(program_.rules->life_cycle, [&](const ir::LifeCycle& rule) {
      return rule.event == ir::LifeCycle::Event::add && rule.side == Side::hub && rule.create &&
             (!rule.create_setting || is_on(in, *rule.create_setting));
    });
  }

  // Everybody in the provider is looked at before somebody is added there.
  Pushed add(bool is_pending) {
    pushed_.why.clear();
    const auto age = is_pending || was_creating_ ? std::chrono::milliseconds(0) : means_.limits.listing_age;
    auto held = populations_.take(opened_, age);
    if (!held) return later(held.error());
    const Result<void> loaded = load_everybody();
    if (!loaded) return later(loaded.error());
    Plan made = plan(input(held->snapshot()));
    const bool asks = was_creating_ && !is_pending;
    if (asks) {
      // The creation in doubt may be among the listed: then the match key tells.
      base_.links.emplace_back().hub_id = claim_.hub_id;
      base_.links.back().state = LinkState::pending_create;
      known_.push_back({0, 0, base_.links.back()});
      Plan found = plan(input(held->snapshot()));
      if (!found.people.empty() && found.people[0].is_linked) return carry_out(found, input(held->snapshot()));
      base_.links.pop_back();
      known_.pop_back();
    }
    if (is_pending && !made.people.empty() && !made.people[0].is_linked) {
      return later({.kind = Error::Kind::transient,
                    .what = fmt::format("{} does not show the new record yet", title(Side::provider))});
    }
    const Result<std::optional<std::string>> holder = find_existing(made);
    if (!holder) return later(holder.error());
    if (*holder) return hold_addition(**holder);
    std::string created;
    const Pushed pushed = carry_out(made, input(held->snapshot()), &created);
    if (pushed.writes > 0 && has_creation(made)) held->add_created(opened_, created);
    return pushed;
  }

  Result<void> load_everybody() {
    const Result<void> read = means_.store.read([&](Transaction& transaction) -> Result<void> {
      auto links = transaction.links(opened_.connection.id);
      if (!links) return std::unexpected(links.error());
      known_ = std::move(*links);
      return {};
    });
    if (!read) return read;
    base_ = base_of(known_);
    hub_.set_completeness({false, "only this person was asked for"});  // so nobody else counts as gone
    return {};
  }

  static bool has_creation(const Plan& made) {
    return std::ranges::any_of(made.operations, [](const Operation& o) { return o.action == Action::create; });
  }

  // Searched for once more just before the creation: listings are of a while ago. The member that was found by.
  Result<std::optional<std::string>> find_existing(const Plan& made) {
    System& system = opened_.system(Side::provider);
    for (const Operation& operation : made.operations) {
      if (operation.action != Action::create || operation.target != Side::provider) continue;
      for (const ir::MemberId member : system.capabilities().findable) {
        const auto write = std::ranges::find(operation.writes, member, &Write::member);
        if (write == operation.writes.end() || write->after.state != State::value) continue;
        const auto found = system.find(member, {write->after.text});
        if (!found) return std::unexpected(found.error());
        if (found->front()) return program_.rules->schema(Side::provider).members[member].path;
      }
    }
    return std::nullopt;
  }

  Pushed hold_addition(const std::string& member) {
    ++pushed_.needs_you;
    return end([&](Transaction& transaction) {
      return transaction.report(problem("", Reason::unlinked,
                                        fmt::format("{} has a record with the same `{}`, so nobody is added; a manual "
                                                    "synchronisation links them",
                                                    title(Side::provider), member)));
    });
  }

  // --- planning and writing ---

  static Base base_of(const std::vector<StoredLink>& known) {
    Base base;
    base.activated = true;
    for (const StoredLink& link : known) base.links.push_back(link.link);
    return base;
  }

  PlanInput input(const Snapshot& provider) {
    for (Link& link : base_.links) {
      if (link.hub_id != claim_.hub_id) continue;
      for (const std::string& field : held_fields_) {
        if (std::ranges::find(link.excluded_fields, field) == link.excluded_fields.end()) {
          link.excluded_fields.push_back(field);
        }
      }
    }
    return {.program = program_,
            .hub = hub_,
            .provider = provider,
            .base = base_,
            .today = opened_.today,
            .mode = Mode::push,
            .event = event_,
            .decisions = nullptr,
            .settings = opened_.settings,
            .only = {claim_.hub_id},
            .scope = opened_.connection.whole_hub ? nullptr : &opened_.connection.scope,
            .tables = opened_.tables,
            .hasher = &means_.store.hasher(),
            .test_system = opened_.connection.test_system,
            .rules_hash = opened_.rules_hash,
            .run = "push",
            .guarded_before = guarded_,
            .population = static_cast<std::uint32_t>(population_)};
  }

  const std::string& title(Side side) const { return program_.rules->title(side); }

  Pushed carry_out(const Plan& made, const PlanInput& in, std::string* created = nullptr) {
    if (made.people.empty()) return finish();
    left_out_ = leaves_out(made, 0, *program_.rules, find_link(known_, claim_.hub_id));
    if (opened_.connection.observes_only) return observe_only(made);
    Ledger ledger({.means = means_,
                   .connection = opened_.connection,
                   .run = no_run,
                   .plan = made,
                   .input = in,
                   .known = known_,
                   .held = held_fields_});
    means_.step("before-calls");
    const Applied applied = apply(made, program_, opened_.system(Side::hub), opened_.system(Side::provider), &ledger);
    means_.step("before-base");
    pushed_.writes = applied.count(Outcome::Kind::done);
    pushed_.needs_you += static_cast<std::size_t>(std::ranges::count(made.entries, Action::hold, &Entry::action));
    if (created != nullptr) {
      for (const Outcome& outcome : applied.outcomes) *created += outcome.created_id;
    }
    const Tries tries = tries_after(means_, claim_, applied, pushed_.trouble);
    if (made.operations.empty() && made.people[0].reason != Reason::no_change && pushed_.why.empty()) {
      pushed_.why = name(made.people[0].reason);
    }
    if (is_gone(made.people[0])) pushed_.why = "the record is gone";
    const std::optional<Instant> next_try = tries.parks ? std::nullopt : tries.at;
    end([&](Transaction& transaction) { return ledger.commit(transaction, 0, applied, next_try); }, tries);
    if (pushed_.kind == Pushed::Kind::lost && pushed_.writes > 0) give_in_again(ledger, applied);
    return pushed_;
  }

  static bool is_gone(const Person& person) {
    return person.hub != no_record && person.link >= 0 && person.state == LinkState::missing_in_provider;
  }

  // What was written has come after another worker's work: whoever has the person now looks at both records again, and
  // knows what stood there after this write.
  void give_in_again(const Ledger& ledger, const Applied& applied) {
    const Result<void> done = means_.store.write([&](Transaction& transaction) -> Result<void> {
      const Result<bool> erased = transaction.is_erased(opened_.connection.id, claim_.hub_id);
      if (!erased) return std::unexpected(erased.error());
      const auto connection = transaction.connection(opened_.connection.id);
      if (!connection) return std::unexpected(connection.error());
      if (*erased || !*connection) return {};
      if (Result<void> kept = ledger.remember_late(transaction, 0, applied); !kept) return kept;
      Problem found = problem("", Reason::in_doubt,
                              fmt::format("a write to {} ended only after another worker had taken the person over; "
                                          "both records are read again",
                                          title(Side::provider)));
      found.needs_you = false;
      found.next_try = now(means_);
      if (Result<void> told = transaction.report(found); !told) return told;
      const auto taken = transaction.take_in({.id = {},
                                              .connection = opened_.connection.id,
                                              .hub_id = claim_.hub_id,
                                              .what = Event::changed,
                                              .at = now(means_),
                                              .due = now(means_)});
      return taken ? Result<void>{} : std::unexpected(taken.error());
    });
    if (!done) {
      means_.telemetry.log(Telemetry::Level::error, "a late write could not be noted",
                           {{"hub_id", claim_.hub_id}, {"why", done.error().what}});
    }
  }

  Pushed observe_only(const Plan& made) {
    means_.telemetry.log(Telemetry::Level::info, "observed only",
                         {{"connection", opened_.connection.name},
                          {"hub_id", claim_.hub_id},
                          {"would_write", std::to_string(made.operations.size())}});
    left_out_ |= !made.operations.empty();
    return finish();
  }

  // --- ends of the lane ---

  Pushed finish(std::optional<Reason> why = std::nullopt) {
    if (why) pushed_.why = name(*why);
    return end([&](Transaction& transaction) {
      return transaction.solve(opened_.connection.id, claim_.hub_id, {}, {}, now(means_));
    });
  }

  // Commits `work` and the lane's end together.
  Pushed end(const std::function<Result<void>(Transaction&)>& work) { return end(work, Tries{}); }

  Pushed end(const std::function<Result<void>(Transaction&)>& work, const Tries& tries) {
    bool lost = false;
    const Result<void> written = means_.store.write([&](Transaction& transaction) -> Result<void> {
      if (Result<void> done = work(transaction); !done) return done;
      for (const Problem& found : reports_) {
        if (Result<void> told = transaction.report(found); !told) return told;
      }
      if (const auto seen = in_hub_ && !tries.at ? seen_now() : std::nullopt) {
        const Result<void> put = transaction.put_seen_record(opened_.connection.id, claim_.hub_id, *seen);
        if (!put) return put;
      }
      const Result<bool> mine = tries.parks ? transaction.park(claim_, tries.why)
                                : tries.at  ? transaction.retry(claim_, *tries.at, tries.why)
                                            : transaction.finish(claim_, next_look());
      if (!mine) return std::unexpected(mine.error());
      lost = !*mine;
      if (lost) return std::unexpected(Error{.kind = Error::Kind::transient, .what = std::string(lost_lane)});
      return {};
    });
    means_.step("after-base");
    pushed_.needs_you += static_cast<std::size_t>(std::ranges::count(reports_, true, &Problem::needs_you));
    pushed_.kind = tries.parks ? Pushed::Kind::parked : tries.at ? Pushed::Kind::again : Pushed::Kind::finished;
    if (!written) {
      pushed_.kind = Pushed::Kind::lost;
      if (!lost) give_lane_back(written.error());
    }
    return pushed_;
  }

  // The store did not take the end, whatever the reason; no system is to blame, and somebody who was erased meanwhile
  // has no lane any more.
  void give_lane_back(Error error) {
    error.kind = Error::Kind::transient;
    const Tries tries = tries_after(means_, claim_, error);
    const Result<void> done = means_.store.write([&](Transaction& transaction) -> Result<void> {
      const Result<bool> mine =
          tries.parks ? transaction.park(claim_, tries.why) : transaction.retry(claim_, *tries.at, tries.why);
      if (!mine) return std::unexpected(mine.error());
      if (!*mine) return {};
      error.what = fmt::format("what became of the person could not be written down: {}", error.what);
      return transaction.report(problem_of(means_, opened_.connection, claim_, error, tries));
    });
    if (!done) {
      means_.telemetry.log(Telemetry::Level::warning, "lane not given back",
                           {{"hub_id", claim_.hub_id}, {"why", done.error().what}});
    }
    pushed_.trouble = std::move(error);
  }

  // What the sweep is to take for seen; nullopt: what it took before, so that it finds the person again.
  std::optional<std::string> seen_now() const {
    const bool is_new = !is_linked() && event_ == Event::added;
    const bool is_out = !is_in_scope(opened_.connection, claim_.hub_id);
    // They are new still when they are let in, or the hub activates them.
    const bool is_waiting = (opened_.connection.observes_only && left_out_) || pushed_.why == name(Reason::inactive);
    if (is_new && (is_out || is_waiting)) return std::string(seen_as_new);
    if (is_out || is_swapped_ || !held_fields_.empty()) return std::nullopt;
    return seen_text(record_hash(hub_, 0, means_.store.hasher()), left_out_, terms_of(opened_),
                     find_link(known_, claim_.hub_id), means_.store.hasher());
  }

  std::optional<Instant> next_look() const {
    if (!in_hub_ || hub_.size() == 0) return look_again_;
    const auto day = next_day_of_change(program_, Side::hub, hub_, 0, opened_.today);
    if (!day) return look_again_;
    return look_again_ ? std::min(start_of(*day), *look_again_) : start_of(*day);
  }

  // Nothing was written: the whole is tried again.
  Pushed later(const Error& error) {
    pushed_.trouble = error;
    const Tries tries = tries_after(means_, claim_, error);
    return end(
        [&](Transaction& transaction) {
          return transaction.report(problem_of(means_, opened_.connection, claim_, error, tries));
        },
        tries);
  }

  Pushed wait_until(Instant time, const std::string& why) {
    return end([](Transaction&) { return Result<void>{}; }, {.at = time, .parks = false, .why = why});
  }

  const Means& means_;
  Opened& opened_;
  Populations& populations_;
  const Claim& claim_;
  const ir::Program& program_;
  Snapshot hub_, provider_;  // of this person; `provider_` also of those who hold a unique value
  bool in_hub_ = false;
  bool left_out_ = false;    // not all of the record was dealt with
  bool is_swapped_ = false;  // the record may be somebody else's
  std::optional<Instant> look_again_;
  bool was_seen_ = false;
  bool was_creating_ = false;
  Event event_ = Event::changed;
  std::vector<StoredLink> known_;
  std::vector<Intent> open_;
  std::vector<Intent> unshown_;
  Instant shows_by_{};
  std::vector<std::string> held_fields_;  // labels
  std::vector<Problem> reports_;          // found before writing
  std::array<std::uint32_t, 5> guarded_{};
  std::size_t population_ = 0;
  Base base_;  // as planned by: of known_
  Pushed pushed_;
};

}  // namespace

Pushed push(const Means& means, Opened& opened, Populations& populations, const Claim& claim) {
  return Pusher(means, opened, populations, claim).run();
}

}  // namespace dovetail
