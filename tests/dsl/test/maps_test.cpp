#include <catch2/catch.hpp>

#include <set>

#include "dsl/test/coverage.hpp"
#include "dsl/test/report.hpp"
#include "tests/dsl/docs/printed_tables.hpp"
#include "tests/dsl/map_edits.hpp"
#include "tests/dsl/rule_files.hpp"
#include "tests/places.hpp"

using namespace dovetail;
using namespace dovetail::test;

namespace {

// "MAP<TAB>WHAT<TAB>REASON": rules whose runtime does not exist yet, so that no test of a map can guard them.
std::set<std::string> pending(const std::string& map) {
  std::set<std::string> rules;
  for (const std::string& line :
       split(read_text(std::filesystem::path(DOVETAIL_SOURCE_DIR) / "tests/pending_rows.txt"), "\n")) {
    const auto cells = split(line, "\t");
    if (line.starts_with('#') || cells.size() < 3 || cells[0] != map) continue;
    rules.insert(cells[1]);
  }
  return rules;
}

}  // namespace

TEST_CASE("every test of every map passes, and none is in vain", "[test][rules]") {
  const std::string name = GENERATE(from_range(all_maps));
  const auto map = compile_map(name);
  REQUIRE(map->compiled.rules.has_value());
  const auto coverage = dsl::run_all(map->rules(), map->compiled.tests, map->context());
  INFO(dsl::to_text(coverage, name, {.colour = false, .quiet = true}));
  CHECK(dsl::failed(coverage) == 0);
  CHECK(dsl::vacuous(coverage) == 0);
  const auto allowed = pending(name);
  for (const auto& rule : coverage.rules) {
    INFO(rule.origin.file << ":" << rule.origin.line << ": " << rule.what);
    CHECK(rule.tested == !allowed.contains(rule.what));
  }
}

TEST_CASE("a test of the map fails when the text of a clause is taken away", "[test][rules]") {
  const std::string name = GENERATE(from_range(all_maps));
  const auto map = compile_map(name);
  REQUIRE(map->compiled.rules.has_value());
  const dsl::Unit& unit = map->loaded.main();
  for (const ClauseInText& clause : clauses_in(unit.tree)) {
    const std::string removed(unit.source->text(clause.span));
    if (removed == "never remove") continue;  // nothing is ever removed, with it or without
    INFO(name << ": without `" << removed << "` of \"" << clause.label << "\" in line "
              << unit.source->place(clause.span.begin).line);
    const std::string text = without(unit.source->text(), clause.span);
    const auto changed = compile_map(name, &text);
    if (!changed->compiled.rules) continue;  // a map that no longer compiles is guarded by the checker
    bool noticed = false;
    for (const dsl::TestCase& test : changed->compiled.tests)
      noticed = noticed || !dsl::run(changed->rules(), test, changed->context()).empty();
    CHECK(noticed);
  }
}
