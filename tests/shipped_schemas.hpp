// The tables and schemas of rules/, read and compiled once, for tests of adapters.
#pragma once
#include "tests/places.hpp"

#include <catch2/catch.hpp>
#include <map>

#include "dsl/compile.hpp"
#include "dsl/load.hpp"
#include "engine/values/reference_tables.hpp"
#include "tests/golden.hpp"

namespace dovetail::test {

inline const std::filesystem::path shipped_rules = std::filesystem::path(DOVETAIL_SOURCE_DIR) / "rules";

inline const ReferenceTables& shipped_tables() {
  static const ReferenceTables parsed = [] {
    const auto file = [](const char* name) {
      return TableTexts::File{name, read_text(shipped_rules / "tables" / name)};
    };
    auto read = ReferenceTables::parse({.countries = file("countries.tsv"),
                                        .iban = file("iban.tsv"),
                                        .se_clearing = file("se_clearing.tsv"),
                                        .banks = file("banks.tsv")});
    REQUIRE(read.has_value());
    return *std::move(read);
  }();
  return parsed;
}

inline const CheckContext& shipped_context() {
  static const CheckContext context{.tables = &shipped_tables(), .today = {}, .region = {}, .test_system = true};
  return context;
}

inline const ir::Schema& shipped_schema(const std::string& system) {
  static std::map<std::string, ir::Schema> known;
  if (const auto found = known.find(system); found != known.end()) return found->second;
  std::vector<dsl::Diagnostic> wrong;
  const auto read = [](const std::string& path) -> Result<std::string> { return read_text(shipped_rules / path); };
  const Result<dsl::Loaded> loaded = dsl::load("schemas/" + system + ".schema.map", read, wrong);
  REQUIRE(loaded.has_value());
  dsl::CompileResult compiled = dsl::compile(*loaded, std::move(wrong), {.tables = &shipped_tables()});
  REQUIRE(compiled.schema.has_value());
  return known.emplace(system, std::move(*compiled.schema)).first->second;
}

}  // namespace dovetail::test
