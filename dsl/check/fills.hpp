// `fill`: values that one system demands and the other lacks.
#pragma once

#include "dsl/check/pairs.hpp"

namespace dovetail::dsl {

void take_fill(MapDraft& draft, const ast::Fill& written, const PairPlace& place, std::optional<std::uint32_t> each,
               Report& report);

}  // namespace dovetail::dsl
