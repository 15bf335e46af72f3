#include "engine/api/rule_book.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <map>

#include "dsl/ir_text/rules_tree.hpp"
#include "engine/api/rule_files.hpp"
#include "engine/api/rules_root.hpp"
#include "engine/durable/packed.hpp"
#include "engine/store/keyed_hash.hpp"

namespace dovetail {
namespace {

constexpr std::uint64_t bundle_form = 1;

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

// `map`: whose reference tables are taken.
Result<void> open_book(const std::string& map, const std::string& title, const std::string& path,
                       const dsl::ReadFile& read, const std::function<std::string(const std::string&)>& shown,
                       RuleBook& into) {
  const auto fail = [&](std::string_view what) {
    return std::unexpected(Error{.kind = Error::Kind::input, .what = fmt::format("{}: {}", title, what)});
  };
  const Result<std::filesystem::path> product = find_tables_root(map);
  if (!product) return std::unexpected(product.error());
  Result<ReferenceTables> tables = load_reference_tables(*product);
  if (!tables) return std::unexpected(tables.error());
  into.tables = std::move(*tables);
  std::vector<dsl::Diagnostic> found;
  Result<dsl::Loaded> loaded = dsl::load(path, read, found, shown);
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

}  // namespace

Result<void> open_rule_book(const std::string& map, RuleBook& into) {
  const Result<RuleFile> file = find_rule_file(map);
  if (!file) return std::unexpected(file.error());
  const auto shown = [root = file->root](const std::string& path) { return shown_path(root, path); };
  return open_book(map, map, file->path, rule_reader(file->root), shown, into);
}

std::string rule_bundle(const RuleBook& book) {
  Packer to;
  to.number(bundle_form);
  to.number(book.sources.units.size());
  for (const auto& unit : book.sources.units) {
    to.text(unit->path);
    to.text(unit->source->text());
  }
  return to.take();
}

Result<void> open_rule_bundle(std::string_view bundle, const std::string& map, RuleBook& into) {
  Unpacker from(bundle);
  std::map<std::string, std::string> files;
  std::string first;
  const bool known = from.number() == bundle_form;
  const std::size_t count = known ? from.count() : 0;
  for (std::size_t i = 0; i < count && from.is_good(); ++i) {
    std::string path(from.text());
    if (i == 0) first = path;
    files.emplace(std::move(path), from.text());
  }
  if (!known || !from.is_good() || first.empty()) {
    return std::unexpected(Error{.kind = Error::Kind::data, .what = "the rules that were kept cannot be read"});
  }
  const auto read = [&](const std::string& path) -> Result<std::string> {
    const auto found = files.find(path);
    if (found != files.end()) return found->second;
    return std::unexpected(Error{.kind = Error::Kind::input, .what = path + ": is not among the rules that were kept"});
  };
  return open_book(map, first + " as it was", first, read, {}, into);
}

}  // namespace dovetail
