#include "tools/dovetail/diagnostics_text.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <vector>

#include "dsl/render/text.hpp"

namespace dovetail::tools {

void print_diagnostics(std::span<const dsl::Diagnostic> diagnostics, std::string_view color) {
  std::vector<dsl::Diagnostic> worth;
  std::ranges::copy_if(diagnostics, std::back_inserter(worth),
                       [](const dsl::Diagnostic& found) { return found.severity <= dsl::Severity::warning; });
  if (worth.empty()) return;
  dsl::TextOptions options;
  options.color = color == "always" || (color == "auto" && ::isatty(STDERR_FILENO) == 1);
  fmt::print(stderr, "{}\n", dsl::to_text(worth, options));
}

}  // namespace dovetail::tools
