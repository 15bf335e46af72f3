#include "engine/compare/judge.hpp"

#include <catch2/catch.hpp>

#include <string>
#include <string_view>
#include <vector>

using namespace dovetail;
using Effect = Judgement::Effect;
using Verdict = Image::Verdict;

namespace {

enum class Way { both, to_provider, to_hub };

// One cell of the table in words: what is known, and what must come of it in a push and in a manual run.
struct Cell {
  std::string_view name;
  bool base = false, hub_changed = false, provider_changed = false, equal = false;
  State hub = State::value, provider = State::value;
  struct Expected {
    Effect effect = Effect::quiet;
    Reason reason = Reason::no_change;
    Choice preselected = Choice::undecided;
    bool offers_provider = false, offers_hub = false;
  };
  Expected push{}, manual{};
};

Verdict image_of(State state) {
  return state == State::value ? Verdict::value : state == State::unset ? Verdict::unset : Verdict::none;
}

Facts facts_of(const Cell& cell, Way way, Mode mode) {
  Facts facts;
  facts.mode = mode;
  facts.flows_to_provider = way != Way::to_hub;
  facts.flows_to_hub = way != Way::to_provider;
  facts.hub = cell.hub;
  facts.provider = cell.provider;
  facts.to_provider = facts.flows_to_provider ? image_of(cell.hub) : Verdict::none;
  facts.to_hub = facts.flows_to_hub ? image_of(cell.provider) : Verdict::none;
  facts.has_base = cell.base;
  facts.hub_changed = cell.hub_changed;
  facts.provider_changed = cell.provider_changed;
  facts.equal = cell.equal;
  return facts;
}

void check(const Cell& cell, Way way) {
  for (const Mode mode : {Mode::push, Mode::manual}) {
    const Judgement found = judge(facts_of(cell, way, mode));
    const Cell::Expected& wanted = mode == Mode::push ? cell.push : cell.manual;
    INFO(cell.name << (mode == Mode::push ? " (push)" : " (manual)"));
    CHECK(found.effect == wanted.effect);
    CHECK(name(found.reason) == name(wanted.reason));
    CHECK(found.preselected == wanted.preselected);
    if (wanted.reason == Reason::standing_difference) continue;  // may be revised, in both directions that have a value
    CHECK(found.offers_provider == wanted.offers_provider);
    CHECK(found.offers_hub == wanted.offers_hub);
  }
}

constexpr State V = State::value;
constexpr State U = State::unset;
constexpr Cell::Expected quiet(Reason reason) { return {Effect::quiet, reason, Choice::undecided, false, false}; }
constexpr Cell::Expected write(Reason reason, bool offers_hub = true) {
  return {Effect::write, reason, Choice::hub, true, offers_hub};
}
constexpr Cell::Expected hold(Reason reason) { return {Effect::hold, reason, Choice::undecided, false, false}; }
constexpr Cell::Expected open(Reason reason, Choice preselected, bool offers_provider, bool offers_hub) {
  return {Effect::open, reason, preselected, offers_provider, offers_hub};
}

}  // namespace

TEST_CASE("the truth table of two-way fields") {
  const std::vector<Cell> cells = {
      {"base, nothing changed, equal", true, false, false, true, V, V, quiet(Reason::no_change),
       quiet(Reason::no_change)},
      {"base, nothing changed, differ", true, false, false, false, V, V, quiet(Reason::standing_difference),
       quiet(Reason::standing_difference)},
      {"base, hub changed", true, true, false, false, V, V, write(Reason::written),
       open(Reason::written, Choice::hub, true, true)},
      {"base, hub filled", true, true, false, false, V, U, write(Reason::filled, false),
       open(Reason::filled, Choice::hub, true, false)},
      {"base, hub emptied", true, true, false, false, U, V, write(Reason::cleared),
       open(Reason::cleared, Choice::hub, true, true)},
      {"base, provider changed", true, false, true, false, V, V, quiet(Reason::drift),
       open(Reason::drift, Choice::provider, true, true)},
      {"base, provider emptied", true, false, true, false, V, U, quiet(Reason::drift),
       open(Reason::drift, Choice::undecided, true, true)},
      {"base of nothing, provider filled", true, false, true, false, U, V, quiet(Reason::drift),
       open(Reason::drift, Choice::provider, false, true)},
      {"base, both changed, differ", true, true, true, false, V, V, write(Reason::written),
       open(Reason::conflict, Choice::undecided, true, true)},
      {"base, hub emptied, provider changed", true, true, true, false, U, V, write(Reason::cleared),
       open(Reason::conflict, Choice::undecided, true, true)},
      {"base, hub changed, provider emptied", true, true, true, false, V, U, write(Reason::filled),
       open(Reason::conflict, Choice::undecided, true, true)},
      {"base, both changed, equal", true, true, true, true, V, V, quiet(Reason::adopted), quiet(Reason::adopted)},
      {"base, hub changed, equal", true, true, false, true, V, V, quiet(Reason::adopted), quiet(Reason::adopted)},
      {"base, provider changed, equal", true, false, true, true, V, V, quiet(Reason::adopted), quiet(Reason::adopted)},
      {"no base, equal", false, false, false, true, V, V, quiet(Reason::adopted), quiet(Reason::adopted)},
      {"no base, both unset", false, false, false, true, U, U, quiet(Reason::adopted), quiet(Reason::adopted)},
      {"no base, only hub", false, false, false, false, V, U, write(Reason::filled, false),
       open(Reason::first_run, Choice::hub, true, false)},
      {"no base, only provider", false, false, false, false, U, V, quiet(Reason::source_unset),
       open(Reason::first_run, Choice::provider, false, true)},
      {"no base, differ", false, false, false, false, V, V, hold(Reason::first_run),
       open(Reason::first_run, Choice::undecided, true, true)},
  };
  for (const Cell& cell : cells) check(cell, Way::both);
}

TEST_CASE("the truth table of fields that only go to the provider: nothing is ever read") {
  const Cell::Expected standing = quiet(Reason::standing_difference);
  const std::vector<Cell> cells = {
      {"base, nothing changed, equal", true, false, false, true, V, V, quiet(Reason::no_change),
       quiet(Reason::no_change)},
      {"base, nothing changed, differ", true, false, false, false, V, V, standing, standing},
      {"base, hub changed", true, true, false, false, V, V, write(Reason::written, false),
       open(Reason::written, Choice::hub, true, false)},
      {"base, hub emptied", true, true, false, false, U, V, write(Reason::cleared, false),
       open(Reason::cleared, Choice::hub, true, false)},
      {"base, provider changed", true, false, true, false, V, V, standing, standing},
      {"base, both changed, differ", true, true, true, false, V, V, write(Reason::written, false),
       open(Reason::written, Choice::hub, true, false)},
      {"base, both changed, equal", true, true, true, true, V, V, quiet(Reason::adopted), quiet(Reason::adopted)},
      {"no base, equal", false, false, false, true, V, V, quiet(Reason::adopted), quiet(Reason::adopted)},
      {"no base, only hub", false, false, false, false, V, U, write(Reason::filled, false),
       open(Reason::first_run, Choice::hub, true, false)},
      {"no base, only provider", false, false, false, false, U, V, quiet(Reason::source_unset), standing},
      {"no base, differ", false, false, false, false, V, V, standing, standing},
  };
  for (const Cell& cell : cells) check(cell, Way::to_provider);
}

TEST_CASE("the truth table of fields that only come from the provider: nothing is ever pushed") {
  const Cell::Expected wrong = quiet(Reason::wrong_direction);
  const Cell::Expected standing = quiet(Reason::standing_difference);
  const std::vector<Cell> cells = {
      {"base, nothing changed, equal", true, false, false, true, V, V, quiet(Reason::no_change),
       quiet(Reason::no_change)},
      {"base, nothing changed, differ", true, false, false, false, V, V, standing, standing},
      {"base, hub changed", true, true, false, false, V, V, wrong, standing},
      {"base, provider changed", true, false, true, false, V, V, quiet(Reason::drift),
       open(Reason::drift, Choice::provider, false, true)},
      {"base, provider emptied", true, false, true, false, V, U, quiet(Reason::drift),
       open(Reason::drift, Choice::undecided, false, true)},
      {"base, both changed, differ", true, true, true, false, V, V, wrong,
       open(Reason::conflict, Choice::undecided, false, true)},
      {"no base, equal", false, false, false, true, V, V, quiet(Reason::adopted), quiet(Reason::adopted)},
      {"no base, only hub", false, false, false, false, V, U, wrong, standing},
      {"no base, only provider", false, false, false, false, U, V, quiet(Reason::source_unset),
       open(Reason::first_run, Choice::provider, false, true)},
      {"no base, differ", false, false, false, false, V, V, wrong,
       open(Reason::first_run, Choice::undecided, false, true)},
  };
  for (const Cell& cell : cells) check(cell, Way::to_hub);
}

namespace {

Judgement judge_cell(Mode mode, bool base, bool hub_changed, bool provider_changed, auto change) {
  Facts facts = facts_of({"", base, hub_changed, provider_changed, false, V, V, {}, {}}, Way::both, mode);
  change(facts);
  return judge(facts);
}

}  // namespace

TEST_CASE("absent on either side concludes nothing, whatever else is known") {
  for (const Mode mode : {Mode::push, Mode::manual}) {
    for (const bool base : {false, true}) {
      for (const State other : {State::absent, State::unset, State::value, State::masked, State::invalid}) {
        const auto hub_absent = judge_cell(mode, base, base, base, [&](Facts& f) {
          f.hub = State::absent;
          f.provider = other;
        });
        const auto provider_absent = judge_cell(mode, base, base, base, [&](Facts& f) {
          f.provider = State::absent;
          f.hub = other;
        });
        CHECK(hub_absent.effect == Effect::quiet);
        CHECK(hub_absent.reason == Reason::source_absent);
        // Only a change of the hub's that waits for it is said.
        const bool waits = base && (other == State::unset || other == State::value);
        CHECK(provider_absent.effect == (waits ? Effect::hold : Effect::quiet));
        CHECK(provider_absent.reason == (waits ? Reason::deferred : Reason::source_absent));
        CHECK_FALSE(provider_absent.offers_provider);
      }
    }
  }
}

TEST_CASE("a sensitive field is never preselected towards the hub") {
  const auto sensitive = [](Facts& f) { f.sensitive = true; };
  CHECK(judge_cell(Mode::manual, true, false, true, sensitive).preselected == Choice::undecided);
  const auto missing = [](Facts& f) {
    f.sensitive = true;
    f.hub = U;
    f.to_provider = Verdict::unset;
  };
  const Judgement found = judge_cell(Mode::manual, false, false, false, missing);
  CHECK(found.effect == Effect::open);
  CHECK(found.offers_hub);
  CHECK(found.preselected == Choice::undecided);
}

TEST_CASE("a rule that says hold keeps a push from overwriting the provider's own change") {
  const Judgement found = judge_cell(Mode::push, true, true, true, [](Facts& f) { f.hold = true; });
  CHECK(found.effect == Effect::hold);
  CHECK(found.reason == Reason::conflict);
  CHECK(judge_cell(Mode::push, true, true, true, [](Facts&) {}).restorable);
}

TEST_CASE("a rule about conflicts preselects its side") {
  const auto prefer_hub = [](Facts& f) { f.prefer = ir::ConflictRule::prefer_hub; };
  const auto prefer_provider = [](Facts& f) { f.prefer = ir::ConflictRule::prefer_provider; };
  CHECK(judge_cell(Mode::manual, true, true, true, prefer_hub).preselected == Choice::hub);
  CHECK(judge_cell(Mode::manual, false, false, false, prefer_provider).preselected == Choice::provider);
  const auto emptied = [&](Facts& f) {
    prefer_provider(f);
    f.provider = State::unset;
    f.to_hub = Verdict::unset;
  };
  CHECK(judge_cell(Mode::manual, true, true, true, emptied).offers_hub);
  CHECK(judge_cell(Mode::manual, true, true, true, emptied).preselected == Choice::undecided);
}

TEST_CASE("a masked target is compared through what was last confirmed there") {
  const auto masked = [](bool known, bool equal) {
    return [=](Facts& f) {
      f.provider = State::masked;
      f.to_hub = Verdict::none;
      f.hash_known = known;
      f.hash_equal = equal;
    };
  };
  for (const Mode mode : {Mode::push, Mode::manual}) {
    CHECK(judge_cell(mode, true, false, false, masked(true, true)).reason == Reason::no_change);
    CHECK(judge_cell(mode, true, true, false, masked(true, false)).reason == Reason::written);
    CHECK(judge_cell(mode, true, false, false, masked(true, false)).reason == Reason::standing_difference);
    CHECK(judge_cell(mode, false, false, false, masked(false, false)).reason == Reason::target_masked);
  }
  CHECK(judge_cell(Mode::push, true, true, false, masked(true, false)).effect == Effect::write);
  CHECK(judge_cell(Mode::push, false, false, false, masked(false, false)).effect == Effect::hold);
  const Judgement unknown = judge_cell(Mode::manual, false, false, false, masked(false, false));
  CHECK(unknown.effect == Effect::open);
  CHECK(unknown.preselected == Choice::leave);
  CHECK(unknown.offers_provider);
  CHECK_FALSE(unknown.offers_hub);
  CHECK(judge_cell(Mode::manual, true, false, false, masked(false, false)).reason == Reason::standing_difference);
  for (const bool in_hub : {true, false}) {  // what was left as it was has changed since
    CHECK(judge_cell(Mode::manual, true, in_hub, !in_hub, masked(false, false)).reason == Reason::target_masked);
  }
}

TEST_CASE("a masked value is cleared only where what was confirmed there is known") {
  const auto emptied = [](bool known) {
    return [=](Facts& f) {
      f.provider = State::masked;
      f.hub = U;
      f.to_provider = Verdict::unset;
      f.hash_known = known;
    };
  };
  CHECK(judge_cell(Mode::push, true, true, false, emptied(true)).reason == Reason::cleared);
  CHECK(judge_cell(Mode::push, false, false, false, emptied(false)).effect == Effect::quiet);
}

TEST_CASE("a masked hub value is never sent and never asked about") {
  for (const Mode mode : {Mode::push, Mode::manual}) {
    const auto found = judge_cell(mode, false, false, false, [](Facts& f) {
      f.hub = State::masked;
      f.to_provider = Verdict::none;
    });
    CHECK(found.effect == Effect::quiet);
    CHECK(found.reason == Reason::target_masked);
  }
}

TEST_CASE("an invalid value may be replaced by a good one, by a person's decision only") {
  const auto hub_invalid = [](Facts& f) {
    f.hub = State::invalid;
    f.to_provider = Verdict::none;
  };
  const auto provider_invalid = [](Facts& f) {
    f.provider = State::invalid;
    f.to_hub = Verdict::none;
  };
  for (const auto& [change, towards_hub] :
       {std::pair<void (*)(Facts&), bool>{hub_invalid, true}, {provider_invalid, false}}) {
    CHECK(judge_cell(Mode::push, false, false, false, change).effect == Effect::hold);
    CHECK(judge_cell(Mode::push, false, false, false, change).reason == Reason::validation);
    const Judgement manual = judge_cell(Mode::manual, false, false, false, change);
    CHECK(manual.kind == Kind::invalid);
    CHECK(manual.preselected == Choice::undecided);
    CHECK(manual.offers_hub == towards_hub);
    CHECK(manual.offers_provider == !towards_hub);
  }
  const auto both = [&](Facts& f) {
    hub_invalid(f);
    provider_invalid(f);
  };
  CHECK(judge_cell(Mode::manual, false, false, false, both).reason == Reason::source_invalid);
  const auto nothing_there = [&](Facts& f) {
    hub_invalid(f);
    f.provider = U;
    f.to_hub = Verdict::unset;
  };
  CHECK(judge_cell(Mode::push, true, true, false, nothing_there).reason == Reason::source_invalid);
}

TEST_CASE("an incomplete whole is absent toward the other side") {
  const auto partial = [](Facts& f) {
    f.provider_incomplete = true;
    f.to_hub = Verdict::none;
  };
  CHECK(judge_cell(Mode::push, false, false, false, partial).effect == Effect::hold);
  CHECK(judge_cell(Mode::push, true, true, false, partial).effect == Effect::write);
  CHECK(judge_cell(Mode::push, true, false, true, partial).reason == Reason::incomplete_parts);
  const Judgement manual = judge_cell(Mode::manual, false, false, false, partial);
  CHECK(manual.offers_provider);
  CHECK_FALSE(manual.offers_hub);
  CHECK(manual.kind == Kind::conflict);  // what stands there in part would be overwritten
  const auto too_long = [&](Facts& f) {
    partial(f);
    f.to_provider = Verdict::held;
    f.to_provider_reason = Reason::validation;
  };
  for (const Mode mode : {Mode::push, Mode::manual}) {
    for (const bool base : {true, false}) {
      const Judgement held = judge_cell(mode, base, base, false, too_long);
      CHECK(held.effect == Effect::hold);
      CHECK(held.reason == Reason::validation);
    }
    CHECK(judge_cell(mode, true, false, true, too_long).reason == Reason::incomplete_parts);
  }
  const auto emptied = [](Facts& f) {
    f.provider_incomplete = true;
    f.provider = U;
    f.to_hub = Verdict::unset;
  };
  const Judgement empty = judge_cell(Mode::manual, true, false, true, emptied);
  CHECK(empty.reason == Reason::incomplete_parts);
  CHECK_FALSE(empty.offers_hub);
  CHECK(judge_cell(Mode::push, false, false, false, emptied).reason == Reason::filled);
  const Judgement both = judge_cell(Mode::manual, true, true, true, emptied);
  CHECK(both.kind == Kind::conflict);
  CHECK(both.preselected == Choice::undecided);
  CHECK(both.offers_provider);
  CHECK_FALSE(both.offers_hub);
  const Judgement other = judge_cell(Mode::manual, true, true, true, partial);
  CHECK(other.kind == Kind::conflict);
  CHECK(other.preselected == Choice::undecided);
  CHECK(other.offers_provider);
  CHECK_FALSE(other.offers_hub);
  CHECK(judge_cell(Mode::push, true, true, true, partial).effect == Effect::write);
}

TEST_CASE("a clear needs an agreed value that it removes: one that came by itself can only be taken, by a person") {
  const auto never_there = [](Facts& f) {
    f.hub = U;
    f.to_provider = Verdict::unset;
    f.provider_had_value = false;
  };
  const Judgement pushed = judge_cell(Mode::push, true, true, true, never_there);
  CHECK(pushed.effect == Effect::quiet);
  const Judgement manual = judge_cell(Mode::manual, true, true, true, never_there);
  CHECK(manual.kind == Kind::conflict);
  CHECK(manual.preselected == Choice::undecided);
  CHECK(manual.offers_hub);
  CHECK_FALSE(manual.offers_provider);
}

TEST_CASE("a whole that was emptied where all parts are demanded clears nothing on the other side") {
  const auto emptied = [](Facts& f) {
    f.hub_incomplete = true;
    f.hub = U;
    f.to_provider = Verdict::unset;
  };
  for (const Mode mode : {Mode::manual, Mode::push}) {
    for (const bool provider_changed : {false, true}) {
      const Judgement judged = judge_cell(mode, true, true, provider_changed, emptied);
      CHECK(judged.effect != Effect::write);
      CHECK(judged.reason == Reason::incomplete_parts);
      CHECK_FALSE(judged.offers_provider);
    }
  }
}

TEST_CASE("a row that says keep leaves the other side as it is") {
  const auto provider_keeps = [](Facts& f) {
    f.to_hub = Verdict::keep;
    f.provider = U;
  };
  CHECK(judge_cell(Mode::manual, true, false, true, provider_keeps).reason == Reason::keep);
  CHECK(judge_cell(Mode::manual, true, true, false, provider_keeps).reason == Reason::filled);
  CHECK(judge_cell(Mode::push, false, false, false, provider_keeps).reason == Reason::filled);
  const auto value_keeps = [](Facts& f) { f.to_hub = Verdict::keep; };
  CHECK(judge_cell(Mode::manual, false, false, false, value_keeps).reason == Reason::keep);
  const auto hub_keeps = [](Facts& f) { f.to_provider = Verdict::keep; };
  CHECK(judge_cell(Mode::push, true, true, false, hub_keeps).reason == Reason::keep);
}

TEST_CASE("a row that says unset is its own evidence for a clear") {
  const auto by_row = [](Facts& f) {
    f.to_provider = Verdict::unset;
    f.clears_provider_by_row = true;
  };
  const Judgement manual = judge_cell(Mode::manual, false, false, false, by_row);
  CHECK(manual.kind == Kind::conflict);
  CHECK(manual.offers_provider);
  CHECK(manual.preselected == Choice::undecided);
  CHECK(judge_cell(Mode::push, false, false, false, by_row).effect == Effect::hold);
  CHECK(judge_cell(Mode::push, true, true, false, by_row).reason == Reason::cleared);
}

TEST_CASE("a value without a form that may be sent is held, and the other side's may replace it") {
  const auto no_shape = [](Facts& f) {
    f.to_provider = Verdict::held;
    f.to_provider_reason = Reason::no_shape;
  };
  CHECK(judge_cell(Mode::push, true, true, false, no_shape).effect == Effect::hold);
  CHECK(judge_cell(Mode::push, true, true, false, no_shape).reason == Reason::no_shape);
  CHECK(judge_cell(Mode::push, true, false, false, no_shape).reason == Reason::standing_difference);
  const Judgement manual = judge_cell(Mode::manual, false, false, false, no_shape);
  CHECK(manual.effect == Effect::open);
  CHECK(manual.offers_hub);
  CHECK_FALSE(manual.offers_provider);
}

TEST_CASE("a required value missing on both sides needs a person") {
  Facts facts = facts_of({"", false, false, false, true, U, U, {}, {}}, Way::both, Mode::manual);
  facts.required = true;
  CHECK(judge(facts).reason == Reason::required_missing);
}

TEST_CASE("several elements that fit a selector are held") {
  const auto found = judge_cell(Mode::push, false, false, false, [](Facts& f) {
    f.hub_ambiguous = true;
    f.hub = State::absent;
  });
  CHECK(found.effect == Effect::hold);
  CHECK(found.reason == Reason::ambiguous);
}

TEST_CASE("a one-way value that changed after activation is written over another one") {
  Facts facts = facts_of({"", false, false, false, false, V, V, {}, {}}, Way::to_provider, Mode::push);
  CHECK(judge(facts).reason == Reason::standing_difference);
  facts.changed_after_activation = true;
  CHECK(judge(facts).effect == Effect::write);
  CHECK(judge(facts).restorable);
}
