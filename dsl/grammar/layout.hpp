// What stands between the tokens: blanks, line breaks, comments, and which line goes on the one before.
// Collects the trivia, the `##` blocks and the suppressions on the way, each once, however often the parser looks.
#pragma once

#include <string_view>
#include <vector>

#include "dsl/grammar/reporter.hpp"
#include "dsl/syntax/ast.hpp"

namespace dovetail::dsl::grammar {

class Layout {
 public:
  Layout(std::string_view text, Reporter& reporter, ast::File& file);

  // After blanks in the line. Characters that only look like blanks are reported and count as such.
  const char* blanks(const char* at);
  // After blanks, line breaks and comments.
  const char* gap(const char* at);
  // Where the next token of the item is: on the same line, or on a later one that goes on this one. Otherwise the
  // line break, comment or end where the line ends.
  const char* after_token(const char* at);
  // True if a line that starts here goes on the one before.
  bool continues(const char* at) const;

  // The `##` block that stands directly before the item that starts here; empty: none.
  ast::Doc take_doc(const char* item);
  // Sorts out what is left when the text is read: `##` blocks that stand before nothing, what suppressions cover.
  void finish();

  // How far the first character of this place's line is indented; `first`: only blanks stand before the place.
  struct Indent {
    std::uint32_t width = 0;
    bool first = false;
  };
  Indent indent(const char* at) const;

  bool schema = false;  // the file is one: lines that start with a modifier go on the one before
  std::vector<const char*> taken_for_continuation;  // lines whose first word is misspelt
  int parentheses = 0;                              // open ones: in them line breaks do not count

 private:
  Offset offset(const char* at) const { return static_cast<Offset>(at - begin_); }
  bool ends_line(const char* at) const;
  const char* comment(const char* at);
  void doc_line(const char* at, const char* end);
  void end_of_doc();
  void drop_pending();
  void add(ast::Trivia::Kind kind, const char* begin, const char* end);

  const char* begin_;
  const char* end_;
  Reporter& reporter_;
  ast::File& file_;
  const char* gap_begin_ = nullptr;  // the gap that was looked at last
  const char* gap_end_ = nullptr;
  const char* seen_;        // trivia before this are collected
  const char* blank_seen_;  // lookalikes before this are reported
  struct Line {
    const char* begin = nullptr;
    const char* seen = nullptr;  // no line break between the two
    const char* text = nullptr;  // its first character that is no blank
    std::uint32_t width = 0;     // of the blanks before
  };
  mutable Line line_;  // that was asked for last
  ast::Doc doc_;       // being collected
  ast::Doc pending_;   // stands directly before …
  const char* pending_for_ = nullptr;
  bool taken_ = false;
};

// The bytes of a character that only looks like a blank (no-break space and its kind); 0: it is none.
std::size_t blank_lookalike(const char* at, const char* end);

}  // namespace dovetail::dsl::grammar
