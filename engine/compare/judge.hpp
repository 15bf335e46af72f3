// The truth table: from what is known about both sides and the base to what is found, offered and done.
// Pure, without any value: only facts about values.
#pragma once

#include <cstdint>

#include "engine/compare/image.hpp"
#include "engine/ir/rules.hpp"
#include "engine/plan/decision.hpp"
#include "engine/plan/finding.hpp"
#include "engine/plan/reason.hpp"

namespace dovetail {

struct Facts {
  Mode mode = Mode::manual;
  bool flows_to_provider = true, flows_to_hub = true;  // the rule's directions
  State hub = State::absent, provider = State::absent;
  bool hub_incomplete = false, provider_incomplete = false;  // `all parts filled` is demanded there
  bool hub_ambiguous = false, provider_ambiguous = false;
  bool hub_undecided = false, provider_undecided = false;  // what a selector goes by is not of its type
  Image::Verdict to_provider = Image::Verdict::none;       // the image of the hub's value
  Image::Verdict to_hub = Image::Verdict::none;
  Reason to_provider_reason = Reason::source_absent;  // none and held: why
  Reason to_hub_reason = Reason::source_absent;
  bool clears_provider_by_row = false, clears_hub_by_row = false;
  bool equal = false;         // the image is what the other side has
  bool spelled_alike = true;  // equal: also letter by letter
  bool has_base = false;
  bool hub_changed = false, provider_changed = false;    // since the base
  bool hub_had_value = true, provider_had_value = true;  // in the base; told where a side is unset now
  bool hash_known = false;                               // provider masked: what was last confirmed there is known …
  bool hash_equal = false;                               // … and the hub's image is that
  bool required = false;
  bool hold = false;  // the rule says so: a change on both sides is not overwritten
  bool sensitive = false;
  bool changed_after_activation = false;  // known to be: only for fields of an activation group
  ir::ConflictRule prefer = ir::ConflictRule::ask;
};

struct Judgement {
  enum class Effect : std::uint8_t {
    quiet,  // nothing to show
    open,   // offered to a person
    write,  // push: write into the provider
    hold,
  };
  Effect effect = Effect::quiet;
  Kind kind = Kind::known;
  Reason reason = Reason::no_change;
  bool offers_provider = false;  // that the hub's value is written there
  bool offers_hub = false;
  Choice preselected = Choice::undecided;
  bool wants_provider = false;  // the rules themselves want that write: a missing permission is then a `blocked`
  bool restorable = false;      // the write overwrites what the provider's people changed

  bool offers(ir::Side target) const { return target == ir::Side::provider ? offers_provider : offers_hub; }
};

Judgement judge(const Facts& facts);

// Of two sides that differ as they did when that was settled.
Judgement standing_difference(const Facts& facts);

// Where what the hub changed is nothing that is to be written.
Judgement provider_alone_changed(const Facts& facts);

}  // namespace dovetail
