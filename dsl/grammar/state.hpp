// What the grammar's rules share while they read one file: where they are, what is broken, which blocks are open.
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "dsl/grammar/layout.hpp"
#include "dsl/grammar/reporter.hpp"
#include "dsl/grammar/words.hpp"
#include "dsl/syntax/ast.hpp"

namespace dovetail::dsl::grammar {

// What a rule must find, for the message when it is not there.
struct Expectation {
  std::string_view what;  // "an arrow"; empty: nobody may need the message
  std::string_view help;
};

class State {
 public:
  State(const SourceFile& source, Reporter& reporter, ast::File& file);

  Offset offset(const char* at) const { return static_cast<Offset>(at - begin); }
  std::string_view rest(const char* at) const { return {at, static_cast<std::size_t>(end - at)}; }
  std::string_view word(const char* at) const;  // that starts here; empty: none

  // A token was read.
  void token(const char* from, const char* to) {
    token_begin = from;
    last_end = to;
  }

  bool assumes(const char* at, std::string_view meant) const;
  // Reports the word, and has the item read again with what it most likely means. False: nothing of `words` is near.
  bool assume(const char* at, std::span<const std::string_view> words, std::string_view where);

  // Called where a rule fails that can't be done without. The first failure in an item is the mistake: it is
  // reported, and every token fails from here to where the item ends, so that nothing is said about it twice.
  void missing(const char* at, const Expectation& expected);
  void missing_arrow(const char* at, const Expectation& expected);
  // The item is not understood wholly; the reason is reported.
  void mark_broken();
  // The same, and the rest of it is not looked at.
  void fail();

  // After a failure in what stands before a block: to its `{`, or to where the item ends.
  const char* mend_head(const char* at);
  // To where the item ends: its line's end, a comma, a closing brace. Blocks are stepped over whole.
  const char* end_of_item(const char* at, bool stop_at_brace = false);

  // What stands here where an item should start starts none. Returns where to go on: at the same place if it is
  // now taken for the word it most likely means.
  const char* bad_item(const char* at, Context context);
  // After an item. Reports what stands there if it is not the item's end.
  const char* after_item(const char* at, const char* item, Context context);

  bool ends_item(const char* at) const;
  bool is_next_shape(const char* at) const;
  void behind_item(const char* at, Context context);
  void check_end_of_item();
  bool assume_continuation(const char* at);

  // Blocks. `open_block` steps over the `{`, which must stand on the line where the token before it ends.
  bool block_follows(const char* at) const;
  bool brace_missing(const char* at, Context inside);
  // True if another bracket opens the block: the last character of its line.
  bool bracket_for_brace(const char* at, Context inside);
  const char* open_missing_brace(const char* at, Context context);
  const char* open_block(const char* at, Context context);
  // True at the block's `}`, at the end of the file, and before an item that can't belong into the block.
  bool ends_block(const char* at);
  const char* close_block(const char* at);
  // Too many blocks in one another: reports it, and steps over this one.
  bool too_deep() const { return blocks.size() >= deepest; }
  const char* skip_deep_block(const char* at);

  // Tokens that need more than a look. Each returns its end, and leaves what was read in the registers below.
  const char* read_odd_word(const char* at);  // in backticks, or with letters that are none; `at`: no word
  const char* read_figures(const char* at);   // a number or date; others are reported and taken for one
  const char* read_arrow(const char* at);     // `at`: no arrow; those of other languages are reported
  void read_number(const char* at, const char* to);
  const char* skip_text(const char* at) const;  // behind the text that starts with a quote here, or to its line's end
  // Resolves the text that starts with a quote here. Returns its end.
  const char* read_text(const char* at, std::string_view& text);

  static constexpr std::size_t deepest = 16;

  struct Block {
    const char* brace;
    std::uint32_t indent;  // of the line that opens it
    Context context;
    bool flush = false;  // its items are not indented
    bool empty = true;
    bool assumed = false;   // its brace is missing, and so may be the closing one
    char other_end = '\0';  // closes it too, where another bracket stands for its brace
  };

  const char* const begin;
  const char* const end;
  Reporter& reporter;
  ast::File& file;
  Layout layout;
  bool panic = false;                  // an item is broken: no token matches until its end
  bool* broken = nullptr;              // of the innermost item
  bool unbalanced = false;             // the file has a block that is never closed: indentation tells which
  bool surplus = false;                // the file has a brace too many: indentation tells which
  bool stray_brace = false;            // a brace closed nothing
  bool ended_in_block = false;         // the file ended in an open block
  std::size_t mistakes = 0;            // how often an item was found to be broken
  bool pair_in_line = false;           // the field has its pair before its braces
  bool retry = false;                  // read the item again, with `assumed`
  const char* token_begin;             // the token that was read last
  const char* last_end;                //
  const char* closed_early = nullptr;  // the item here belongs outside of a block that was never closed
  const char* item_begin = nullptr;    // the innermost item's
  struct Assumption {
    const char* at;
    std::string_view word;
  };
  std::vector<Assumption> assumed;  // the misspelt words of the item, and what they are taken for
  bool single_name = false;         // the path that was read last is a single word
  std::string_view name_text;       // of the name that was read last
  const char* name_begin = nullptr;
  const char* name_end = nullptr;
  bool name_quoted = false;  // it stands in backticks
  bool figures_are_date = false;
  std::string_view figures_text;
  std::uint32_t number_value = 0;
  ast::Arrow::Kind arrow_kind = ast::Arrow::Kind::both;
  std::string_view text_value;  // of the text that was read last
  std::vector<Block> blocks;
  std::vector<Context> contexts;  // of the open blocks, after that of the file

 private:
  const char* skip_block(const char* at);
  bool has_odd_quotes(const char* at);
  struct Quotes {
    const char* from;      // of one line: what was looked at begins here
    const char* at;        // the count is of the quotes from here …
    const char* line_end;  // … to here
    std::ptrdiff_t count;
  } quotes_ = {nullptr, nullptr, nullptr, 0};
  bool is_surplus(const char* at, const Block& block, Layout::Indent indent) const;
  bool belongs_outside(std::string_view word, Layout::Indent indent) const;
  void unclosed(const Block& block, const char* before);
};

}  // namespace dovetail::dsl::grammar
