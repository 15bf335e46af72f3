// mapcheck rules: every check by name.
#include <fmt/core.h>

#include "dsl/diagnostic.hpp"
#include "tools/mapcheck/subcommands.hpp"

namespace dovetail::mapcheck {

void add_rules(CLI::App& app, Session&) {
  auto* command = app.add_subcommand("rules", "list every check: its severity, its fix and what it is about");
  command->callback([] {
    for (const dsl::DiagnosticKind& one : dsl::diagnostic_kinds()) {
      fmt::print("{:<9} {:<28} {:<10} {}\n", dsl::name(one.severity), one.name,
                 one.fix == dsl::FixKind::none ? std::string_view{} : dsl::name(one.fix), one.summary);
    }
  });
}

}  // namespace dovetail::mapcheck
