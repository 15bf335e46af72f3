// Where the checks say what they found, and how they word it.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "dsl/check/similar.hpp"
#include "dsl/diagnostic.hpp"
#include "dsl/load.hpp"
#include "engine/ir/schema.hpp"

namespace dovetail::dsl {

class Report {
 public:
  explicit Report(std::vector<Diagnostic>& diagnostics) : diagnostics_(diagnostics) {}

  void add(Diagnostic&& diagnostic) { diagnostics_.push_back(std::move(diagnostic)); }

  // Adds "there is `…` with a similar name" where a candidate is near, with a fix that replaces `written` by it.
  // Only so often in one run: a file of a million mistakes needs no million guesses.
  using Candidates = std::function<std::vector<std::string_view>()>;
  void add_with_similar(Diagnostic&& diagnostic, Span written_span, std::string_view written,
                        const Candidates& candidates);

 private:
  std::vector<Diagnostic>& diagnostics_;
  int suggestions_left_ = 300;
};

// `text` in backticks.
std::string quoted(std::string_view text);
// Names in backticks: "`a`", "`a` and `b`", "`a`, `b` and 3 more".
std::string listed(std::span<const std::string_view> names, std::size_t most = 6);

ir::Origin origin_of(const SourceFile& file, Span span);
// The text at `span` with its blanks and line breaks folded to single blanks.
std::string written_text(const SourceFile& file, Span span);

}  // namespace dovetail::dsl
