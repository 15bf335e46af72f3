// The store's tables and columns as the database knows them.
#pragma once

#include <string>
#include <vector>

#include "engine/store/sql.hpp"

namespace dovetail::store {

struct Column {
  std::string name;
  bool is_number = false;
};

// In an order in which rows can be inserted: what is referred to comes first. Throws SqlFailure.
std::vector<std::string> tables(Sql& sql);
std::vector<Column> columns(Sql& sql, const std::string& table);

}  // namespace dovetail::store
