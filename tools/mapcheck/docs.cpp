// mapcheck docs FILE: the documentation of an integration, drawn from its map.
#include <cstdio>
#include <string>

#include "dsl/docs/describe.hpp"
#include "tools/mapcheck/compiled.hpp"

namespace dovetail::mapcheck {
namespace {

struct Options {
  std::string file;
  std::string format = "markdown";
};

void print_documentation(const Options& options, Session& session) {
  const auto map = compile_map(options.file, session);
  if (!map) return;
  const dsl::Document document = dsl::describe(*map->result.rules);
  const std::string text = options.format == "html" ? dsl::to_html(document) : dsl::to_markdown(document);
  if (std::fwrite(text.data(), 1, text.size(), stdout) == text.size() && std::fflush(stdout) == 0) return;
  std::perror("mapcheck: standard output");
  session.exit = could_not_run;
}

}  // namespace

void add_docs(CLI::App& app, Session& session) {
  auto* command = app.add_subcommand("docs", "print an integration's documentation, drawn from its map");
  command->footer(
      "Set-up steps, settings, features, the table of supported fields with its rules, and the map's own sections.\n"
      "  mapcheck docs rules/netvisor.map > netvisor.md\n"
      "  mapcheck docs netvisor --format html > netvisor.html");
  static Options options;
  command->add_option("FILE", options.file, "a map, or the name of one that came with the product")->required();
  command->add_option("--format", options.format, "markdown, or html: one page that needs nothing else")
      ->check(CLI::IsMember({"markdown", "html"}));
  command->callback([&session] { print_documentation(options, session); });
}

}  // namespace dovetail::mapcheck
