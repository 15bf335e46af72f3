#include "engine/runtime/write/meanwhile.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "engine/match/link_state.hpp"

namespace dovetail {
namespace {

std::string noted(const Link& link) { return link.note.empty() ? std::string() : ": " + link.note; }

// "Given name, Phone number": those of `all` that `known` lacks.
std::string new_ones(const std::vector<std::string>& all, const std::vector<std::string>& known) {
  std::string text;
  for (const std::string& each : all) {
    if (std::ranges::count(known, each) == 0) text += (text.empty() ? "" : ", ") + each;
  }
  return text;
}

// Empty: none was excluded or taken in again.
std::string change_of_fields(const Link* then, const Link& now) {
  static const std::vector<std::string> none;
  const std::vector<std::string>& before = then == nullptr ? none : then->excluded_fields;
  const std::string excluded = new_ones(now.excluded_fields, before), again = new_ones(before, now.excluded_fields);
  if (!excluded.empty()) {
    return fmt::format("{} was excluded for this person since this was planned{}; plan again", excluded, noted(now));
  }
  return again.empty()
             ? std::string()
             : fmt::format("{} is no longer excluded for this person, since this was planned; plan again", again);
}

}  // namespace

Outcome outcome_of_change(const Link* then, const Link* now) {
  using enum Outcome::Kind;
  if (now == nullptr) {
    return not_carried_out(moved, Reason::unlinked, "the link was forgotten since this was planned; plan again");
  }
  if (now->state == LinkState::excluded && (then == nullptr || then->state != LinkState::excluded)) {
    return not_carried_out(skipped, Reason::excluded, "the person was excluded since this was planned" + noted(*now));
  }
  if (is_apart(*now) && (then == nullptr || !is_apart(*then))) {
    return not_carried_out(moved, Reason::unlinked,
                           fmt::format("the link was cut since this was planned{}; plan again", noted(*now)));
  }
  if (std::string fields = change_of_fields(then, *now); !fields.empty()) {
    return not_carried_out(moved, Reason::excluded, std::move(fields));
  }
  const bool is_other = then == nullptr || then->provider_id != now->provider_id || then->evidence != now->evidence;
  if (now->evidence == "by hand" && is_other) {
    return not_carried_out(
        moved, Reason::unlinked,
        fmt::format("the person was linked by hand since this was planned{}; plan again", noted(*now)));
  }
  return not_carried_out(moved, Reason::conflict,
                         "the person was synchronised by a push since this was planned; plan again");
}

Outcome outcome_of_leaving(bool is_new) {
  return not_carried_out(
      Outcome::Kind::skipped, Reason::out_of_scope,
      is_new ? "the connection's scope was narrowed since this was planned, and somebody new is not in it"
             : "the person has left the connection's scope since this was planned");
}

bool is_as_wanted(const Outcome& outcome) {
  return outcome.kind == Outcome::Kind::skipped &&
         (outcome.reason == Reason::excluded || outcome.reason == Reason::out_of_scope);
}

}  // namespace dovetail
