// Literals against the member that they are given to.
#pragma once

#include <optional>

#include "dsl/check/vocabulary.hpp"
#include "engine/values/observation.hpp"

namespace dovetail::dsl {

struct LiteralUse {
  bool in_test = false;  // `absent` and `masked` are values, and what is not of the type is given as invalid
  const ReferenceTables* tables = nullptr;
};

// The literal as a value of the member, in sent form. nullopt: it can't be one, which has been reported.
std::optional<Value> literal_value(const Vocabulary& vocabulary, ir::MemberId member, const ast::Literal& literal,
                                   const SourceFile& file, const LiteralUse& use, Report& report);

}  // namespace dovetail::dsl
