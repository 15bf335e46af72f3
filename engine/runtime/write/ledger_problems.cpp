// What of a person's plan and its outcomes the error log is told.
#include <fmt/format.h>

#include <algorithm>

#include "engine/plan/element_name.hpp"
#include "engine/plan/reason.hpp"
#include "engine/runtime/advice.hpp"
#include "engine/runtime/notify.hpp"
#include "engine/runtime/write/ledger.hpp"
#include "engine/runtime/write/meanwhile.hpp"

namespace dovetail {

namespace {

bool still_differs(Reason reason) {
  return reason == Reason::drift || reason == Reason::conflict || reason == Reason::first_run ||
         reason == Reason::standing_difference;
}

}  // namespace

// What a run could not write, and a push does not either because the hub has not changed, is still not there. Of lists
// the elements that the plan names; all of them, where it found such a difference without naming it.
void Ledger::keep_differing(PersonIndex index, std::vector<std::string>& still) const {
  if (work_.input.mode != Mode::push) return;
  const auto& fields = work_.input.program.rules->fields;
  std::size_t unnamed = 0;
  for (std::size_t reason = 0; reason < reason_count; ++reason) {
    if (still_differs(static_cast<Reason>(reason))) unnamed += work_.plan.totals.element_reasons[reason];
  }
  for (const Entry& entry : work_.plan.entries.of(index)) {
    if (!still_differs(entry.reason) || entry.field >= fields.size() || !fields[entry.field].each) continue;
    still.push_back(field_name(work_.input, work_.plan.people[index], entry));
    if (!entry.is_element && unnamed > 0) --unnamed;
  }
  for (FieldIndex field = 0; field < work_.plan.fields; ++field) {
    const bool all = !fields[field].each || unnamed > 0;
    if (all && still_differs(work_.plan.reason(index, field))) still.push_back(label(field));
  }
}

// Of what was not read nothing is known, so nothing is solved.
void Ledger::keep_unread(PersonIndex index, std::vector<std::string>& still) const {
  for (FieldIndex field = 0; field < work_.plan.fields; ++field) {
    if (work_.plan.reason(index, field) == Reason::source_absent) still.push_back(label(field));
  }
}

// What holds the person's fields, and what systems refused. Everything else about the person is solved.
void Ledger::gather(PersonIndex index, const Applied& applied, std::optional<Instant> next_try, bool may_solve,
                    Findings& into) const {
  const Person& person = work_.plan.people[index];
  const Instant at = now(work_.means);
  StillWrong wrong{.hub_id = person.hub_id, .provider_id = person.provider_id, .still = work_.held};
  const auto add = [&](const std::string& field, Reason reason, const std::string& what, std::optional<Instant> again) {
    wrong.still.push_back(field);
    into.problems.push_back({.connection = work_.connection.id,
                             .run = work_.run,
                             .hub_id = person.hub_id,
                             .provider_id = person.provider_id,
                             .field = field,
                             .reason = reason,
                             .what = what.empty() ? std::string(sentence(reason)) : what,
                             .first = at,
                             .last = at,
                             .next_try = again,
                             .needs_you = !again});
  };
  if (may_solve) {
    keep_differing(index, wrong.still);
    keep_unread(index, wrong.still);
  }
  for (const Entry& entry : work_.plan.entries.of(index)) {
    const bool is_held = entry.action == Action::hold;
    if (!is_held && !entry.open()) continue;
    const std::string field = field_name(work_.input, person, entry);
    if (entry.open()) wrong.still.push_back(field);  // nobody has decided yet: what was wrong still is
    if (!is_held) continue;
    into.is_guarded |= entry.reason == Reason::guarded;
    add(field, entry.reason, with_advice(entry, work_.connection), std::nullopt);
  }
  for (const std::size_t i : shares_.operations_of(index)) {
    const Outcome& outcome = applied.outcomes[i];
    const auto what = [&] {
      return with_advice(work_.plan, *work_.input.program.rules, work_.plan.operations[i], outcome, work_.connection,
                         work_.run, next_try);
    };
    if (outcome.kind == Outcome::Kind::done) {  // a record that was made without some of its members
      for (const std::size_t write : outcome.not_done) {
        const FieldIndex field = work_.plan.operations[i].writes[write].field;
        const Reason why = outcome.reason == Reason::in_doubt ? outcome.reason : Reason::provider_refused;
        add(label(field), why, what(), next_try);
      }
    }
    if (outcome.kind == Outcome::Kind::done || outcome.kind == Outcome::Kind::pending) continue;
    if (is_as_wanted(outcome)) continue;
    add(field_name(work_.input, person, work_.plan.entries[work_.plan.operations[i].entry]), outcome.reason, what(),
        next_try);
  }
  if (is_gone(person)) into.problems.push_back(problem_of_gone(person));
  if (may_solve) into.still_wrong.push_back(std::move(wrong));
}

// What is solved goes first: what is told now is not.
Result<void> Ledger::tell(Transaction& transaction, const Findings& found) const {
  const Instant at = now(work_.means);
  if (found.is_guarded) {
    const auto told = transaction.post(about_guard(work_.connection.id, at));
    if (!told) return std::unexpected(told.error());
  }
  const Result<void> solved = transaction.solve_all(work_.connection.id, found.still_wrong, at);
  return solved ? transaction.report_all(found.problems) : solved;
}

// Linked to a record that the provider no longer has; nobody has said that this is meant.
bool Ledger::is_gone(const Person& person) const {
  return person.hub != no_record && person.link >= 0 && person.state == LinkState::missing_in_provider &&
         !work_.known[static_cast<std::size_t>(person.link)].link.left;
}

Problem Ledger::problem_of_gone(const Person& person) const {
  const Instant at = now(work_.means);
  return {
      .connection = work_.connection.id,
      .run = work_.run,
      .hub_id = person.hub_id,
      .provider_id = person.provider_id,
      .reason = Reason::unlinked,
      .what = fmt::format("the record {} that the person is linked to is gone from {}, so changes go nowhere. Bring "
                          "it back there and try the person again, or forget the link (dovetail links forget) and "
                          "synchronise, which offers to add the person anew",
                          person.provider_id, work_.input.program.rules->title(ir::Side::provider)),
      .first = at,
      .last = at,
      .needs_you = true};
}

}  // namespace dovetail
