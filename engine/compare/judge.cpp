#include "engine/compare/judge.hpp"

namespace dovetail {
namespace {

using Verdict = Image::Verdict;
using Effect = Judgement::Effect;

bool manual(const Facts& f) { return f.mode == Mode::manual; }

Judgement quiet(Reason reason) { return {.reason = reason}; }

Judgement hold(Kind kind, Reason reason) { return {.effect = Effect::hold, .kind = kind, .reason = reason}; }

// A clear needs evidence: that a value was once agreed on there and the source changed since, or a row that says so.
bool can_write_provider(const Facts& f) {
  if (!f.flows_to_provider) return false;
  if (f.to_provider == Verdict::value) return true;
  return f.to_provider == Verdict::unset &&
         (f.clears_provider_by_row || (f.has_base && f.hub_changed && f.provider_had_value));
}

bool can_write_hub(const Facts& f) {
  if (!f.flows_to_hub) return false;
  if (f.to_hub == Verdict::value) return true;
  return f.to_hub == Verdict::unset && (f.clears_hub_by_row || (f.has_base && f.provider_changed && f.hub_had_value));
}

// Whether a side has something to write into the other: a value, or a clear that a row of its table says.
bool gives(bool flows, Verdict image, bool clears_by_row) {
  return flows && (image == Verdict::value || (image == Verdict::unset && clears_by_row));
}

// Settled as it is; a person may still take one side's value, if it has one.
Judgement standing(const Facts& f) {
  return {.kind = Kind::known,
          .reason = Reason::standing_difference,
          .offers_provider = gives(f.flows_to_provider, f.to_provider, f.clears_provider_by_row),
          .offers_hub = gives(f.flows_to_hub, f.to_hub, f.clears_hub_by_row)};
}

Judgement open(const Facts& f, Kind kind, Reason reason, Choice preselected) {
  return {.effect = Effect::open,
          .kind = kind,
          .reason = reason,
          .offers_provider = can_write_provider(f),
          .offers_hub = can_write_hub(f),
          .preselected = preselected};
}

// The hub's value goes out: at once in a push, preselected in a manual run.
Judgement send(const Facts& f, Kind kind, Reason reason, bool restorable = false) {
  Judgement result = open(f, kind, reason, Choice::hub);
  if (!manual(f)) result.effect = Effect::write;
  result.wants_provider = true;
  result.restorable = restorable;
  return result;
}

Choice preferred(const Facts& f) {
  if (f.flows_to_hub && f.to_hub == Verdict::held) return Choice::undecided;  // only one of the two can win
  switch (f.prefer) {
    case ir::ConflictRule::prefer_hub:
      return Choice::hub;
    case ir::ConflictRule::prefer_provider:  // a clear in the hub is never preselected
      return f.sensitive || f.to_hub != Verdict::value ? Choice::undecided : Choice::provider;
    case ir::ConflictRule::ask:
      break;
  }
  return Choice::undecided;
}

Judgement judge_equal(const Facts& f) {
  if (f.required && f.hub == State::unset && f.provider == State::unset) {
    return hold(Kind::held, Reason::required_missing);
  }
  if (!f.has_base || f.hub_changed || f.provider_changed) return quiet(Reason::adopted);
  return quiet(f.spelled_alike ? Reason::no_change : Reason::equal_after_canonical);
}

// What a side did not tell concludes nothing. A change of the hub's that waits for it is said.
Judgement judge_absent(const Facts& f) {
  const bool speaks = f.hub == State::value || f.hub == State::unset;
  const bool goes = f.to_provider == Verdict::value || f.to_provider == Verdict::unset;
  const bool waits = speaks && goes && f.flows_to_provider && f.has_base && f.hub_changed;
  return waits ? hold(Kind::held, Reason::deferred) : quiet(Reason::source_absent);
}

// The provider withholds its value: only the hash of what was last confirmed there can be compared.
Judgement judge_masked(const Facts& f) {
  if (!f.flows_to_provider) return quiet(Reason::target_masked);
  switch (f.to_provider) {
    case Verdict::none:
      return quiet(f.to_provider_reason);
    case Verdict::keep:
      return quiet(Reason::keep);
    case Verdict::held:
      return hold(Kind::held, f.to_provider_reason);
    default:
      break;
  }
  if (!f.hash_known) {
    if (f.to_provider == Verdict::unset) return quiet(Reason::target_masked);
    if (f.has_base && !f.hub_changed && !f.provider_changed) return standing(f);  // somebody left it as it is
    Judgement result = open(f, Kind::held, Reason::target_masked, Choice::leave);
    result.offers_hub = false;
    if (!manual(f)) result.effect = Effect::hold;
    return result;
  }
  if (f.hash_equal) return quiet(Reason::no_change);
  if (!f.hub_changed) return standing(f);
  Judgement result = send(f, Kind::change, f.to_provider == Verdict::unset ? Reason::cleared : Reason::written);
  result.offers_hub = false;
  return result;
}

// One side's value is not of its type: it is never sent, but may be replaced by a good one.
Judgement judge_invalid(const Facts& f) {
  const bool hub_good = f.hub == State::value && f.to_provider == Verdict::value && f.flows_to_provider;
  const bool provider_good = f.provider == State::value && f.to_hub == Verdict::value && f.flows_to_hub;
  if (f.has_base && !f.hub_changed && !f.provider_changed) return standing(f);
  if (!hub_good && !provider_good) {
    // Nobody asks for a provider's invalid value where the rule does not read it.
    if (f.hub != State::invalid && !f.flows_to_hub) return quiet(Reason::source_unset);
    return hold(Kind::invalid, Reason::source_invalid);
  }
  if (!manual(f)) return hold(Kind::held, Reason::validation);
  Judgement result = open(f, Kind::invalid, Reason::validation, Choice::undecided);
  result.offers_provider = hub_good;
  result.offers_hub = provider_good;
  return result;
}

// What stands there in part is replaced by the other side's whole: nothing is only filled.
Kind incomplete_kind(State there) { return there == State::value ? Kind::conflict : Kind::missing; }

// A part is missing where all are demanded: the whole is absent toward the other side.
Judgement judge_incomplete_provider(const Facts& f) {
  if (f.has_base && !f.hub_changed && !f.provider_changed) return standing(f);
  // What may not be sent is the matter, not what is missing where it would go.
  const bool speaks = f.hub_changed || !f.has_base;
  if (speaks && f.flows_to_provider && f.to_provider == Verdict::held) return hold(Kind::held, f.to_provider_reason);
  const bool writable = can_write_provider(f);
  if (f.has_base && f.hub_changed && writable) {
    if (f.provider_changed && manual(f)) {
      Judgement result = open(f, Kind::conflict, Reason::conflict, Choice::undecided);
      result.offers_hub = false;
      return result;
    }
    const Reason reason = f.provider == State::unset ? Reason::filled : Reason::written;
    Judgement result = send(f, Kind::change, reason, f.provider_changed);
    result.offers_hub = false;
    return result;
  }
  if (!manual(f)) {
    return f.has_base || !writable ? quiet(Reason::incomplete_parts) : hold(Kind::held, Reason::incomplete_parts);
  }
  if (!writable) {
    // What was agreed is gone there and may not be put back: it stays until somebody says that it is meant so.
    const bool settles = f.has_base && !f.flows_to_provider;
    Judgement result = hold(Kind::held, Reason::incomplete_parts);
    if (settles) result.effect = Effect::open;
    return result;
  }
  Judgement result = open(f, incomplete_kind(f.provider), Reason::incomplete_parts, Choice::undecided);
  result.offers_hub = false;
  return result;
}

Judgement judge_incomplete_hub(const Facts& f) {
  if (f.has_base && !f.hub_changed && !f.provider_changed) return standing(f);
  const bool readable = can_write_hub(f);
  if (!manual(f))
    return f.flows_to_provider ? hold(Kind::held, Reason::incomplete_parts) : quiet(Reason::wrong_direction);
  if (!readable) return hold(Kind::held, Reason::incomplete_parts);
  Judgement result = open(f, incomplete_kind(f.hub), Reason::incomplete_parts, Choice::undecided);
  result.offers_provider = false;
  return result;
}

// The hub's value has no form that may be sent.
Judgement judge_held(const Facts& f) {
  if (f.has_base && !f.hub_changed) {
    if (!f.provider_changed) return standing(f);
    if (can_write_hub(f) && manual(f)) return open(f, Kind::drift, Reason::drift, Choice::undecided);
    if (!manual(f)) return quiet(f.flows_to_hub ? Reason::drift : Reason::standing_difference);
  }
  if (manual(f) && f.provider == State::value && can_write_hub(f)) {
    return open(f, Kind::held, f.to_provider_reason, Choice::undecided);
  }
  return hold(Kind::held, f.to_provider_reason);
}

// Only the provider changed.
Judgement judge_drift(const Facts& f) {
  if (!f.flows_to_hub) return standing(f);
  if (!manual(f)) return quiet(Reason::drift);
  if (f.to_hub == Verdict::held) {
    const bool replaceable = f.to_provider == Verdict::value && can_write_provider(f);
    return replaceable ? open(f, Kind::held, f.to_hub_reason, Choice::undecided) : hold(Kind::held, f.to_hub_reason);
  }
  const bool reads = can_write_hub(f) && f.to_hub == Verdict::value && !f.sensitive;
  return open(f, Kind::drift, Reason::drift, reads ? Choice::provider : Choice::undecided);
}

Judgement judge_both_changed(const Facts& f) {
  if (f.to_provider == Verdict::unset && f.flows_to_provider && !can_write_provider(f)) {
    // The hub has nothing to give, so the provider's value is all that can be taken: by a person, since both changed.
    if (!manual(f) || !can_write_hub(f)) return judge_drift(f);
    return open(f, Kind::conflict, Reason::conflict, Choice::undecided);
  }
  if (!f.flows_to_provider) {
    return manual(f) ? open(f, Kind::conflict, Reason::conflict, preferred(f)) : quiet(Reason::wrong_direction);
  }
  const Reason reason = f.to_provider == Verdict::unset ? Reason::cleared
                        : f.provider == State::unset    ? Reason::filled
                                                        : Reason::written;
  if (f.hold && !manual(f)) return hold(Kind::conflict, Reason::conflict);
  if (!manual(f) || (!f.flows_to_hub && !f.hold)) return send(f, Kind::change, reason, true);
  return open(f, Kind::conflict, Reason::conflict, preferred(f));
}

Judgement judge_against_base(const Facts& f) {
  if (!f.hub_changed && !f.provider_changed) return standing(f);
  if (!f.hub_changed) return judge_drift(f);
  if (f.provider_changed) return judge_both_changed(f);
  if (!f.flows_to_provider) return manual(f) ? standing(f) : quiet(Reason::wrong_direction);
  if (f.to_provider == Verdict::unset) return send(f, Kind::change, Reason::cleared);
  return send(f, Kind::change, f.provider == State::unset ? Reason::filled : Reason::written);
}

Judgement judge_missing_on_provider(const Facts& f) {
  if (!f.flows_to_provider) return manual(f) ? standing(f) : quiet(Reason::wrong_direction);
  if (manual(f)) {
    Judgement result = open(f, Kind::missing, Reason::first_run, Choice::hub);
    result.wants_provider = true;
    return result;
  }
  return send(f, Kind::change, Reason::filled);
}

Judgement judge_missing_on_hub(const Facts& f) {
  if (!f.flows_to_hub) return manual(f) ? standing(f) : quiet(Reason::source_unset);
  if (!manual(f)) return quiet(Reason::source_unset);
  if (f.to_hub == Verdict::held) return hold(Kind::held, f.to_hub_reason);
  return open(f, Kind::missing, Reason::first_run, f.sensitive ? Choice::undecided : Choice::provider);
}

Judgement judge_first_run(const Facts& f) {
  if (!f.flows_to_provider) {
    return manual(f) ? open(f, Kind::conflict, Reason::first_run, preferred(f)) : quiet(Reason::wrong_direction);
  }
  if (!f.flows_to_hub) {
    if (!f.changed_after_activation) return standing(f);
    return send(f, Kind::change, Reason::written, true);
  }
  if (!manual(f)) return hold(Kind::conflict, Reason::first_run);
  return open(f, Kind::conflict, Reason::first_run, preferred(f));
}

Judgement judge_without_base(const Facts& f) {
  const bool hub_speaks = f.flows_to_provider ? can_write_provider(f) : f.hub == State::value;
  const bool provider_speaks = f.provider == State::value;
  if (hub_speaks && !provider_speaks) return judge_missing_on_provider(f);
  if (!hub_speaks && provider_speaks) return judge_missing_on_hub(f);
  if (hub_speaks && provider_speaks) return judge_first_run(f);
  return quiet(Reason::source_unset);
}

// A row says that the provider's value leaves the hub as it is: nothing to read, and no difference by itself.
bool is_kept(const Facts& f) {
  if (f.to_provider == Verdict::keep) return true;
  if (f.to_hub != Verdict::keep || !f.flows_to_hub) return false;
  if (f.has_base) return !f.hub_changed;
  return f.provider == State::value || f.hub == State::unset;
}

}  // namespace

Judgement standing_difference(const Facts& f) { return standing(f); }

Judgement provider_alone_changed(const Facts& f) { return judge_drift(f); }

Judgement judge(const Facts& f) {
  if (f.hub_ambiguous || f.provider_ambiguous) return hold(Kind::held, Reason::ambiguous);
  if (f.hub_undecided || f.provider_undecided) return hold(Kind::invalid, Reason::source_invalid);
  if (f.hub == State::absent || f.provider == State::absent) return judge_absent(f);
  if (f.hub == State::masked) return quiet(Reason::target_masked);
  if (f.provider == State::masked) {
    if (f.hub == State::invalid)
      return f.flows_to_provider ? hold(Kind::invalid, Reason::source_invalid) : quiet(Reason::target_masked);
    return judge_masked(f);
  }
  if (f.hub == State::invalid || f.provider == State::invalid) return judge_invalid(f);
  if (f.equal) return judge_equal(f);
  if (is_kept(f)) return quiet(Reason::keep);
  if (f.hub_incomplete && (f.hub == State::value || f.has_base)) return judge_incomplete_hub(f);
  if (f.provider_incomplete && (f.provider == State::value || f.has_base)) return judge_incomplete_provider(f);
  if (f.flows_to_provider && f.to_provider == Verdict::held) return judge_held(f);
  return f.has_base ? judge_against_base(f) : judge_without_base(f);
}

}  // namespace dovetail
