// The tokens, and the rules that keep the parser going: what every rule of the grammar is made of.
// White space: a token takes the blanks after it, and the line break too where the next line goes on this one.
#pragma once

#include <tao/pegtl.hpp>

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <string>
#include <string_view>
#include <utility>

#include "dsl/diagnostic.hpp"
#include "dsl/grammar/characters.hpp"
#include "dsl/grammar/words.hpp"

// NOLINTBEGIN(readability-identifier-naming): rules are named as in docs/grammar.ebnf.
namespace dovetail::dsl::grammar {

namespace p = tao::pegtl;

template <std::size_t N>
struct Word {
  char letters[N];
  consteval Word(const char (&text)[N]) { std::copy_n(text, N, letters); }  // NOLINT(google-explicit-constructor)
  constexpr std::string_view view() const { return {letters, N - 1}; }
};

// The word in backticks, for messages.
template <Word W>
struct Quoted {
  char letters[W.view().size() + 2];
  constexpr Quoted() : letters{} {
    letters[0] = letters[W.view().size() + 1] = '`';
    std::copy_n(W.letters, W.view().size(), letters + 1);
  }
  constexpr std::string_view view() const { return {letters, W.view().size() + 2}; }
};
template <Word W>
inline constexpr Quoted<W> quoted_word;

// A token: the rule, then what may stand behind it. Does not match while an item is broken.
template <typename Rule>
struct token {
  using rule_t = token;
  using subs_t = p::type_list<Rule>;

  template <p::apply_mode A, p::rewind_mode, template <typename...> class Action, template <typename...> class Control,
            typename Input, typename State>
  [[nodiscard]] static bool match(Input& in, State& state) {
    if (state.panic) return false;
    const char* from = in.current();
    if (!Control<Rule>::template match<A, p::rewind_mode::required, Action, Control>(in, state)) return false;
    state.token(from, in.current());
    in.iterator() = state.layout.after_token(in.current());
    return true;
  }
};

// The word itself, with the letters' boundary.
template <Word W>
struct letters {
  using rule_t = letters;
  using subs_t = p::empty_list;

  template <p::apply_mode, p::rewind_mode, template <typename...> class, template <typename...> class, typename Input,
            typename State>
  [[nodiscard]] static bool match(Input& in, State& state) {
    constexpr std::string_view word = W.view();
    const char* at = in.current();
    const auto left = static_cast<std::size_t>(in.end() - at);
    if (left >= word.size() && std::equal(word.begin(), word.end(), at) &&
        (left == word.size() || !is_word(at[word.size()]))) {
      in.bump(word.size());
      return true;
    }
    if (!state.assumed.empty() && state.assumes(at, word)) {
      in.bump(static_cast<std::size_t>(word_end(at, in.end()) - at));
      return true;
    }
    return false;
  }
};

// Keywords that are followed by no name: the same word again is a slip.
constexpr bool is_never_doubled(std::string_view word) {
  constexpr std::string_view words[] = {
      "unique", "cannot",  "unset",   "update",     "in",       "max",     "min",     "length", "valid",   "all",
      "parts",  "filled",  "using",   "via",        "then",     "match",   "by",      "else",   "propose", "conflict",
      "ask",    "suggest", "on",      "create",     "whenever", "is",      "written", "add",    "missing", "never",
      "remove", "only",    "changes", "activation", "when",     "stay",    "lock",    "refuse", "if",      "changed",
      "expect", "blocked", "held",    "push",       "taking",   "step",    "read",    "write",  "wire",    "version",
      "syntax", "from",    "field",   "either",     "or",       "section", "test",    "support"};
  return std::ranges::find(words, word) != std::end(words);
}

// The keyword before once more. `Always`: also where the list does not tell.
template <Word W, bool Always = false>
struct doubled {
  using rule_t = doubled;
  using subs_t = p::empty_list;

  template <p::apply_mode, p::rewind_mode, template <typename...> class, template <typename...> class, typename Input,
            typename State>
  [[nodiscard]] static bool match(Input& in, State& state) {
    if constexpr (Always || is_never_doubled(W.view())) {
      const char* at = in.current();
      if (state.panic || state.word(at) != W.view()) return true;
      const char* end = at + W.view().size();
      const char* next = state.layout.blanks(end);
      const bool is_name = next < in.end() && std::string_view("<-.[=").find(*next) != std::string_view::npos;
      if (is_name) return true;
      state.reporter.add(DiagnosticId::unexpected_token, state.reporter.span(at, end),
                         std::string(quoted_word<W>.view()) + " stands twice", "remove one of the two",
                         {{state.reporter.span(at, next), ""}});
      state.last_end = end;
      in.iterator() = state.layout.after_token(end);
    }
    return true;
  }
};

// A keyword.
template <Word W>
struct kw : p::seq<token<letters<W>>, doubled<W>> {
  static constexpr std::string_view word = W.view();
};

// The keyword that starts an item.
template <typename Item, Word W>
struct starts : kw<W> {};

// A keyword where a name or path may stand too: before an arrow, `.`, `[` or `=` it is the author's.
template <Word W>
struct open_kw : p::seq<p::at<letters<W>>,
                        p::not_at<p::identifier, p::star<p::blank>,
                                  p::sor<p::string<'<', '-'>, p::string<'-', '>'>, p::one<'.', '[', '='>>>,
                        kw<W>> {
  static constexpr std::string_view word = W.view();
};

// A keyword that must stand here: a misspelt one is reported and taken for it.
template <Word W>
struct misspelt {
  using rule_t = misspelt;
  using subs_t = p::empty_list;

  template <p::apply_mode, p::rewind_mode, template <typename...> class, template <typename...> class, typename Input,
            typename State>
  [[nodiscard]] static bool match(Input& in, State& state) {
    const std::string_view written = state.word(in.current());
    const std::string_view word = W.view();
    if (state.panic || written.empty() || nearest(written, {&word, 1}).empty()) return false;
    state.reporter.unknown_keyword(written, word, {}, {});
    state.token(in.current(), in.current() + written.size());
    in.iterator() = state.layout.after_token(in.current() + written.size());
    return true;
  }
};
template <Word W>
struct need : p::sor<kw<W>, misspelt<W>> {};

// One character, or what is pasted in its place.
template <char C>
struct character {
  using rule_t = character;
  using subs_t = p::empty_list;

  template <p::apply_mode, p::rewind_mode, template <typename...> class, template <typename...> class, typename Input,
            typename State>
  [[nodiscard]] static bool match(Input& in, State& state) {
    if (in.empty()) return false;
    const char* at = in.current();
    if (C == '=' && *at == ':') {
      const Span place = state.reporter.span(at, at + 1);
      state.reporter.add(DiagnosticId::unexpected_token, place, "found `:` instead of `=`", "write `=`",
                         {{place, " ="}});
      in.bump(1);
      return true;
    }
    if (*at == C) {
      const bool twice = C == '=' && in.size() > 1 && at[1] == C;
      if (twice) {
        const Span place = state.reporter.span(at, at + 2);
        state.reporter.add(DiagnosticId::unexpected_token, place, "found `==` instead of `=`", "write `=`",
                           {{place, "="}});
      }
      in.bump(twice ? 2 : 1);
      return true;
    }
    const Lookalike* found = find_lookalike(at, in.end());
    if (found == nullptr || found->meant.size() != 1 || found->meant.front() != C) return false;
    const char* end = at + found->bytes.size();
    state.reporter.lookalike(at, end, found->meant,
                             std::string(found->called) + " instead of `" + std::string(found->meant) + "`");
    in.bump(found->bytes.size());
    return true;
  }
};
template <char C>
struct sym : token<character<C>> {};

// An opening bracket: to its closing one, line breaks do not count.
template <char C>
struct opening {
  using rule_t = opening;
  using subs_t = p::type_list<character<C>>;

  template <p::apply_mode A, p::rewind_mode M, template <typename...> class Action,
            template <typename...> class Control, typename Input, typename State>
  [[nodiscard]] static bool match(Input& in, State& state) {
    ++state.layout.parentheses;
    if (Control<sym<C>>::template match<A, M, Action, Control>(in, state)) return true;
    --state.layout.parentheses;
    return false;
  }
};
// Its closing one. What stands behind a `]` belongs to the path.
template <char C>
struct closing {
  using rule_t = closing;
  using subs_t = p::type_list<character<C>>;

  template <p::apply_mode A, p::rewind_mode M, template <typename...> class Action,
            template <typename...> class Control, typename Input, typename State>
  [[nodiscard]] static bool match(Input& in, State& state) {
    if (state.panic) return false;
    const int open = state.layout.parentheses;
    if (open > 0) state.layout.parentheses = open - 1;
    if (Control<std::conditional_t<C == ']', character<C>, sym<C>>>::template match<A, M, Action, Control>(in, state)) {
      return true;
    }
    state.layout.parentheses = open;
    return false;
  }
};

// What stands before a block: where it is broken, the parser goes on at the block.
struct mended_head {
  using rule_t = mended_head;
  using subs_t = p::empty_list;

  template <p::apply_mode, p::rewind_mode, template <typename...> class, template <typename...> class, typename Input,
            typename State>
  [[nodiscard]] static bool match(Input& in, State& state) {
    in.iterator() = state.mend_head(in.current());
    return true;
  }
};

// items<CONTEXT, ITEM> = { ITEM }: to the block's or file's end, come what may. An item ends with its line, with a
// comma or before the closing brace.
template <Context C, typename Item>
struct items {
  using rule_t = items;
  using subs_t = p::type_list<Item>;

  template <p::apply_mode A, p::rewind_mode, template <typename...> class Action, template <typename...> class Control,
            typename Input, typename State>
  [[nodiscard]] static bool match(Input& in, State& state) {
    bool* const container = state.broken;
    for (;;) {
      in.iterator() = state.layout.gap(in.current());
      if (state.ends_block(in.current())) return true;
      const char* const item = in.current();
      state.item_begin = item;
      const std::size_t mistakes = state.mistakes;
      const std::size_t assumptions = state.assumed.size();
      const bool known = Control<Item>::template match<A, p::rewind_mode::required, Action, Control>(in, state);
      state.broken = container;
      if (state.mistakes != mistakes) *container = true;
      const char* next = known ? state.after_item(in.current(), item, C) : state.bad_item(in.current(), C);
      // An item is read again only with one more assumption, of which there are few: so the loop ends.
      if (next <= item && state.assumed.size() <= assumptions) next = character_end(item, in.end());
      in.iterator() = next;
    }
  }
};

// block<CONTEXT, ITEM> = "{" { ITEM } "}"
template <Context C, typename Item>
struct block {
  using rule_t = block;
  using subs_t = p::type_list<p::one<'{'>, items<C, Item>>;

  template <p::apply_mode A, p::rewind_mode M, template <typename...> class Action,
            template <typename...> class Control, typename Input, typename State>
  [[nodiscard]] static bool match(Input& in, State& state) {
    const bool brace = state.block_follows(in.current()) || state.bracket_for_brace(in.current(), C);
    if (state.panic || !(brace || state.brace_missing(in.current(), C))) return false;
    if (state.too_deep()) {
      in.iterator() = state.skip_deep_block(in.current());
      return true;
    }
    const char* const item = state.item_begin;
    auto assumed = std::exchange(state.assumed, {});
    in.iterator() = brace ? state.open_block(in.current(), C) : state.open_missing_brace(in.current(), C);
    (void)Control<items<C, Item>>::template match<A, M, Action, Control>(in, state);
    in.iterator() = state.close_block(in.current());
    state.item_begin = item;
    state.assumed = std::move(assumed);
    return true;
  }
};

}  // namespace dovetail::dsl::grammar
// NOLINTEND(readability-identifier-naming)
