// The members of a schema: names, types, modifiers, and what they say about one another.
#pragma once

#include "dsl/check/vocabulary.hpp"

namespace dovetail::dsl {

// Appends the member and those in it. References to other members are left for resolve_member_references.
void add_schema_member(Vocabulary& vocabulary, const ast::Member& written, ir::MemberId parent, Report& report);

// `key`, `ordered by`, `until`, `derived from`, `with`, `deprecated use`.
void resolve_member_references(Vocabulary& vocabulary, Report& report);

// A modifier that has no value of its own to check: sets the bit. Reports those that contradict or repeat others.
void take_modifiers(const Vocabulary& vocabulary, const ast::Member& written, ir::Member& member, Report& report);

// `document … as …`: what stands in exports of its own.
void take_document_parts(Vocabulary& vocabulary, Report& report);

// The member of the record that a path without selectors names; no_member: there is none, which has been said.
ir::MemberId find_record_member(const Vocabulary& vocabulary, const ast::Path& path, Report& report);

// Reports members without a place in the system's records, and those that share one.
void check_wires(const Vocabulary& vocabulary, Report& report);

}  // namespace dovetail::dsl
