// dovetail conformance: the same cases for every adapter, against any system.
#include <fmt/format.h>

#include <chrono>

#include "dsl/compile.hpp"
#include "engine/api/live_systems.hpp"
#include "engine/api/rule_files.hpp"
#include "engine/api/rules_root.hpp"
#include "providers/conformance/kit.hpp"
#include "tools/dovetail/credentials.hpp"
#include "tools/dovetail/options.hpp"
#include "tools/dovetail/terminal.hpp"

namespace dovetail::tools {
namespace {

namespace conformance = providers::conformance;

int refuse(const Error& error) {
  fmt::print(stderr, "dovetail: {}\n", printable(error.what));
  return could_not_run;
}

Result<ir::Schema> schema_named(const std::string& name, const std::filesystem::path& root,
                                const ReferenceTables& tables) {
  std::vector<dsl::Diagnostic> found;
  const std::string path = "schemas/" + name + ".schema.map";
  const Result<dsl::Loaded> loaded = dsl::load(path, rule_reader(root), found);
  if (!loaded) return std::unexpected(loaded.error());
  dsl::CompileResult compiled = dsl::compile(*loaded, std::move(found), {.tables = &tables});
  if (compiled.schema) return std::move(*compiled.schema);
  return std::unexpected(Error{.kind = Error::Kind::input, .what = path + ": not a schema without mistakes"});
}

}  // namespace

int conformance_command(const Options& options) {
  const Result<std::filesystem::path> root = find_rules_root();
  if (!root) return refuse(root.error());
  const Result<ReferenceTables> tables = load_reference_tables(*root);
  if (!tables) return refuse(tables.error());
  if (providers::find_adapter(options.system) == nullptr) {
    std::string names;
    for (const providers::AdapterEntry& entry : providers::adapters())
      names += fmt::format("{}{}", names.empty() ? "" : ", ", entry.name);
    return refuse(
        {.kind = Error::Kind::input, .what = fmt::format("{}: no such system; there are: {}", options.system, names)});
  }
  const Result<ir::Schema> schema = schema_named(options.system, *root, *tables);
  if (!schema) return refuse(schema.error());
  LiveSystems live;
  conformance::Faults faults;
  const CheckContext context{.tables = &*tables, .today = {}, .region = {}, .test_system = true};
  Result<providers::Credentials> credentials = find_credentials(options.system, options.credentials);
  if (!credentials) return refuse(credentials.error());
  const auto system =
      live.open({.adapter = options.system, .url = options.url}, {.ca_file = options.ca_file, .proxy = options.proxy},
                std::move(*credentials), *schema, context, &faults);
  if (!system) return refuse(system.error());
  const Result<std::string> who = introduce(options.system, **system);
  if (!who) return refuse(who.error());
  fmt::print(stderr, "{}\n", printable(*who));
  const auto seconds = std::chrono::system_clock::now().time_since_epoch() / std::chrono::seconds(1);
  const auto findings = [&] {
    const Progress progress("asking " + options.system);
    return conformance::run({.schema = *schema,
                             .system = **system,
                             .faults = faults,
                             .clock = live.clock(),
                             .serial = static_cast<unsigned>(seconds % 100'000)},
                            options.write);
  }();
  fmt::print("{}", conformance::to_text(findings));
  fmt::print(stderr, "{}", live.counts());
  for (const conformance::Finding& finding : findings) {
    if (finding.verdict.kind == conformance::Verdict::Kind::broken) return ExitCode::needs_person;
  }
  return clean;
}

}  // namespace dovetail::tools
