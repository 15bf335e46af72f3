#include "tools/mapcheck/compiled.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cstdio>

#include "tools/rule_files.hpp"
#include "tools/rules_root.hpp"

namespace dovetail::mapcheck {
namespace {

void fail(Session& session, ExitCode exit, const std::string& what) {
  fmt::print(stderr, "mapcheck: {}\n", what);
  session.exit = std::max(session.exit, exit);
}

void print_errors(const std::vector<dsl::Diagnostic>& diagnostics) {
  for (const dsl::Diagnostic& found : diagnostics) {
    if (found.severity != dsl::Severity::error) continue;
    const dsl::Place place = found.primary.file->place(found.primary.span.begin);
    fmt::print(stderr, "{}:{}:{}: error[{}]: {}\n", found.primary.file->name(), place.line, place.column,
               dsl::name(found.id), found.message);
  }
}

Result<std::unique_ptr<Compiled>> read_and_compile(const std::string& wanted) {
  const auto file = find_rule_file(wanted);
  if (!file) return std::unexpected(file.error());
  const auto rules_root = find_rules_root();
  if (!rules_root) return std::unexpected(rules_root.error());
  auto tables = load_reference_tables(*rules_root);
  if (!tables) return std::unexpected(tables.error());
  std::vector<dsl::Diagnostic> found;
  auto loaded = dsl::load(file->path, rule_reader(file->root), found,
                          [&](const std::string& path) { return shown_path(file->root, path); });
  if (!loaded) return std::unexpected(loaded.error());
  auto compiled = std::make_unique<Compiled>(Compiled{*std::move(tables), *std::move(loaded), {}});
  compiled->result = dsl::compile(compiled->loaded, std::move(found), {.tables = &compiled->tables});
  return compiled;
}

}  // namespace

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
  fail(session, needs_person, wanted + " has errors; `mapcheck check` says more");
  return nullptr;
}

}  // namespace dovetail::mapcheck
