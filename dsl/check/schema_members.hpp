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

// False if a wire of the member is not one, which has been said.
bool has_sound_wires(const Vocabulary& vocabulary, ir::MemberId id, Report& report);

// Reports texts of the system's records that would mean two things.
void check_wire_words(const Vocabulary& vocabulary, Report& report);

// True if the values of the member are days.
bool is_day(const ir::Member& member);

}  // namespace dovetail::dsl
