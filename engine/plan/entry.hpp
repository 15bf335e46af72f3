// One finding of a plan, with the values that were seen and what is offered.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>
#include <utility>

#include "engine/ir/rules.hpp"
#include "engine/plan/decision.hpp"
#include "engine/plan/finding.hpp"
#include "engine/plan/reason.hpp"
#include "engine/values/few.hpp"
#include "engine/values/observation.hpp"
#include "engine/values/text.hpp"

namespace dovetail {

using PersonIndex = std::uint32_t;  // an index into Plan::people
using FieldIndex = std::uint32_t;   // an index into RuleSet::fields
inline constexpr FieldIndex no_field = UINT32_MAX;

enum class Action : std::uint8_t {
  none,    // not decided yet: `offers` says what can be
  create,  // a record; or an element of a list
  set,
  clear,
  link,
  adopt,
  hold,
  blocked,
  leave,
};
std::string_view name(Action action);

// A value as a plan keeps it: its text is shared with whoever else has the same.
struct PlanValue {
  Text text;
  State state = State::absent;

  PlanValue() = default;
  PlanValue(State of, Text given) : text(std::move(given)), state(of) {}
  PlanValue(const Value& value) : PlanValue(value.state, value.text) {}
  PlanValue(const Observation& seen) : PlanValue(seen.state, seen.text) {}
  operator Observation() const { return {state, text}; }
  operator Value() const { return {state, text}; }
  friend bool operator==(const PlanValue& a, const PlanValue& b) { return a.state == b.state && a.text == b.text; }
  friend bool operator==(const PlanValue& a, const Value& b) { return a.state == b.state && a.text == b.text; }
  friend bool operator==(const PlanValue& a, const Observation& b) { return a.state == b.state && a.text == b.text; }
};

// One member of one record.
struct PartValue {
  [[no_unique_address]] PlanValue value;  // first, so that a plan of millions has no gaps
  ir::MemberId member = ir::no_member;    // of the schema of the side that it stands on

  PartValue() = default;
  PartValue(ir::MemberId of, PlanValue given) : value(std::move(given)), member(of) {}
  friend bool operator==(const PartValue&, const PartValue&) = default;
};

// One member to write. `before` is the pre-image that apply checks against a fresh read.
struct Write {
  ir::MemberId member = ir::no_member;
  FieldIndex field = no_field;  // which field's; no_field: a fill, or what a new element needs
  Text element;        // the element's id; "+1", "+2", … for elements that the record's write adds; empty: no list
  PlanValue before{};  // as the target's snapshot had it (absent: a new record or element, or unreadable)
  [[no_unique_address]] PlanValue after{};  // state value or unset
  bool fill = false;
  bool may_add = false;  // looked up in the target, and added there where it is new: a notice says so

  friend bool operator==(const Write&, const Write&) = default;
};

// Where the rule stands; as ir::Origin, but that all who name one file share its name.
struct RulePlace {
  Text file;
  std::uint32_t line = 0, column = 0;

  RulePlace() = default;
  RulePlace(const ir::Origin& origin) : file(origin.file), line(origin.line), column(origin.column) {}
  operator ir::Origin() const { return {file, line, column}; }
  friend bool operator==(const RulePlace&, const RulePlace&) = default;
};

// One finding that is not quiet. Everything else is in Plan::reasons alone. What many have alike, they share. Whose it
// is, is not said here: see Entries.
struct Entry {
  FieldIndex field = no_field;  // no_field: about the person
  Kind kind = Kind::known;
  Reason reason = Reason::no_change;
  Action action = Action::none;
  ir::Side target = ir::Side::provider;  // of action, where it writes
  Choice preselected = Choice::undecided;
  Choice decision = Choice::undecided;
  bool known = false;       // shown before for this very pair of values
  bool is_element = false;  // about a list element without a partner: stands for all of the list's fields
  bool sensitive = false;   // never preselected towards the hub
  bool secret = false;      // surfaces mask the values
  bool restorable = false;  // overwrites a value that the provider's own people changed: the old one is to be kept
  Text hub_element, provider_element;  // in `each`

  Few<PartValue> hub, provider;            // the values seen, in the order of the field's parts
  Few<PartValue> base_hub, base_provider;  // last agreed; empty: never
  // What the hub's winning would write into the provider, and the provider's into the hub (by target side).
  // Empty: this is not on offer.
  std::array<Few<Write>, 2> offers;
  Text decided_by;
  RulePlace rule;
  Text why;  // one or more sentences for people: what, which rule, whose limit, what to do; no secrets

  bool offered(ir::Side target_side) const { return !offers[static_cast<std::size_t>(target_side)].empty(); }
  bool open() const { return action == Action::none; }  // waits for a decision
  friend bool operator==(const Entry&, const Entry&) = default;
};

}  // namespace dovetail
