// mapcheck check: everything that is wrong in rule files.
#include <fmt/core.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "dsl/compile.hpp"
#include "dsl/render/json.hpp"
#include "dsl/render/text.hpp"
#include "engine/api/rule_files.hpp"
#include "engine/api/rules_root.hpp"
#include "tools/mapcheck/subcommands.hpp"

namespace dovetail::mapcheck {
namespace {

struct Arguments {
  std::vector<std::string> files;
  std::string format = "text";
  std::string fail_level = "error";
  std::string color = "auto";
  bool pedantic = false;
};

constexpr std::string_view examples = R"(
Examples:
  mapcheck rules/netvisor.map                  everything that is wrong in one integration
  mapcheck netvisor                            the same, of a map that came with the product
  mapcheck rules/*.map --fail-level warning    warnings fail too
  mapcheck rules/*.map --format json           one object a finding, for programs
  mapcheck explain unknown-path                what a finding means, with an example

A map brings the schemas and libraries it names. Exit code: 0 nothing at or above the fail level, 1 something is,
2 a file can't be read.)";

bool wants_color(const std::string& asked) {
  if (asked != "auto") return asked == "always";
  return isatty(fileno(stdout)) != 0 && std::getenv("NO_COLOR") == nullptr;
}

// A file's findings, and the texts they look into.
struct Checked {
  std::unique_ptr<dsl::Loaded> loaded;
  std::vector<dsl::Diagnostic> found;
};

// Read once for each folder they stand in; that there are none is said once for each reason.
class TablesOfMaps {
 public:
  // nullptr: there are none, so values are not judged.
  const ReferenceTables* of(const std::string& map) {
    const auto root = find_tables_root(map);
    const std::string key = root ? root->string() : root.error().what;
    const auto known = read_.find(key);
    if (known != read_.end()) return known->second ? &*known->second : nullptr;
    const auto& tables =
        read_.emplace(key, root ? load_reference_tables(*root) : std::unexpected(root.error())).first->second;
    if (!tables) fmt::print(stderr, "mapcheck: values are not judged: {}\n", tables.error().what);
    return tables ? &*tables : nullptr;
  }

 private:
  std::map<std::string, Result<ReferenceTables>> read_;  // by folder, or by what is wrong
};

Result<Checked> check(const std::string& file, const dsl::CompileOptions& options) {
  const auto place = find_rule_file(file);
  if (!place) return std::unexpected(place.error());
  Checked checked;
  std::vector<dsl::Diagnostic> found;
  auto loaded = dsl::load(place->path, rule_reader(place->root), found,
                          [&](const std::string& path) { return shown_path(place->root, path); });
  if (!loaded) return std::unexpected(loaded.error());
  checked.loaded = std::make_unique<dsl::Loaded>(*std::move(loaded));
  checked.found = dsl::compile(*checked.loaded, std::move(found), options).diagnostics;
  return checked;
}

// What two maps find in the schema they share is said once.
void keep_new(std::vector<dsl::Diagnostic>& found, std::set<std::string>& known) {
  std::erase_if(found, [&](const dsl::Diagnostic& one) { return !known.insert(dsl::to_json({&one, 1})).second; });
}

ExitCode run(const Arguments& arguments) {
  TablesOfMaps tables;
  ExitCode exit = clean;
  std::vector<Checked> all;
  std::vector<dsl::Diagnostic> found;
  std::set<std::string> known;
  for (const std::string& file : arguments.files) {
    auto checked = check(file, {.tables = tables.of(file), .pedantic = arguments.pedantic});
    if (!checked) {
      fmt::print(stderr, "mapcheck: {}\n", checked.error().what);
      exit = could_not_run;
      continue;
    }
    keep_new(checked->found, known);
    found.insert(found.end(), checked->found.begin(), checked->found.end());
    all.push_back(*std::move(checked));
  }
  dsl::sort(found);
  if (arguments.format == "json") {
    fmt::print("{}", dsl::to_json(found));
  } else {
    fmt::print("{}", dsl::to_text(found, {.color = wants_color(arguments.color)}));
    if (!found.empty()) fmt::print("\n");
    if (!all.empty())
      fmt::print("{} file{} checked: {}\n", all.size(), all.size() == 1 ? "" : "s", dsl::summary(found));
  }
  const bool fails = std::ranges::any_of(found, [&](const dsl::Diagnostic& one) {
    static constexpr std::string_view levels[] = {"error", "warning", "note", "pedantic"};
    const auto level = std::ranges::find(levels, arguments.fail_level) - std::begin(levels);
    return static_cast<std::ptrdiff_t>(one.severity) <= level;
  });
  return exit == clean && fails ? needs_person : exit;
}

}  // namespace

void add_check(CLI::App& app, Session& session) {
  auto* command = app.add_subcommand("check", "say everything that is wrong in rule files; `check` may be left out");
  auto arguments = std::make_shared<Arguments>();
  command->add_option("FILES", arguments->files, "maps, schemas or libraries, or names of maps that came along")
      ->required();
  command->add_option("--format", arguments->format, "text (for people) or json (one object a finding)")
      ->check(CLI::IsMember({"text", "json"}))
      ->capture_default_str();
  command->add_option("--fail-level", arguments->fail_level, "the mildest finding that makes the exit code 1")
      ->check(CLI::IsMember({"error", "warning", "note", "pedantic"}))
      ->capture_default_str();
  command->add_option("--color", arguments->color, "auto: on a terminal, unless NO_COLOR is set")
      ->check(CLI::IsMember({"auto", "always", "never"}))
      ->capture_default_str();
  command->add_flag("--pedantic", arguments->pedantic, "also what is off by default, such as fields without a test");
  command->footer(std::string(examples));
  command->callback([arguments, &session] { session.exit = run(*arguments); });
}

}  // namespace dovetail::mapcheck
