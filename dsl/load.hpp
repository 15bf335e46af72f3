// A rule file together with the files it names: reads through a callback, so that the language never touches a disk.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "dsl/diagnostic.hpp"
#include "dsl/syntax/ast.hpp"
#include "engine/error.hpp"

namespace dovetail::dsl {

// The text of a file by its path, or why it can't be read. Paths are relative to the rules root, with `/` and
// without `.` and `..`.
using ReadFile = std::function<Result<std::string>(const std::string& path)>;

// A parsed file. The source stays where it is for as long as the value lives, also when it is moved.
struct Unit {
  std::string path;  // relative to the rules root
  std::unique_ptr<const SourceFile> source;
  ast::File tree;
};

// A map, schema or library, and what it imports.
struct Loaded {
  struct Import {
    const ast::Import* written = nullptr;
    const Unit* unit = nullptr;  // nullptr: could not be loaded, which the diagnostics say
  };
  std::vector<std::unique_ptr<Unit>> units;  // the first is the file itself; each file once
  std::vector<Import> imports;               // of the first, in file order

  const Unit& main() const { return *units.front(); }
};

// Loads `path` and its imports, parses all, and appends what is wrong (syntax; missing-import, import-cycle,
// import-outside-root, duplicate-alias) to `diagnostics`. The sources name themselves `shown(path)` in messages.
// An Error only if `path` itself can't be read.
Result<Loaded> load(const std::string& path, const ReadFile& read, std::vector<Diagnostic>& diagnostics,
                    const std::function<std::string(const std::string&)>& shown = {});

}  // namespace dovetail::dsl
