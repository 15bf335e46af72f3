// The rule files of the tree, read and compiled for tests; one of them may be replaced by another text.
#pragma once
#include "tests/places.hpp"

#include <catch2/catch.hpp>

#include <array>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "dsl/compile.hpp"
#include "dsl/test/rule_text.hpp"
#include "dsl/test/run.hpp"
#include "engine/values/reference_tables.hpp"
#include "tests/golden.hpp"

namespace dovetail::test {

inline const std::filesystem::path rules_root = std::filesystem::path(DOVETAIL_SOURCE_DIR) / "rules";
inline constexpr std::array<const char*, 5> all_maps = {"netvisor", "finago", "twentyfoursevenoffice", "poweroffice_go",
                                                        "poweroffice"};

inline const ReferenceTables& reference_tables() {
  static const ReferenceTables tables = [] {
    const auto file = [](const char* name) { return TableTexts::File{name, read_text(rules_root / "tables" / name)}; };
    auto parsed = ReferenceTables::parse({.countries = file("countries.tsv"),
                                          .iban = file("iban.tsv"),
                                          .se_clearing = file("se_clearing.tsv"),
                                          .banks = file("banks.tsv")});
    REQUIRE(parsed.has_value());
    return *std::move(parsed);
  }();
  return tables;
}

struct CompiledMap {
  dsl::Loaded loaded;
  dsl::CompileResult compiled;

  const ir::RuleSet& rules() const { return *compiled.rules; }

  dsl::TestContext context() const {
    return {.tables = &reference_tables(),
            .text_from = [this](const ir::Origin& origin) { return dsl::text_from(loaded, origin); }};
  }
};

inline std::unique_ptr<CompiledMap> compile_with(const std::string& file, const dsl::ReadFile& read) {
  std::vector<dsl::Diagnostic> found;
  auto loaded = dsl::load(file, read, found);
  REQUIRE(loaded.has_value());
  auto map = std::make_unique<CompiledMap>(CompiledMap{*std::move(loaded), {}});
  map->compiled = dsl::compile(map->loaded, std::move(found), {.tables = &reference_tables()});
  return map;
}

// A map of the tree. `text` stands in for the file's own, if given. Errors are in compiled.diagnostics.
inline std::unique_ptr<CompiledMap> compile_map(const std::string& name, const std::string* text = nullptr) {
  const std::string file = name + ".map";
  return compile_with(file, [&](const std::string& path) -> Result<std::string> {
    if (text != nullptr && path == file) return *text;
    if (!std::filesystem::exists(rules_root / path)) return std::unexpected(Error{.what = path + ": no such file"});
    return read_text(rules_root / path);
  });
}

// A map made for a test: "main.map" is compiled, the others are what it imports.
inline std::unique_ptr<CompiledMap> compile_files(const std::map<std::string, std::string>& files) {
  return compile_with("main.map", [&](const std::string& path) -> Result<std::string> {
    const auto found = files.find(path);
    if (found == files.end()) return std::unexpected(Error{.what = path + ": no such file"});
    return found->second;
  });
}

}  // namespace dovetail::test
