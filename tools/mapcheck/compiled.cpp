#include "tools/mapcheck/compiled.hpp"

#include <fmt/core.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>

#include "dsl/render/text.hpp"
#include "engine/api/rule_files.hpp"
#include "engine/api/rules_root.hpp"

namespace dovetail::mapcheck {
namespace {

void print_errors(std::vector<dsl::Diagnostic> diagnostics) {
  std::erase_if(diagnostics, [](const dsl::Diagnostic& found) { return found.severity != dsl::Severity::error; });
  const bool color = ::isatty(STDERR_FILENO) != 0 && std::getenv("NO_COLOR") == nullptr;
  fmt::print(stderr, "{}\n", dsl::to_text(diagnostics, {.color = color}));
}

Result<ReferenceTables> find_tables(const std::string& map) {
  const auto root = find_tables_root(map);
  return root ? load_reference_tables(*root) : std::unexpected(root.error());
}

Result<std::unique_ptr<Compiled>> read_and_compile(const std::string& wanted) {
  const auto file = find_rule_file(wanted);
  if (!file) return std::unexpected(file.error());
  std::vector<dsl::Diagnostic> found;
  auto loaded = dsl::load(file->path, rule_reader(file->root), found,
                          [&](const std::string& path) { return shown_path(file->root, path); });
  if (!loaded) return std::unexpected(loaded.error());
  auto compiled = std::make_unique<Compiled>(Compiled{find_tables(wanted), *std::move(loaded), {}});
  compiled->result =
      dsl::compile(compiled->loaded, std::move(found), {.tables = compiled->tables ? &*compiled->tables : nullptr});
  return compiled;
}

}  // namespace

void fail(Session& session, ExitCode exit, const std::string& what) {
  fmt::print(stderr, "mapcheck: {}\n", what);
  session.exit = std::max(session.exit, exit);
}

std::unique_ptr<Compiled> compile_map(const std::string& wanted, Session& session) {
  auto compiled = read_and_compile(wanted);
  if (!compiled) {
    fail(session, could_not_run, compiled.error().what);
    return nullptr;
  }
  if ((*compiled)->result.rules) return *std::move(compiled);
  if (!dsl::has_errors((*compiled)->result.diagnostics)) {
    fail(session, could_not_run, wanted + " is not a map: schemas and libraries are no integrations of their own");
    return nullptr;
  }
  print_errors((*compiled)->result.diagnostics);
  fail(session, needs_person, wanted + " has errors");
  return nullptr;
}

}  // namespace dovetail::mapcheck
