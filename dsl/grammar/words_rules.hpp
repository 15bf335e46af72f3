// The tokens that carry what the author chose: names, texts, numbers, dates, arrows.
#pragma once

#include "dsl/grammar/tokens.hpp"
#include "dsl/syntax/ast.hpp"

// NOLINTBEGIN(readability-identifier-naming): rules are named as in docs/grammar.ebnf.
namespace dovetail::dsl::grammar {

// word = letter { letter | digit | "_" } | "`" letter { letter | digit | "_" } "`"
struct word {
  using rule_t = word;
  using subs_t = p::empty_list;

  template <typename Input, typename State>
  [[nodiscard]] static bool read(Input& in, State& state) {
    const char* at = in.current();
    if (at == in.end()) return false;
    const char* end = word_end(at, in.end());
    if (is_letter(*at) && (end == in.end() || !is_high(*end))) {
      state.name_text = {at, static_cast<std::size_t>(end - at)};
      state.name_quoted = false;
    } else if (*at == '`' || is_letter(*at) || is_high(*at)) {
      end = state.read_odd_word(at);
      if (end == at) return false;
    } else {
      return false;
    }
    state.name_begin = at;
    state.name_end = end;
    in.iterator() = end;
    return true;
  }

  template <p::apply_mode, p::rewind_mode, template <typename...> class, template <typename...> class, typename Input,
            typename State>
  [[nodiscard]] static bool match(Input& in, State& state) {
    return read(in, state);
  }
};

// name = word
struct name : token<word> {};

// dotted_name = word { "." word }
struct dotted {
  using rule_t = dotted;
  using subs_t = p::empty_list;

  template <p::apply_mode, p::rewind_mode, template <typename...> class, template <typename...> class, typename Input,
            typename State>
  [[nodiscard]] static bool match(Input& in, State& state) {
    if (!word::read(in, state)) return false;
    const char* at = in.current();
    while (at + 1 < in.end() && *at == '.' && is_letter(at[1])) at = word_end(at + 1, in.end());
    if (at != in.current()) {
      const char* from = state.name_text.data();
      state.name_text = {from, static_cast<std::size_t>(at - from)};
      state.name_end = at;
      in.iterator() = at;
    }
    return true;
  }
};
struct dotted_name : token<dotted> {};

// text = '"' { character | "\" ( '"' | "\" | "n" ) } '"'
struct quoted {
  using rule_t = quoted;
  using subs_t = p::empty_list;

  template <p::apply_mode, p::rewind_mode, template <typename...> class, template <typename...> class, typename Input,
            typename State>
  [[nodiscard]] static bool match(Input& in, State& state) {
    if (in.empty()) return false;
    const char* at = in.current();
    if (*at != '"') {
      const Lookalike* found = find_lookalike(at, in.end());
      if (found == nullptr || found->meant != "\"") return false;
    }
    in.iterator() = state.read_text(at, state.text_value);
    return true;
  }
};
struct text : token<quoted> {};

// number = digit { digit }
struct digits {
  using rule_t = digits;
  using subs_t = p::empty_list;

  template <p::apply_mode, p::rewind_mode, template <typename...> class, template <typename...> class, typename Input,
            typename State>
  [[nodiscard]] static bool match(Input& in, State& state) {
    const char* at = in.current();
    const char* end = at;
    while (end < in.end() && is_digit(*end)) ++end;
    if (end == at || (end < in.end() && is_word(*end))) return false;
    state.read_number(at, end);
    in.iterator() = end;
    return true;
  }
};
struct number : token<digits> {};

// quantity = [ "-" ] digit { digit } [ "." digit { digit } ]
// date     = digit digit digit digit "-" digit digit "-" digit digit
struct figures {
  using rule_t = figures;
  using subs_t = p::empty_list;

  template <p::apply_mode, p::rewind_mode, template <typename...> class, template <typename...> class, typename Input,
            typename State>
  [[nodiscard]] static bool match(Input& in, State& state) {
    const char* at = in.current();
    if (at == in.end() || !(is_digit(*at) || (*at == '-' && at + 1 < in.end() && is_digit(at[1])))) return false;
    in.iterator() = state.read_figures(at);
    return true;
  }
};

// arrow = "<->" | "->" | "<-"
struct arrow_sign {
  using rule_t = arrow_sign;
  using subs_t = p::empty_list;

  template <p::apply_mode, p::rewind_mode, template <typename...> class, template <typename...> class, typename Input,
            typename State>
  [[nodiscard]] static bool match(Input& in, State& state) {
    if (in.empty()) return false;
    const char* end = state.read_arrow(in.current());
    if (end == in.current()) return false;
    in.iterator() = end;
    return true;
  }
};
// A line break behind an arrow does not count.
struct arrow {
  using rule_t = arrow;
  using subs_t = p::type_list<arrow_sign>;

  template <p::apply_mode A, p::rewind_mode M, template <typename...> class Action,
            template <typename...> class Control, typename Input, typename State>
  [[nodiscard]] static bool match(Input& in, State& state) {
    if (!Control<token<arrow_sign>>::template match<A, M, Action, Control>(in, state)) return false;
    in.iterator() = state.layout.gap(in.current());
    return true;
  }
};

}  // namespace dovetail::dsl::grammar
// NOLINTEND(readability-identifier-naming)
