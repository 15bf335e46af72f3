// Turns what the parser meets into diagnostics of syntax: at most one at a place, and a bounded number in all.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "dsl/diagnostic.hpp"
#include "dsl/grammar/words.hpp"

namespace dovetail::dsl::grammar {

class Reporter {
 public:
  Reporter(const SourceFile& source, std::vector<Diagnostic>& diagnostics)
      : source_(source), text_(source.text()), diagnostics_(diagnostics), first_(diagnostics.size()) {}

  const SourceFile& source() const { return source_; }
  Offset offset(const char* at) const { return static_cast<Offset>(at - text_.data()); }
  Span span(const char* begin, const char* end) const { return {offset(begin), offset(end)}; }

  // The diagnostic is dropped if one of the same kind of mistake stands at its place already.
  void add(Diagnostic diagnostic);
  void add(DiagnosticId id, Span span, std::string message, std::string help = {}, std::vector<Edit> edits = {});

  // "found `x` instead of WHAT", at the smallest place. `last` is where the token before ended: that is the place if
  // the line ends after it.
  void unexpected(const char* at, const char* last, std::string_view what, std::string_view help, bool line_ended);
  // A word that is none of `words`, but perhaps means `meant` (empty: none is near).
  void unknown_keyword(std::string_view written, std::string_view meant, std::string_view where, std::string help);
  // A character that only looks like `right`.
  void lookalike(const char* at, const char* end, std::string_view right, std::string message);

  // Mistakes are only counted from here on: messages need not be made.
  bool full() const;
  // One more mistake, of which no message is made. A place counts once.
  void leave_out(const char* at) { leave_out(offset(at)); }

  // What stands here, for messages: "`word`", "the end of the line", "text \"…\"".
  std::string found(const char* at) const;
  // The span of what stands here.
  Span found_span(const char* at) const;

  // Forgets everything reported so far, for another attempt.
  void restart();
  // Says how many mistakes were only counted. Call it once, at the end.
  void finish();

 private:
  void leave_out(Offset at);

  const SourceFile& source_;
  std::string_view text_;
  std::vector<Diagnostic>& diagnostics_;
  std::size_t first_;
  Offset last_unexpected_ = UINT32_MAX;
  std::unordered_set<std::uint64_t> known_;  // places and ids
  std::size_t left_out_ = 0;
  Offset last_left_out_ = 0;
};

}  // namespace dovetail::dsl::grammar
