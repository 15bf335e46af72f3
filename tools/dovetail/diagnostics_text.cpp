#include "tools/dovetail/diagnostics_text.hpp"

#include <fmt/format.h>

#include "tools/dovetail/terminal.hpp"

namespace dovetail::tools {

void print_diagnostics(std::span<const dsl::Diagnostic> diagnostics, std::string_view) {
  for (const dsl::Diagnostic& found : diagnostics) {
    if (found.severity > dsl::Severity::warning) continue;
    const dsl::Place place = found.primary.file->place(found.primary.span.begin);
    fmt::print(stderr, "{}[{}]: {}\n  --> {}:{}:{}\n", dsl::name(found.severity), dsl::name(found.id),
               printable(found.message), found.primary.file->name(), place.line, place.column);
    if (!found.help.empty()) fmt::print(stderr, "   = help: {}\n", printable(found.help));
  }
}

}  // namespace dovetail::tools
