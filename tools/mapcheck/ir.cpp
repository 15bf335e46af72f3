// mapcheck ir FILE: the checked rules, as stable text or JSON.
#include <cstdio>
#include <string>

#include "dsl/ir_text/rules_tree.hpp"
#include "tools/mapcheck/compiled.hpp"

namespace dovetail::mapcheck {
namespace {

struct Options {
  std::string file;
  std::string format = "text";
};

void print_rules(const Options& options, Session& session) {
  const auto map = compile_map(options.file, session);
  if (!map) return;
  const dsl::Tree tree = dsl::rules_tree(*map->result.rules);
  const std::string text = options.format == "json" ? dsl::to_json(tree) : dsl::to_text(tree);
  if (std::fwrite(text.data(), 1, text.size(), stdout) == text.size() && std::fflush(stdout) == 0) return;
  std::perror("mapcheck: standard output");
  session.exit = could_not_run;
}

}  // namespace

void add_ir(CLI::App& app, Session& session) {
  auto* command = app.add_subcommand("ir", "print the checked rules of a map, with every name resolved");
  command->footer(
      "The same rules print the same text: compare two versions with diff. The format: docs/formats.md.\n"
      "  mapcheck ir rules/netvisor.map\n"
      "  mapcheck ir netvisor --format json");
  static Options options;
  command->add_option("FILE", options.file, "a map, or the name of one that came with the product")->required();
  command->add_option("--format", options.format, "text or json")->check(CLI::IsMember({"text", "json"}));
  command->callback([&session] { print_rules(options, session); });
}

}  // namespace dovetail::mapcheck
