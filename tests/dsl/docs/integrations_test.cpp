#include <catch2/catch.hpp>

#include "dsl/docs/describe.hpp"
#include "tests/dsl/docs/printed_tables.hpp"
#include "tests/dsl/rule_files.hpp"
#include "tests/places.hpp"

using namespace dovetail;
using namespace dovetail::test;

namespace {

std::vector<PrintedRow> expected_rows(const std::string& name) {
  std::vector<PrintedRow> rows;
  const auto path = std::filesystem::path(DOVETAIL_SOURCE_DIR) / "tests/golden/docs/expectations" / (name + ".tsv");
  for (const std::string& line : split(read_text(path), "\n")) {
    if (line.starts_with('#')) continue;
    auto cells = split(line + "\t", "\t");
    cells.resize(4);
    PrintedRow row{.label = cells[0], .required = cells[1] == "yes", .pairs = {}, .clauses = {}};
    for (std::string& pair : split(cells[2], " | ")) row.pairs.insert(std::move(pair));
    for (std::string& clause : split(cells[3], " | ")) row.clauses.insert(std::move(clause));
    rows.push_back(std::move(row));
  }
  return rows;
}

}  // namespace

TEST_CASE("every table says what the integration's own pages say, row by row", "[docs][rules]") {
  const std::string name = GENERATE(from_range(all_maps));
  INFO(name);
  const auto map = compile_map(name);
  REQUIRE(map->compiled.rules.has_value());
  const auto printed = printed_rows(dsl::to_markdown(dsl::describe(map->rules())));
  const auto expected = expected_rows(name);
  for (std::size_t i = 0; i < std::max(printed.size(), expected.size()); ++i) {
    const std::string got = i < printed.size() ? shown(printed[i]) : "no row";
    const std::string wanted = i < expected.size() ? shown(expected[i]) : "no row";
    CHECK(got == wanted);
  }
}

TEST_CASE("the whole documentation of every integration, as people read it", "[docs][rules]") {
  const std::string name = GENERATE(from_range(all_maps));
  const auto map = compile_map(name);
  REQUIRE(map->compiled.rules.has_value());
  const dsl::Document document = dsl::describe(map->rules());
  compare_golden("docs/" + name + ".md", dsl::to_markdown(document));
  compare_golden("docs/" + name + ".html", dsl::to_html(document));
}
