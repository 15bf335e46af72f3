// Pairs: what stands at their ends, how it is converted, and whether it can flow as the arrow says.
#pragma once

#include "dsl/check/draft.hpp"

namespace dovetail::dsl {

// Where a pair stands.
struct PairPlace {
  std::array<ir::MemberId, 2> elements = {ir::no_member, ir::no_member};  // by Side: the lists of the `each` around it
  std::array<bool, 2> known = {true, true};  // by Side: false where the list of that `each` is unknown
};

ir::Direction direction_of(const ast::Arrow& arrow);
const ast::End& end_at(const ast::Pair& pair, ir::Side side);

// Resolves the pair and checks it by itself. A pair of two objects becomes one pair for each member.
std::vector<PairDraft> take_pair(MapDraft& draft, const PairPlace& place, const ast::Pair& pair, Report& report);

// The steps of it, in order. Each may mark parts of the pair as not known.
void resolve_conversions(MapDraft& draft, PairDraft& pair, Report& report);
void check_transforms(const MapDraft& draft, PairDraft& pair, Report& report);
void check_types(const MapDraft& draft, PairDraft& pair, Report& report);
void check_flow(const MapDraft& draft, const PairDraft& pair, Report& report);

// The member at that end, if it is exactly one; nullptr otherwise.
const ir::Member* single_member(const MapDraft& draft, const PairDraft& pair, ir::Side side);
// "hub side" in words: the alias and the path of the end, as in "huma.gender".
std::string end_text(const MapDraft& draft, const PairDraft& pair, ir::Side side);

}  // namespace dovetail::dsl
