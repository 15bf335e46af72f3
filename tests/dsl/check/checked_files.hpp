// Rule files of a folder, or given as text, checked for tests.
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "dsl/compile.hpp"
#include "dsl/render/text.hpp"
#include "tests/dsl/rule_files.hpp"
#include "tests/golden.hpp"

namespace dovetail::test {

struct CheckedFile {
  std::unique_ptr<dsl::Loaded> loaded;
  dsl::CompileResult result;

  std::string text() const { return dsl::to_text(result.diagnostics); }
};

// `path` is relative to `root`; `replaced` stands in for that file's own text. Nothing is judged that needs tables.
inline CheckedFile check_file(const std::filesystem::path& root, const std::string& path,
                              const std::string* replaced = nullptr, const ReferenceTables* tables = nullptr,
                              bool pedantic = false) {
  const auto read = [&](const std::string& wanted) -> Result<std::string> {
    if (replaced != nullptr && wanted == path) return *replaced;
    if (!std::filesystem::is_regular_file(root / wanted))
      return std::unexpected(Error{.what = wanted + ": no such file"});
    return read_text(root / wanted);
  };
  std::vector<dsl::Diagnostic> found;
  auto loaded = dsl::load(path, read, found);
  REQUIRE(loaded.has_value());
  CheckedFile checked;
  checked.loaded = std::make_unique<dsl::Loaded>(*std::move(loaded));
  checked.result = dsl::compile(*checked.loaded, std::move(found), {.tables = tables, .pedantic = pedantic});
  return checked;
}

}  // namespace dovetail::test
