// mapcheck explain CODE: what a check is about, with a bad and a good example.
#include <fmt/core.h>

#include <cstdio>
#include <memory>
#include <string>
#include <vector>

#include "dsl/diagnostic.hpp"
#include "dsl/grammar/words.hpp"
#include "tools/mapcheck/checks_page.hpp"
#include "tools/mapcheck/subcommands.hpp"

namespace dovetail::mapcheck {
namespace {

// The page's section of that check, without its heading; empty: the page has none.
std::string_view section_of(std::string_view check) {
  const std::string_view page = checks_page();
  const std::string heading = fmt::format("\n### {}\n", check);
  const std::size_t from = page.find(heading);
  if (from == std::string_view::npos) return {};
  const std::string_view rest = page.substr(from + heading.size());
  return rest.substr(0, std::min(rest.find("\n### "), rest.find("\n## ")));
}

// As a terminal shows it: code is indented instead of fenced.
std::string plain(std::string_view section) {
  std::string text;
  bool code = false;
  for (std::size_t at = 0; at < section.size();) {
    const std::size_t end = std::min(section.find('\n', at), section.size());
    const std::string_view line = section.substr(at, end - at);
    at = end + 1;
    if (line.starts_with("```")) {
      code = !code;
      continue;
    }
    if (text.empty() && line.empty()) continue;
    text += code && !line.empty() ? "    " : "";
    text.append(line).append("\n");
  }
  while (text.ends_with("\n\n")) text.pop_back();
  return text;
}

std::string similar(const std::string& code) {
  std::vector<std::string_view> names;
  for (const dsl::DiagnosticKind& one : dsl::diagnostic_kinds()) names.push_back(one.name);
  const std::string_view nearest = dsl::grammar::nearest(code, names);
  return nearest.empty() ? "" : fmt::format("; did you mean `{}`?", nearest);
}

}  // namespace

void add_explain(CLI::App& app, Session& session) {
  auto* command = app.add_subcommand("explain", "say what a check is about, with a bad and a good example");
  auto code = std::make_shared<std::string>();
  command->add_option("CODE", *code, "a check's name, as in error[CODE]")->required();
  command->footer("\nExample:\n  mapcheck explain unknown-path\n\n`mapcheck rules` lists all checks.");
  command->callback([code, &session] {
    const dsl::DiagnosticKind* found = dsl::find_diagnostic(*code);
    if (found == nullptr) {
      fmt::print(stderr, "mapcheck: there is no check `{}`{}\nmapcheck: `mapcheck rules` lists them\n", *code,
                 similar(*code));
      session.exit = could_not_run;
      return;
    }
    const std::string section = plain(section_of(found->name));
    fmt::print("{}[{}]\n", dsl::name(found->severity), found->name);
    fmt::print("{}", section.empty() ? fmt::format("{}\n", found->summary) : section);
  });
}

}  // namespace dovetail::mapcheck
