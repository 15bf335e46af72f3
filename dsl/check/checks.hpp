// The checks that look at a map as a whole, each in a file of its own. To add one: its file, and a line here.
#pragma once

#include "dsl/check/draft.hpp"

namespace dovetail::dsl {

using MapCheck = void(const MapDraft& draft, Report& report);

MapCheck check_duplicate_fields;
MapCheck check_conflicting_writes;
MapCheck check_create_needs;
MapCheck check_constraints;
MapCheck check_shapes;
MapCheck check_empty_texts;
MapCheck check_padded_lengths;

// True if a value of the later shape, read from that side, is always taken for the earlier.
bool hides(const MapDraft& draft, const ShapeDraft& earlier, const ShapeDraft& later, ir::Side from);

inline constexpr MapCheck* map_checks[] = {
    check_duplicate_fields, check_conflicting_writes, check_create_needs,   check_constraints,
    check_shapes,           check_empty_texts,        check_padded_lengths,
};

}  // namespace dovetail::dsl
