#include "engine/store/given_rows.hpp"

#include <array>

namespace dovetail::store {
namespace {

// "unnest(cast(:given_0 as text[]), …) as given(hub_id, …)", and "(select :given_0 as hub_id, …) as given".
std::string table_of(Engine engine, const std::vector<std::string>& columns) {
  std::string values, names;
  for (std::size_t i = 0; i < columns.size(); ++i) {
    const bool is_number = columns[i].starts_with('#');
    const std::string name = columns[i].substr(is_number ? 1 : 0), parameter = ":given_" + std::to_string(i);
    values += i == 0 ? "" : ", ";
    names += (i == 0 ? "" : ", ") + name;
    if (engine == Engine::sqlite) values += parameter + " as " + name;
    if (engine == Engine::postgres) values += "cast(" + parameter + " as " + (is_number ? "bigint" : "text") + "[])";
  }
  return engine == Engine::sqlite ? "(select " + values + ") as given"
                                  : "unnest(" + values + ") as given(" + names + ")";
}

}  // namespace

OverRows::OverRows(Engine engine, std::string sql, const std::vector<std::string>& names)
    : text(std::move(sql)), columns(names.size()) {
  const std::string_view mark = "{given}";
  text.replace(text.find(mark), mark.size(), table_of(engine, names));
}

void append_item(std::string& array, std::string_view text) {
  array += array.empty() ? "{\"" : ",\"";
  for (const char each : text) {
    if (each == '"' || each == '\\') array += '\\';
    array += each;
  }
  array += '"';
}

void append_item(std::string& array, std::optional<std::int64_t> number) {
  array += array.empty() ? '{' : ',';
  if (!number) {
    array += "NULL";
    return;
  }
  std::array<char, 24> digits{};
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), *number).ptr;
  array.append(digits.data(), end);
}

}  // namespace dovetail::store
