// Who is who: links first, then the match key, then what other fields suggest. Nobody's fields are compared here.
#pragma once

#include <string>
#include <vector>

#include "engine/plan/plan.hpp"

namespace dovetail {

// The evidence of a link that a person's decision made.
inline constexpr std::string_view by_hand = "by hand";

// One person, without the words: there may be millions.
struct Match {
  RecordIndex hub = no_record, provider = no_record;
  std::int64_t link = -1;  // as in Person, as the rest
  LinkState state = LinkState::linked;
  bool is_linked = false;
  bool relinked = false;
  Reason reason = Reason::no_change;
  std::uint32_t evidence = 0;  // an index into Matched::words: the label that found or proposes the link; 0: none
  std::uint32_t why = 0;       // the same: where the reason needs words; 0: the reason says it all
};

struct Matched {
  std::vector<Match> people;  // every record of both sides in exactly one; by hub id, then provider id
  std::vector<std::string> words = std::vector<std::string>(1);
};

Person person_of(const PlanInput& input, const Match& match);

// What the snapshot says of itself, but nothing at all where somebody was known is never the whole.
Completeness completeness_of(const PlanInput& input, ir::Side side);

// Match::reason is no_change where the person's fields are to be compared, or the person is on one side only and may
// be offered for creation (`unlinked`). Deterministic for any order of records and links.
Matched match(const PlanInput& input);

}  // namespace dovetail
