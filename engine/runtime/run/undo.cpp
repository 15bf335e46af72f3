#include "engine/runtime/run/undo.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "engine/runtime/company.hpp"
#include "engine/runtime/run/hold.hpp"
#include "engine/runtime/run/interrupted.hpp"
#include "engine/runtime/run/put_back.hpp"
#include "engine/runtime/write/apply.hpp"
#include "engine/runtime/write/fresh_writes.hpp"
#include "engine/runtime/write/ledger.hpp"
#include "engine/runtime/write/readback.hpp"
#include "engine/runtime/write/records.hpp"

namespace dovetail {

using ir::at;
using ir::Side;

namespace {

using PersonKey = std::pair<std::string, std::string>;       // hub and provider id
using ValueKey = std::tuple<Side, FieldIndex, std::string>;  // where it was written; in an `each` with the element

class Undoing {
 public:
  Undoing(const Means& means, Opened& opened, std::function<bool()> is_told_to_stop)
      : means_(means), opened_(opened), program_(opened.program()), is_told_to_stop_(std::move(is_told_to_stop)) {
    Undone& made = undone_;
    made.inputs.today = opened.today;
    made.inputs.activated = opened.connection.activated.has_value();
    made.inputs.rules_hash = opened.rules_hash;
    made.inputs.settings = opened.settings;
    made.inputs.test_system = opened.connection.test_system;
    made.inputs.snapshots.emplace_back(program_.layouts[at(Side::hub)]);
    made.inputs.snapshots.emplace_back(program_.layouts[at(Side::provider)]);
    made.plan.fields = program_.fields.size();
    terms_ = made.inputs;
  }

  Result<Undone> run(RunId run, IntentId intent, const std::string& by, std::chrono::milliseconds patience) {
    if (Result<void> loaded = load(run, intent); !loaded) return std::unexpected(loaded.error());
    if (Result<void> added = add_run(run, intent, by); !added) return std::unexpected(added.error());
    Result<void> done = put_back(patience);
    if (!done && undone_.run.state == RunState::applying) end_in_vain(done.error());
    if (!done) return std::unexpected(done.error());
    return std::move(undone_);
  }

 private:
  Result<void> put_back(std::chrono::milliseconds patience) {
    Hold hold(means_, opened_.connection.id, undone_.run.id);
    if (Result<void> taken = hold.take(patience, is_told_to_stop_); !taken) return std::unexpected(taken.error());
    const Asking asking(opened_, [&] { return hold.renew(); });
    const Result<void> alone = means_.store.write([&](Transaction& transaction) {
      return end_interrupted(transaction, means_, opened_.connection.id, undone_.run.id);
    });
    if (!alone) return alone;
    if (Result<void> same = verify_company(opened_); !same) return std::unexpected(same.error());
    for (const auto& [person, values] : kept_) {
      if (Result<void> planned = plan_person(person, values); !planned) return std::unexpected(planned.error());
    }
    return carry_out();
  }

  // An undo is not carried on: another one puts back what this did not.
  void end_in_vain(const Error& why) {
    undone_.run.state = RunState::failed;
    undone_.run.ended = now(means_);
    undone_.run.summary += ": " + why.what;
    (void)keep_end();
  }

  // Who erases a person abandons every run, and that stays so.
  Result<void> keep_end() {
    return means_.store.write([&](Transaction& transaction) -> Result<void> {
      const auto stored = transaction.run(undone_.run.id);
      if (!stored) return std::unexpected(stored.error());
      if (*stored && (*stored)->state == RunState::abandoned) return {};
      return transaction.update(undone_.run);
    });
  }

  Result<void> load(RunId run, IntentId intent) {
    std::vector<KeptValue> all;
    const Result<void> read = means_.store.read([&](Transaction& transaction) -> Result<void> {
      auto kept = transaction.kept_values(opened_.connection.id, run);
      if (!kept) return std::unexpected(kept.error());
      all = std::move(*kept);
      return {};
    });
    if (!read) return read;
    for (KeptValue& one : all) {
      if (one.put_back || one.expires < now(means_) || (intent != 0 && one.intent != intent)) continue;
      if (one.run != run && intent == 0) continue;
      kept_[{one.hub_id, one.provider_id}].push_back(std::move(one));
    }
    if (!kept_.empty()) return {};
    return std::unexpected(Error{
        .kind = Error::Kind::input,
        .what = fmt::format("no values are kept of {} {}: it replaced none, they were put back, or they have expired",
                            intent == 0 ? "run" : "write", intent == 0 ? run : intent)});
  }

  Result<void> add_run(RunId run, IntentId intent, const std::string& by) {
    undone_.run = {.id = no_run,
                   .connection = opened_.connection.id,
                   .state = RunState::applying,
                   .kind = "undo",
                   .by = by,
                   .rules_hash = opened_.rules_hash,
                   .started = now(means_),
                   .ended = std::nullopt,
                   .summary = fmt::format("of {} {}", intent == 0 ? "run" : "write", intent == 0 ? run : intent)};
    return means_.store.write([&](Transaction& transaction) -> Result<void> {
      const auto id = transaction.add(undone_.run);
      if (!id) return std::unexpected(id.error());
      undone_.run.id = *id;
      return {};
    });
  }

  void leave(const PersonKey& who, const std::string& why) {
    undone_.left.push_back(fmt::format("{} {}: {}", who.first.empty() ? "record" : "person",
                                       who.first.empty() ? who.second : who.first, why));
  }

  // Both records as they are now, and what of the kept values is still as it was written.
  Result<void> plan_person(const PersonKey& who, const std::vector<KeptValue>& values) {
    Person person;
    person.hub_id = who.first;
    person.provider_id = who.second;
    std::optional<StoredLink> link;
    const Result<void> read = means_.store.read([&](Transaction& transaction) -> Result<void> {
      auto found = transaction.link_of_hub(opened_.connection.id, who.first);
      if (!found) return std::unexpected(found.error());
      link = std::move(*found);
      return {};
    });
    if (!read) return read;
    if (std::ranges::any_of(values, [](const KeptValue& one) { return one.path.empty(); })) {
      leave(who, "was added by it; records are never removed");
      if (values.size() == 1) return {};
    }
    if (!link || link->link.provider_id != who.second) return leave(who, "is no longer linked as then"), Result<void>{};
    const Result<FreshWrites> written = FreshWrites::load(means_, opened_, now(means_), who.first);
    if (!written) return std::unexpected(written.error());
    std::array<Snapshot, 2> fresh = {Snapshot(program_.layouts[0]), Snapshot(program_.layouts[1])};
    for (const Side side : {Side::hub, Side::provider}) {
      const Result<bool> there =
          written->get(means_, opened_.system(side), side, side == Side::hub ? who.first : who.second, fresh[at(side)]);
      if (!there) return std::unexpected(there.error());
      if (!*there) {
        leave(who, fmt::format("is no longer in {}", program_.rules->title(side)));
        return {};
      }
    }
    RunInputs alone = terms_;
    alone.snapshots.assign(fresh.begin(), fresh.end());
    const PlanInput input = alone.input(opened_, nullptr, means_.store.hasher(), {});
    PutBack put_back(input, link->link);
    if (const auto why = put_back.refuses_person()) return leave(who, *why), Result<void>{};
    add_person(std::move(person), *link, values, fresh, put_back);
    return {};
  }

  void add_person(Person person, const StoredLink& link, const std::vector<KeptValue>& values,
                  const std::array<Snapshot, 2>& fresh, PutBack& put_back) {
    Plan& plan = undone_.plan;
    const auto index = static_cast<PersonIndex>(plan.people.size());
    // Newest first: the oldest value before counts, and the newest one after must still stand there.
    std::map<std::tuple<Side, std::string, std::string>, KeptValue> by_place;
    for (const KeptValue& one : values) {
      if (one.path.empty()) continue;
      const auto [found, is_new] = by_place.emplace(std::tuple(one.side, one.path, one.element), one);
      if (!is_new) found->second.before = one.before;
      ids_[{index, one.side, one.path, one.element}].push_back(one.id);
    }
    std::map<ValueKey, std::vector<Write>> by_value;
    std::map<ValueKey, IntentId> written_by;
    for (const auto& [place, one] : by_place) {
      const ir::Schema& schema = program_.rules->schema(one.side);
      const ir::Member* member = schema.find(one.path);
      const auto field = std::ranges::find(program_.rules->fields, one.field, &ir::Field::label);
      if (member == nullptr || field == program_.rules->fields.end()) continue;
      if (one.before.state == State::masked || one.before.state == State::absent) {
        leave({person.hub_id, person.provider_id}, fmt::format("{} withholds {}, so it is not known what it was",
                                                               program_.rules->title(one.side), one.field));
        continue;
      }
      const Observation is = observe(fresh[at(one.side)], schema, schema.id(*member), one.element);
      if (is.state != State::masked && !same_observation(*member, is, one.after)) {
        leave({person.hub_id, person.provider_id}, fmt::format("{} has changed since", one.field));
        continue;
      }
      const auto at_field = static_cast<FieldIndex>(field - program_.rules->fields.begin());
      const ValueKey value{one.side, at_field, field->each ? one.element : ""};
      written_by[value] = one.intent;
      by_value[value].push_back(
          {.member = schema.id(*member), .field = at_field, .element = one.element, .before = is, .after = one.before});
    }
    // What a fill gave along with a value goes back along with it.
    for (const auto& [place, one] : by_place) {
      const ir::Schema& schema = program_.rules->schema(one.side);
      const ir::Member* member = schema.find(one.path);
      if (!one.field.empty() || member == nullptr) continue;
      const Observation is = observe(fresh[at(one.side)], schema, schema.id(*member), one.element);
      if (one.before.state == State::masked || one.before.state == State::absent) continue;
      if (!same_observation(*member, is, one.after)) continue;
      for (auto& [value, made] : by_value) {
        const auto& [side, field, element] = value;
        if (side != one.side || written_by[value] != one.intent || (!one.element.empty() && one.element != element)) {
          continue;
        }
        made.push_back(
            {.member = schema.id(*member), .element = one.element, .before = Value::of(is), .after = one.before});
        break;
      }
    }
    std::erase_if(by_value, [&](const auto& one) {
      const auto& [value, made] = one;
      const auto why = put_back.refuses(std::get<FieldIndex>(value), std::get<Side>(value), made);
      if (why) leave({person.hub_id, person.provider_id}, *why);
      return why.has_value();
    });
    if (by_value.empty()) return;
    for (const Side side : {Side::hub, Side::provider}) {
      copy_record(fresh[at(side)], 0, undone_.inputs.snapshots[at(side)]);
      (side == Side::hub ? person.hub : person.provider) =
          static_cast<RecordIndex>(undone_.inputs.snapshots[at(side)].size() - 1);
    }
    person.link = static_cast<std::int64_t>(undone_.inputs.known.size());
    person.state = link.link.state;
    person.is_linked = true;
    undone_.inputs.known.push_back(link);
    undone_.inputs.base.links.push_back(link.link);
    plan.people.push_back(std::move(person));
    plan.reasons.resize(plan.people.size() * plan.fields, Reason::no_change);
    for (auto& [value, made] : by_value) {
      const auto& [side, field, element] = value;
      const auto pair = put_back.pair_of(field, side, element);
      add_entry(index, side, field, pair, std::move(made));
    }
  }

  void add_entry(PersonIndex person, Side side, FieldIndex field, const std::array<std::string, 2>& pair,
                 std::vector<Write> writes) {
    Plan& plan = undone_.plan;
    Entry entry;
    entry.field = field;
    entry.hub_element = pair[at(Side::hub)];
    entry.provider_element = pair[at(Side::provider)];
    entry.kind = Kind::change;
    entry.reason = side == Side::provider ? Reason::written : Reason::read_in;
    const bool clears = std::ranges::all_of(writes, [](const Write& one) { return one.after.state != State::value; });
    entry.action = clears ? Action::clear : Action::set;
    entry.target = side;
    entry.decision = side == Side::provider ? Choice::provider : Choice::hub;
    entry.decided_by = undone_.run.by;
    entry.secret = program_.fields[field].secret;
    entry.rule = program_.rules->fields[field].origin;
    entry.why = "put back as it was";
    entry.offers[at(side)] = writes;
    plan.reasons[person * plan.fields + field] = entry.reason;
    plan.operations.push_back({.person = person,
                               .target = side,
                               .action = entry.action,
                               .entry = static_cast<std::uint32_t>(plan.entries.size()),
                               .writes = std::move(writes),
                               .reference = {}});
    plan.entries.add(person, std::move(entry));
  }

  Result<void> carry_out() {
    undone_.inputs.base.activated = undone_.inputs.activated;
    const PlanInput input =
        undone_.inputs.input(opened_, nullptr, means_.store.hasher(), fmt::format("undo {}", undone_.run.id));
    std::optional<Error> failure;
    Ledger* journal = nullptr;
    Ledger ledger({.means = means_,
                   .connection = opened_.connection,
                   .run = undone_.run.id,
                   .plan = undone_.plan,
                   .input = input,
                   .known = undone_.inputs.known,
                   .held = {},
                   .is_whole = false,
                   .how_to_go_on = "another undo puts back the rest",
                   .is_told_to_stop = is_told_to_stop_},
                  [&](PersonIndex person, const Applied& applied) {
                    if (failure || journal->is_cut_short(person, applied)) return;
                    const Result<void> done = means_.store.write([&](Transaction& transaction) -> Result<void> {
                      Result<void> kept = journal->commit(transaction, person, applied, std::nullopt);
                      if (!kept || journal->is_erased(person)) return kept;
                      return mark(transaction, person, applied);
                    });
                    means_.step("after-base");
                    if (!done) journal->stop(*(failure = done.error()));
                  });
    journal = &ledger;
    undone_.applied = apply(undone_.plan, program_, opened_.system(Side::hub), opened_.system(Side::provider), &ledger);
    if (!failure) failure = ledger.stopped();
    if (failure) return std::unexpected(*failure);
    undone_.run.state = RunState::finished;
    undone_.run.ended = now(means_);
    undone_.run.summary += fmt::format(": {} of {} changes put back", undone_.applied.count(Outcome::Kind::done),
                                       undone_.plan.operations.size());
    return keep_end();
  }

  Result<void> mark(Transaction& transaction, PersonIndex person, const Applied& applied) {
    for (std::size_t i = 0; i < undone_.plan.operations.size(); ++i) {
      const Operation& operation = undone_.plan.operations[i];
      if (operation.person != person || applied.outcomes[i].kind != Outcome::Kind::done) continue;
      for (const Write& write : operation.writes) {
        const std::string& path = program_.rules->schema(operation.target).members[write.member].path;
        for (const std::int64_t id : ids_[{person, operation.target, path, write.element}]) {
          if (Result<void> marked = transaction.mark_put_back(id); !marked) return marked;
        }
      }
    }
    return {};
  }

  const Means& means_;
  Opened& opened_;
  const ir::Program& program_;
  std::function<bool()> is_told_to_stop_;
  std::map<PersonKey, std::vector<KeptValue>> kept_;  // newest first
  std::map<std::tuple<PersonIndex, Side, std::string, std::string>, std::vector<std::int64_t>> ids_;
  RunInputs terms_;  // of nobody yet
  Undone undone_;
};

}  // namespace

Result<Undone> undo(const Means& means, Opened& opened, RunId run, IntentId intent, const std::string& by,
                    std::chrono::milliseconds patience, const std::function<bool()>& is_told_to_stop) {
  if (opened.connection.observes_only) {
    return std::unexpected(
        Error{.kind = Error::Kind::input,
              .what = fmt::format("connection {} only observes: nothing is written", opened.connection.name)});
  }
  return Undoing(means, opened, is_told_to_stop).run(run, intent, by, patience);
}

}  // namespace dovetail
