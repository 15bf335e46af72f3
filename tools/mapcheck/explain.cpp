// mapcheck explain CODE: what a check is about.
#include <fmt/core.h>

#include <cstdio>
#include <memory>
#include <string>

#include "dsl/diagnostic.hpp"
#include "tools/mapcheck/subcommands.hpp"

namespace dovetail::mapcheck {

void add_explain(CLI::App& app, Session& session) {
  auto* command = app.add_subcommand("explain", "say what a check is about");
  auto code = std::make_shared<std::string>();
  command->add_option("CODE", *code, "a check's name, as in error[CODE]")->required();
  command->callback([code, &session] {
    const dsl::DiagnosticKind* found = dsl::find_diagnostic(*code);
    if (found == nullptr) {
      fmt::print(stderr, "mapcheck: there is no check `{}`; `mapcheck rules` lists them\n", *code);
      session.exit = could_not_run;
      return;
    }
    fmt::print("{}[{}]: {}\n", dsl::name(found->severity), found->name, found->summary);
  });
}

}  // namespace dovetail::mapcheck
