// The plan: what was found about every field of every person, what is offered, and exactly what apply will do.
// A value: made by plan(), decided on by people (through Decisions and another plan()), carried out by apply().
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "engine/base.hpp"
#include "engine/compare/record_view.hpp"
#include "engine/instant.hpp"
#include "engine/ir/program.hpp"
#include "engine/plan/decision.hpp"
#include "engine/plan/entries.hpp"
#include "engine/plan/entry.hpp"
#include "engine/plan/finding.hpp"
#include "engine/plan/reason.hpp"
#include "engine/snapshot.hpp"
#include "engine/values/civil_day.hpp"
#include "engine/values/few.hpp"
#include "engine/values/text.hpp"

namespace dovetail {

// What apply does, in this order. Neighbours for the same person and target are sent as one write.
struct Operation {
  PersonIndex person = 0;
  ir::Side target = ir::Side::provider;
  Action action = Action::set;  // create, set, clear, link
  std::uint32_t entry = 0;      // an index into Plan::entries: rule, reason, decision
  Few<Write> writes;
  Text reference;  // create: our id, which makes repeating it recognisable
};

// A question that must be answered before what depends on it can go.
struct Question {
  PersonIndex person = 0;
  std::uint32_t entry = 0;  // what waits for it
  std::string text;
  std::string suggestion;  // empty: none
  ir::Side side = ir::Side::provider;
  ir::MemberId member = ir::no_member;  // what the answer fills
  ir::Origin rule;
};

// Besides the writes: something that comes with them and a person should see (a new job title, an untouched line).
struct Notice {
  PersonIndex person = 0;
  std::uint32_t entry = 0;  // what it comes with
  FieldIndex field = no_field;
  Text text;
};

struct Person {
  RecordIndex hub = no_record, provider = no_record;  // in the snapshots that the plan was made of
  std::string hub_id, provider_id;                    // empty: has none, or its record has no id
  std::int64_t link = -1;                             // an index into Base::links; -1: none yet
  LinkState state = LinkState::linked;                // after this plan; only meaningful if is_linked or link >= 0
  bool is_linked = false;                             // after this plan
  bool relinked = false;                              // by a person, to another record than `link` says, which is gone
  Reason reason = Reason::no_change;                  // why the person's fields are, or are not, compared
};

struct Totals {
  std::uint32_t people = 0, hub_records = 0, provider_records = 0;
  std::uint32_t pairs = 0, hub_only = 0, provider_only = 0;  // add up to people
  std::array<std::uint32_t, reason_count> fields{};          // by reason: add up to people × fields
  // Of the people whose fields are compared: the elements of `each` lists, partners once, and their fields by reason,
  // which add up to element_fields. In `fields` a person's elements share one reason a field: the gravest.
  std::uint32_t elements = 0, element_fields = 0;
  std::array<std::uint32_t, reason_count> element_reasons{};
  std::array<std::uint32_t, reason_count> persons{};  // by reason: add up to people
  std::array<std::uint32_t, kind_count> entries{};
  std::uint32_t open = 0;                                    // entries that wait for a decision and are not known
  std::array<std::uint32_t, 2> creates{}, sets{}, clears{};  // operations, by target side
  std::uint32_t links = 0;
};

// People whose existing values this plan overwrites or clears without anybody's decision.
struct GuardCount {
  ir::Guard::Kind kind = ir::Guard::Kind::overwrites;
  std::uint32_t people = 0;
  std::uint32_t limit = 0;
  bool tripped = false;
};

struct Plan {
  std::vector<Person> people;   // by hub id, then provider id
  std::size_t fields = 0;       // how many there are in the rules
  std::vector<Reason> reasons;  // people × fields
  Entries entries;              // by person, field, element; a person's own first
  std::vector<Operation> operations;
  std::vector<Question> questions;
  std::vector<Notice> notices;
  std::vector<GuardCount> guards;
  Totals totals;
  std::array<Completeness, 2> completeness;     // of the snapshots, by Side
  std::array<std::optional<Instant>, 2> taken;  // when the snapshots were, by Side; nullopt: not known
  std::optional<Instant> made;                  // when the plan was
  bool ready = false;                           // nothing waits for a decision: a first run may write

  bool is_complete() const { return completeness[0].complete && completeness[1].complete; }
  Reason reason(PersonIndex person, FieldIndex field) const { return reasons[person * fields + field]; }
  // How old a snapshot was when the plan was made, never negative; nullopt: not known.
  std::optional<std::chrono::seconds> age(ir::Side side) const;
};

// Everything that a plan depends on. Views must outlive the call only.
struct PlanInput {
  const ir::Program& program;
  const Snapshot& hub;  // both laid out as the program says
  const Snapshot& provider;
  const Base& base;
  CivilDay today{};
  Mode mode = Mode::manual;
  Event event = Event::changed;
  const Decisions* decisions = nullptr;  // nullptr: none
  // By RuleSet::settings; shorter or nullopt: the rule file's default.
  std::vector<std::optional<std::string>> settings;
  // Push: only these hub ids are planned, everybody else counts for uniqueness and matching only. Empty: everybody.
  std::vector<std::string> only;
  // Hub ids in the connection's scope, sorted; nullptr: everybody.
  const std::vector<std::string>* scope = nullptr;
  const ReferenceTables* tables = nullptr;
  const SecretHasher* hasher = nullptr;
  bool test_system = false;
  std::string rules_hash{}, run{};  // remembered with what this run confirms; may be empty
  // People whose values were overwritten or cleared without a decision in the last 24 hours, by Guard::Kind.
  std::array<std::uint32_t, 5> guarded_before{};
  std::array<std::optional<Instant>, 2> taken{};  // when the snapshots were, by Side; for the plan to say
  std::optional<Instant> now{};                   // for the same; today decides what the plan is
  // How many people the guard's percentages are of; 0: as many as the larger snapshot has records.
  std::uint32_t population = 0;
};

// Pure and deterministic: the same input in any order gives the same plan.
Plan plan(const PlanInput& input);

// "unset", "masked", or the value; secrets as bullets with their last two characters at most.
std::string shown(Observation value, bool secret);

}  // namespace dovetail
