// Clauses: what each means, and whether those of a field agree with one another and with the schemas.
#pragma once

#include "dsl/check/draft.hpp"

namespace dovetail::dsl {

// Puts the clauses that the author wrote into the field and its pairs. A clause about a member's value has to stand
// where it is clear which member it means; a clause about the whole belongs to the field.
void take_clauses(const MapDraft& draft, FieldDraft& field, Report& report);

// The clauses that hold for a pair, its own and the field's.
std::vector<const ir::Clause*> clauses_of(const FieldDraft& field, const PairDraft& pair);

// Where the author wrote a clause of the field or of its pairs.
Span clause_span(const MapDraft& draft, const FieldDraft& field, const ir::Clause& clause);

// Of one member's value: unique, lengths, valid.
bool is_about_value(ir::Clause::Kind kind);
// As an author writes it: "max length 10 in netvisor".
std::string clause_text(const MapDraft& draft, const ir::Clause& clause);
std::string clause_text(const MapDraft& draft, const ast::Clause& clause);

}  // namespace dovetail::dsl
