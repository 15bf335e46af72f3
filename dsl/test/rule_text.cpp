#include "dsl/test/rule_text.hpp"

namespace dovetail::dsl {

std::string_view text_from(const Loaded& loaded, const ir::Origin& origin) {
  if (origin.line == 0) return {};
  for (const auto& unit : loaded.units)
    if (unit->source->name() == origin.file)
      return unit->source->text().substr(unit->source->offset({origin.line, origin.column}));
  return {};
}

}  // namespace dovetail::dsl
