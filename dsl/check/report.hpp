// Where the checks say what they found, and how they word it.
#pragma once

#include <array>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "dsl/check/similar.hpp"
#include "dsl/diagnostic.hpp"
#include "dsl/load.hpp"
#include "engine/ir/schema.hpp"

namespace dovetail::dsl {

class Suppressions;

class Report {
 public:
  // What `suppressions` cover is dropped.
  explicit Report(std::vector<Diagnostic>& diagnostics, Suppressions* suppressions = nullptr)
      : diagnostics_(diagnostics), suppressions_(suppressions) {}

  // Kept, or past most_shown of one severity only counted.
  void add(Diagnostic&& diagnostic);
  // Says how many were only counted. Call it once, at the end; what was kept may have been reordered.
  void finish();

  // Adds "there is `…` with a similar name" where a candidate is near, with a fix that replaces `written` by it.
  // Only so often in one run: a file of a million mistakes needs no million guesses.
  using Candidates = std::function<std::vector<std::string_view>()>;
  // False after so many guesses that another would cost too much.
  bool may_guess() const { return suggestions_left_ > 0; }
  void add_with_similar(Diagnostic&& diagnostic, Span written_span, std::string_view written,
                        const Candidates& candidates);

 private:
  struct Count {
    std::size_t kept = 0, left_out = 0;
  };
  std::vector<Diagnostic>& diagnostics_;
  Suppressions* suppressions_;
  std::array<Count, 4> counts_;  // by Severity
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
