// docs/language.md, run: its blocks are rule files that must be as good as the page says.
#include <catch2/catch.hpp>

#include <filesystem>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include "dsl/compile.hpp"
#include "dsl/render/text.hpp"
#include "tests/dsl/rule_files.hpp"
#include "tests/places.hpp"

using namespace dovetail;

namespace {

struct Block {
  std::string words;  // behind ```map
  std::string text;
  int line = 0;
};

std::vector<Block> blocks() {
  std::istringstream page(test::read_text(std::filesystem::path(DOVETAIL_SOURCE_DIR) / "docs" / "language.md"));
  std::vector<Block> found;
  bool inside = false;
  int number = 0;
  for (std::string line; std::getline(page, line);) {
    ++number;
    if (!inside && line.starts_with("```map ")) {
      found.push_back({line.substr(7), {}, number});
      inside = true;
    } else if (line.starts_with("```")) {
      inside = false;
    } else if (inside) {
      found.back().text += line + "\n";
    }
  }
  return found;
}

// The findings of warnings and errors in the file, with `added` at its end.
std::vector<std::string> findings(const std::map<std::string, std::string>& files, const std::string& file,
                                  const std::string& added, std::string& shown) {
  const auto read = [&](const std::string& path) -> Result<std::string> {
    if (const auto found = files.find(path); found != files.end()) return found->second + (path == file ? added : "");
    return test::read_text(test::rules_root / path);
  };
  std::vector<dsl::Diagnostic> found;
  auto loaded = dsl::load(file, read, found);
  REQUIRE(loaded.has_value());
  const auto result = dsl::compile(*loaded, std::move(found), {.tables = &test::reference_tables()});
  std::vector<std::string> names;
  for (const dsl::Diagnostic& one : result.diagnostics) {
    if (one.severity > dsl::Severity::error) continue;
    shown += dsl::to_text(one);
    names.emplace_back(name(one.id));
  }
  return names;
}

}  // namespace

TEST_CASE("the examples of the language page are what the page says they are") {
  std::map<std::string, std::string> files;
  const std::vector<Block> all = blocks();
  REQUIRE(all.size() > 10);
  for (const Block& block : all) {
    if (!block.words.starts_with("in ")) files[block.words] = block.text;
  }
  for (const Block& block : all) {
    std::istringstream words(block.words);
    std::string file, error, code;
    words >> file;
    const bool added = file == "in";
    if (added) words >> file;
    words >> error >> code;
    INFO("docs/language.md:" << block.line);
    std::string shown;
    const auto found = findings(files, file, added ? "\n" + block.text : "", shown);
    INFO(shown);
    CHECK(found == (code.empty() ? std::vector<std::string>{} : std::vector<std::string>{code}));
  }
}
