// Paths of rules and tests against a schema.
#pragma once

#include <optional>

#include "dsl/check/draft.hpp"

namespace dovetail::dsl {

// Where a path starts and what it may end at.
struct PathPlace {
  ir::Side side = ir::Side::hub;
  ir::MemberId element = ir::no_member;  // the list whose element it starts in (`each`); no_member: the record
  bool in_test = false;                  // elements may be counted: positions[0]
  bool to_list = false;                  // it has to end at a list, without a selector
};

struct FoundPath {
  ir::Path path;
  std::optional<std::uint32_t> index;  // of a test
};

// The member that the path names: a scalar, an object or an element of a list. nullopt: there is none, or the side's
// schema is not known; what is wrong has been reported.
std::optional<FoundPath> find_path(const MapDraft& draft, const PathPlace& place, const ast::Path& path,
                                   Report& report);

// Whether the path names members of that side, whatever its selectors.
bool path_exists(const MapDraft& draft, ir::Side side, ir::MemberId element, const ast::Path& path);

}  // namespace dovetail::dsl
