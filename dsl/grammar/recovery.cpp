// How the parser goes on after a mistake: where the broken item ends, and which block was never closed.
#include <algorithm>
#include <utility>

#include "dsl/grammar/characters.hpp"
#include "dsl/grammar/state.hpp"

namespace dovetail::dsl::grammar {

// After the text that starts here, or after its quote if it does not end on its line.
const char* State::skip_text(const char* at) const {
  for (const char* p = at + 1; p < end && *p != '\n'; ++p) {
    if (*p == '"') return p + 1;
    if (*p == '\\' && p + 1 < end && p[1] != '\n') ++p;
  }
  return at + 1;
}

// True if the number of quotes from here to the end of the line is odd. Steps along the line from where it was asked
// last, so that asking everywhere in a long line costs no more than reading it.
bool State::has_odd_quotes(const char* at) {
  if (at < quotes_.from || at >= quotes_.line_end) {
    quotes_ = {at, at, std::find(at, end, '\n'), 0};
    quotes_.count = std::count(at, quotes_.line_end, '"');
  } else if (at >= quotes_.at) {
    quotes_.count -= std::count(quotes_.at, at, '"');
  } else {
    quotes_.count += std::count(at, quotes_.at, '"');
  }
  quotes_.at = at;
  return quotes_.count % 2 != 0;
}

const char* State::end_of_item(const char* at, bool stop_at_brace) {
  int open = 0;
  bool after_arrow = false;
  const char* checked = nullptr;  // the quotes of the line up to here go together
  if (at > begin && at < end && at[-1] != '\n') {
    // One quote too many behind the mistake: most likely the text that it closes has no other.
    const bool odd = has_odd_quotes(at);
    checked = quotes_.line_end;
    if (odd) at = std::find(at, checked, '"') + 1;
  }
  while (at < end) {
    switch (*at) {
      case '"':
        // One quote too many on a line: most likely the first has no other.
        if (checked == nullptr || at >= checked) {
          const bool odd = has_odd_quotes(at);
          checked = quotes_.line_end;
          if (odd) {
            ++at;
            break;
          }
        }
        at = skip_text(at);
        after_arrow = false;
        break;
      case '\n':
      case '#': {
        const char* next = layout.gap(at);
        const bool inside = (after_arrow || open > 0) && !starts_item_anywhere(word(next));
        const bool goes_on = next < end && *next != '}' && (layout.continues(next) || inside);
        if (!goes_on) return at;
        at = next;
        after_arrow = false;
        break;
      }
      case ',':
        if (open == 0) return at;
        ++at;
        break;
      case '(':
      case '[':
        ++open;
        ++at;
        break;
      case ')':
      case ']':
        open = std::max(0, open - 1);
        ++at;
        break;
      case '{':
        if (stop_at_brace) return at;
        at = skip_block(at);
        break;
      case '}':
        return at;
      default:
        if (*at != ' ' && *at != '\t' && *at != '\r') {
          after_arrow = (*at == '>' && at > begin && at[-1] == '-') || (*at == '-' && at > begin && at[-1] == '<');
        }
        ++at;
    }
  }
  return at;
}

// After the block that starts here, or to where a line shows that it was never closed.
const char* State::skip_block(const char* at) {
  const char* const brace = at;
  const std::uint32_t outside = layout.indent(at).width;
  int depth = 0;
  while (at < end) {
    if (*at == '"') {
      at = skip_text(at);
    } else if (*at == '\n' || *at == '#') {
      const char* next = layout.gap(at);
      const Layout::Indent indent = layout.indent(next);
      if (unbalanced && next < end && indent.first && indent.width <= outside && *next != '}' &&
          std::ranges::any_of(contexts, [&](Context one) { return starts_item(one, word(next)); })) {
        unclosed({brace, outside, Context::map}, at);
        return at;
      }
      at = next;
    } else {
      if (*at == '{') ++depth;
      if (*at == '}' && --depth == 0) return at + 1;
      ++at;
    }
  }
  ended_in_block = true;
  if (unbalanced) unclosed({brace, outside, Context::map}, end);
  return at;
}

const char* State::mend_head(const char* at) {
  if (!panic || retry) return at;
  at = end_of_item(std::max(last_end, item_begin), true);
  panic = false;
  if (at == end || *at != '{') at = last_end = std::max(last_end, at);
  return at;
}

namespace {

std::string with_article(std::string_view noun) {
  return (std::string_view("aeiou").find(noun.front()) != std::string_view::npos ? "an " : "a ") + std::string(noun);
}

}  // namespace

const char* State::bad_item(const char* at, Context context) {
  panic = false;
  layout.parentheses = 0;
  if (reporter.full()) {
    mark_broken();
    reporter.leave_out(at);
    const char* next = end_of_item(at);
    return next == at ? character_end(at, end) : next;
  }
  if (*at == '}') {
    mark_broken();
    reporter.add(DiagnosticId::unexpected_token, {offset(at), offset(at) + 1}, "`}` closes nothing",
                 "remove it, or look for the `{` that it should close");
    stray_brace = stray_brace || blocks.empty();
    return at + 1;
  }
  const std::string_view written = word(at);
  if (!written.empty()) {
    if (assume(at, item_words(context), name(context))) {
      retry = false;
      return at;
    }
    mark_broken();
    const Span place{offset(at), offset(at + written.size())};
    if (starts_item_anywhere(written)) {
      const bool header = written == "map" || written == "schema";
      const std::string message =
          header ? "a second header" : "`" + std::string(written) + "` can't stand in " + std::string(name(context));
      reporter.add(DiagnosticId::unexpected_token, place, message);
    } else {
      std::string help = "what can stand here: ";
      for (const std::string_view one : item_words(context)) help.append(one).append(", ");
      help.resize(help.size() - 2);
      if (written == "required") help = "`required` stands behind the field's label";
      reporter.unknown_keyword(written, {}, name(context), help);
    }
  } else {
    mark_broken();
    reporter.unexpected(at, at, with_article(item_name(context)), {}, false);
  }
  assumed.clear();
  const char* next = end_of_item(at);
  if (next == at) next = character_end(at, end);
  last_end = next;
  return next < end && *next == ',' ? next + 1 : next;
}

const char* State::after_item(const char* at, const char* item, Context context) {
  if (retry) {
    retry = panic = false;
    layout.parentheses = 0;
    return item;
  }
  assumed.clear();
  if (panic) {
    panic = false;
    at = end_of_item(std::max(last_end, item));
    if (at == item && at < end && *at != '}') at = character_end(at, end);
  } else if (!ends_item(at)) {
    const bool next_item = starts_item(context, word(at));
    behind_item(at, context);
    if (next_item) return at;
    at = end_of_item(at);
  }
  if (at < end && *at == ';') {
    reporter.add(DiagnosticId::unexpected_token, {offset(at), offset(at) + 1},
                 "found `;` instead of a comma or a line break", "write `,`", {{{offset(at), offset(at) + 1}, ","}});
    return at + 1;
  }
  if (at < end && *at == ',') ++at;
  return at;
}

// A line that starts with `or` goes on the one before; behind a block that is never closed it is the next shape.
bool State::is_next_shape(const char* at) const {
  return *at == 'o' && word(at) == "or" && layout.indent(at).first &&
         (contexts.back() == Context::shape || contexts.back() == Context::clauses);
}

bool State::ends_item(const char* at) const {
  return at == end || at == closed_early || *at == '\n' || *at == '#' || *at == ',' || *at == ';' || *at == '}' ||
         *at == '\r' || is_next_shape(at);
}

// Something stands behind what was a whole item.
void State::behind_item(const char* at, Context context) {
  const std::string_view written = word(at);
  const bool next_item = starts_item(context, written);
  mark_broken();
  const std::string_view meant = next_item ? std::string_view{} : nearest(written, later_words(context));
  if (!meant.empty() && meant != written) {
    reporter.unknown_keyword(written, meant, {}, {});
  } else if (*at == '"' && at == last_end && (is_word(*token_begin) || is_high(*token_begin)) &&
             skip_text(at) == at + 1) {
    const Offset start = offset(token_begin);
    reporter.add(DiagnosticId::unterminated_string, {offset(at), offset(at) + 1}, "this text has no opening quote",
                 "add `\"` before it", {{{start, start}, "\""}});
  } else {
    const std::string what = "the end of the " + std::string(item_name(context));
    const std::string help = next_item ? "a line break or a comma separates two of them" : "";
    reporter.unexpected(at, last_end, what, help, false);
  }
}

// The next line seems to go on this one, with a misspelt word: the item is read again, with what the word means.
bool State::assume_continuation(const char* at) {
  static constexpr std::string_view words[] = {"via", "using", "with", "suggest", "else", "whenever"};
  if (at == end || (*at != '\n' && *at != '#')) return false;
  const char* next = layout.gap(at);
  const std::string_view written = word(next);
  if (written == "on" && *token_begin != '}' && layout.indent(next).width > layout.indent(item_begin).width) {
    static constexpr std::string_view occasion[] = {"create"};
    if (!assume(layout.blanks(next + 2), occasion, {})) return false;
    layout.taken_for_continuation.push_back(next);
    return true;
  }
  if (written.size() < 3 || starts_item(contexts.back(), written) || *token_begin == '}') return false;
  if (layout.indent(next).width <= layout.indent(item_begin).width) return false;
  if (!nearest(written, item_words(contexts.back())).empty() || !assume(next, words, {})) return false;
  layout.taken_for_continuation.push_back(next);
  return true;
}

// Before an item is put into the tree: with something behind it, it may mean something else than it seems to.
void State::check_end_of_item() {
  if (panic || retry || (closed_early != nullptr && closed_early >= last_end)) return;
  const char* at = layout.after_token(last_end);
  const Context context = contexts.back();
  if (ends_item(at)) {
    if (assume_continuation(at)) panic = true;
    return;
  }
  if (starts_item(context, word(at))) return;
  if (*token_begin != '}' && assume(at, later_words(context), {})) {
    panic = true;
    return;
  }
  behind_item(at, context);
  panic = true;
}

}  // namespace dovetail::dsl::grammar
