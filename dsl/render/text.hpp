// Diagnostics as text for people: the line, what is underlined in it, the other ends, notes and help.
#pragma once

#include <span>
#include <string>

#include "dsl/diagnostic.hpp"

namespace dovetail::dsl {

struct TextOptions {
  bool color = false;         // ANSI colours
  std::size_t columns = 140;  // longer source lines are shown around what is underlined
};

// One diagnostic, with its trailing line break. Characters that could move a terminal are replaced.
std::string to_text(const Diagnostic& diagnostic, const TextOptions& options = {});

// All of them in this order, an empty line between two.
std::string to_text(std::span<const Diagnostic> diagnostics, const TextOptions& options = {});

// "2 errors, 1 warning"; "nothing found" if there are none.
std::string summary(std::span<const Diagnostic> diagnostics);

}  // namespace dovetail::dsl
