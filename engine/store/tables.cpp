#include "engine/store/tables.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace dovetail::store {

std::vector<std::string> tables(Sql& sql) {
  const std::string text =
      sql.engine() == Engine::sqlite
          ? "select name from sqlite_master where type = 'table' and name not like 'sqlite_%'"
          : "select cast(table_name as text) from information_schema.tables where table_type = 'BASE TABLE'"
            " and table_schema = any (current_schemas(false))";
  std::vector<std::string> names;
  sql.each_row(text, 1, [&](const Sql::Row& row) { names.push_back(*row[0]); });
  // Everything refers to connections, documents to runs, and their parts to documents; nothing else does.
  const auto rank = [](const std::string& name) { return name == "connection" ? 0 : name == "run" ? 1 : 2; };
  std::ranges::sort(names, [&](const std::string& one, const std::string& other) {
    return std::pair(rank(one), one) < std::pair(rank(other), other);
  });
  return names;
}

std::vector<Column> columns(Sql& sql, const std::string& table) {
  const std::string text =
      sql.engine() == Engine::sqlite
          ? fmt::format("select name, type from pragma_table_info('{}') order by cid", table)
          : fmt::format(
                "select cast(column_name as text), cast(data_type as text) from information_schema.columns"
                " where table_name = '{}' and table_schema = any (current_schemas(false))"
                " order by ordinal_position",
                table);
  std::vector<Column> all;
  sql.each_row(text, 2, [&](const Sql::Row& row) { all.push_back({*row[0], *row[1] != "text" && *row[1] != "TEXT"}); });
  return all;
}

}  // namespace dovetail::store
