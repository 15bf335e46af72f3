#include "engine/api/rule_book.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "dsl/ir_text/rules_tree.hpp"
#include "engine/api/rule_files.hpp"
#include "engine/api/rules_root.hpp"
#include "engine/store/keyed_hash.hpp"

namespace dovetail {
namespace {

// The rules as text, without the lines that say where they stand.
std::string what_they_say(const ir::RuleSet& rules) {
  const std::string text = dsl::to_text(dsl::rules_tree(rules));
  std::string kept;
  for (std::size_t start = 0; start < text.size();) {
    const std::size_t end = std::min(text.find('\n', start), text.size());
    const std::string_view line = std::string_view(text).substr(start, end - start);
    const std::size_t first = line.find_first_not_of(" -");
    if (first == line.npos || !line.substr(first).starts_with("at: ")) kept.append(line) += '\n';
    start = end + 1;
  }
  return kept;
}

}  // namespace

Result<void> open_rule_book(const std::string& map, RuleBook& into) {
  const auto fail = [&](std::string_view what) {
    return std::unexpected(Error{.kind = Error::Kind::input, .what = fmt::format("{}: {}", map, what)});
  };
  const Result<std::filesystem::path> product = find_rules_root();
  if (!product) return std::unexpected(product.error());
  Result<ReferenceTables> tables = load_reference_tables(*product);
  if (!tables) return std::unexpected(tables.error());
  into.tables = std::move(*tables);

  const Result<RuleFile> file = find_rule_file(map);
  if (!file) return std::unexpected(file.error());
  std::vector<dsl::Diagnostic> found;
  const auto shown = [root = file->root](const std::string& path) { return shown_path(root, path); };
  Result<dsl::Loaded> loaded = dsl::load(file->path, rule_reader(file->root), found, shown);
  if (!loaded) return std::unexpected(loaded.error());
  into.sources = std::move(*loaded);
  dsl::CompileResult compiled = dsl::compile(into.sources, std::move(found), {.tables = &into.tables});
  into.diagnostics = std::move(compiled.diagnostics);
  if (!compiled.rules) {
    return fail(compiled.schema ? "a schema, not a map: the rules between two systems are wanted here"
                                : "the rule file has mistakes, so nothing was done");
  }
  into.rules = std::move(*compiled.rules);
  into.program = ir::compile(into.rules);
  into.hash = KeyedHash(KeyedHash::Key{}).hash(what_they_say(into.rules)).substr(0, 32);
  return {};
}

}  // namespace dovetail
