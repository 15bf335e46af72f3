// Which types go together in a pair, and what a type says about countries.
#pragma once

#include "dsl/check/report.hpp"
#include "engine/values/type.hpp"

namespace dovetail::dsl {

// Not a number, a day or a truth value: has characters that people type, and a length.
bool is_text_like(const CheckedType& type);

// Some value is of both types, so a pair of them can agree. What only some values would run into is no error.
bool go_together(const CheckedType& one, const CheckedType& other);

// Alpha-2 of the only country whose values the type takes; empty: of any.
std::string_view country_of(const CheckedType& type);

void report_unknown_type(const SourceFile& file, const ast::Name& name, Report& report);

}  // namespace dovetail::dsl
