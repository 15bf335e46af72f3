// Reads the tables of supported fields back out of the printed Markdown, as a person would see them.
#pragma once

#include <algorithm>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace dovetail::test {

struct PrintedRow {
  std::string label;
  bool required = false;
  std::set<std::string> pairs;    // "email <-> employeebaseinformation.email"
  std::set<std::string> clauses;  // "unique in Huma"

  friend bool operator==(const PrintedRow&, const PrintedRow&) = default;
};

inline std::string shown(const PrintedRow& row) {
  std::string text = row.label + (row.required ? " (required)" : "");
  for (const std::string& pair : row.pairs) text += "\n    " + pair;
  for (const std::string& clause : row.clauses) text += "\n    - " + clause;
  return text;
}

inline std::vector<std::string> split(std::string_view text, std::string_view separator) {
  std::vector<std::string> parts;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(separator), text.size());
    parts.emplace_back(text.substr(0, end));
    text.remove_prefix(std::min(end + separator.size(), text.size()));
  }
  return parts;
}

// The text of a cell without what Markdown needs: escapes, code spans, outer blanks.
inline std::string unmarked(std::string_view cell) {
  std::string text;
  for (std::size_t i = 0; i < cell.size(); ++i) {
    if (cell[i] == '`') continue;
    if (cell[i] == '\\' && i + 1 < cell.size()) ++i;
    text += cell[i];
  }
  const std::size_t begin = text.find_first_not_of(' ');
  return begin == std::string::npos ? "" : text.substr(begin, text.find_last_not_of(' ') - begin + 1);
}

inline std::vector<std::string> cells_of(std::string_view line) {
  std::vector<std::string> cells(1);
  for (std::size_t i = 1; i < line.size(); ++i) {
    if (line[i] == '|') {
      cells.emplace_back();
    } else {
      if (line[i] == '\\' && i + 1 < line.size()) cells.back() += line[i++];
      cells.back() += line[i];
    }
  }
  cells.pop_back();
  return cells;
}

inline PrintedRow row_of(const std::vector<std::string>& cells) {
  PrintedRow row{.label = unmarked(cells[0]), .required = unmarked(cells[1]) == "yes", .pairs = {}, .clauses = {}};
  const auto hub = split(cells[2], "<br>"), arrows = split(cells[3], "<br>"), provider = split(cells[4], "<br>");
  for (std::size_t i = 0; i < hub.size(); ++i)
    row.pairs.insert(unmarked(hub[i]) + " " + unmarked(arrows[i]) + " " + unmarked(provider[i]));
  for (const std::string& clause : split(cells[5], "<br>"))
    if (!unmarked(clause).empty()) row.clauses.insert(unmarked(clause));
  return row;
}

// Every row of every table below "## Supported fields".
inline std::vector<PrintedRow> printed_rows(const std::string& markdown) {
  std::vector<PrintedRow> rows;
  bool in_section = false;
  for (const std::string& line : split(markdown, "\n")) {
    if (line.starts_with("## ")) in_section = line == "## Supported fields";
    if (!in_section || !line.starts_with("| ") || line.starts_with("| ---") ||
        line.find(" field | Required |") != std::string::npos)
      continue;
    rows.push_back(row_of(cells_of(line)));
  }
  return rows;
}

}  // namespace dovetail::test
