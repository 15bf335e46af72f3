// mapcheck test FILES: runs the `test` blocks of maps through the engine's own interpreter.
#include <fmt/core.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include "dsl/test/report.hpp"
#include "dsl/test/rule_text.hpp"
#include "tools/mapcheck/compiled.hpp"

namespace dovetail::mapcheck {
namespace {

struct Options {
  std::vector<std::string> files;
  bool quiet = false;
  bool strict = false;
};

void run_tests(const std::string& file, const Options& options, Session& session) {
  const auto map = compile_map(file, session);
  if (!map) return;
  if (!map->tables) return fail(session, could_not_run, map->tables.error().what);
  const dsl::TestContext context{.tables = &*map->tables, .text_from = [&map](const ir::Origin& origin) {
                                   return dsl::text_from(map->loaded, origin);
                                 }};
  const auto coverage = dsl::run_all(*map->result.rules, map->result.tests, context);
  const bool colour = ::isatty(STDOUT_FILENO) != 0 && std::getenv("NO_COLOR") == nullptr;
  fmt::print("{}", dsl::to_text(coverage, file, {.colour = colour, .quiet = options.quiet}));
  const bool bare = std::ranges::any_of(coverage.rules, [](const auto& rule) { return !rule.tested; });
  if (dsl::failed(coverage) != 0 || (options.strict && (bare || dsl::vacuous(coverage) != 0)))
    session.exit = std::max(session.exit, needs_person);
}

}  // namespace

void add_test(CLI::App& app, Session& session) {
  auto* command = app.add_subcommand("test", "run the tests that maps carry");
  command->footer(
      "Each test is planned and carried out by the same engine as a real run; synthetic identifiers are allowed.\n"
      "Then every rule is taken away in turn: a rule without which no test fails is listed as `bare`, and a test that\n"
      "passes whatever is taken away as `vain`. Exit code 1: a test failed (--strict: or a rule is bare, or a test "
      "vain).");
  static Options options;
  command->add_option("FILES", options.files, "maps, or names of maps that came with the product")->required();
  command->add_flag("-q,--quiet", options.quiet, "only what needs a person, and the totals");
  command->add_flag("--strict", options.strict, "bare rules and vain tests fail, too");
  command->callback([&session] {
    for (const std::string& file : options.files) run_tests(file, options, session);
  });
}

}  // namespace dovetail::mapcheck
