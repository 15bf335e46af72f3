// Going through everything that is sealed, by the list in sealing.hpp.
#pragma once

#include <functional>
#include <string>

#include "engine/store/sealing.hpp"
#include "engine/store/sql.hpp"

namespace dovetail::store {

struct SealedRow {
  std::string id, connection, context, sealed;
};

// Rows with something sealed in that column, in the order of their ids, some at a time. `between` is called after each
// lot, the last one included, and may change the rows.
void each_sealed(Sql& sql, const SealedColumn& column, const std::function<void(const SealedRow&)>& use,
                 const std::function<void()>& between = {});

}  // namespace dovetail::store
