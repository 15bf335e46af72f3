// Fields, `each` and groups: the rows of the table, in the order of the file.
#pragma once

#include "dsl/check/draft.hpp"

namespace dovetail::dsl {

// Every field, `each`, group and fill of the map. Settings and tables have been taken before.
void take_table_of_fields(MapDraft& draft, Report& report);

}  // namespace dovetail::dsl
