#include "dsl/grammar/state.hpp"

#include <algorithm>
#include <cstring>

#include "dsl/grammar/characters.hpp"

namespace dovetail::dsl::grammar {

State::State(const SourceFile& source, Reporter& into, ast::File& made)
    : begin(source.text().data()),
      end(source.text().data() + source.text().size()),
      reporter(into),
      file(made),
      layout(source.text(), into, made),
      broken(&made.broken),
      token_begin(begin),
      last_end(begin) {}

std::string_view State::word(const char* at) const {
  if (at == end || !is_letter(*at)) return {};
  return {at, static_cast<std::size_t>(word_end(at, end) - at)};
}

bool State::assumes(const char* at, std::string_view meant) const {
  return std::ranges::any_of(assumed, [&](const Assumption& one) { return one.at == at && one.word == meant; });
}

bool State::assume(const char* at, std::span<const std::string_view> words, std::string_view where) {
  const std::string_view written = word(at);
  if (written.size() < 3 || reporter.full() || starts_item_anywhere(written)) return false;
  const std::string_view meant = nearest(written, words);
  // Bounded, since each has the item read again.
  constexpr std::size_t most = 8;
  if (meant.empty() || meant == written || assumed.size() == most || assumes(at, meant)) return false;
  reporter.unknown_keyword(written, meant, where, {});
  assumed.push_back({at, meant});
  retry = true;
  return true;
}

void State::mark_broken() {
  *broken = true;
  file.broken = true;
  ++mistakes;
}

void State::fail() {
  mark_broken();
  panic = true;
  layout.parentheses = 0;
}

void State::missing(const char* at, const Expectation& expected) {
  if (panic) return;
  const bool line_ended = std::find(last_end, std::max(last_end, at), '\n') != at && !layout.continues(at);
  if (at > last_end && (at == end || *at == '\n' || *at == '#')) {  // behind something that is no token yet
    const char* back = at;
    while (back > last_end && (back[-1] == ' ' || back[-1] == '\t' || back[-1] == '\r')) --back;
    last_end = back;
  }
  // A word of the header is the author's, and so, most likely, is a short one.
  if (assume_continuation(at)) {
    panic = true;
    return;
  }
  const bool may_be_misspelt = !line_ended && file.header && word(at).size() > 3;
  if (may_be_misspelt && assume(at, later_words(contexts.back()), {})) {
    panic = true;
    return;
  }
  fail();
  const bool hyphen = at < end && *at == '-' && at == last_end && at + 1 < end && is_word(at[1]);
  reporter.unexpected(at, last_end, expected.what, hyphen ? "names have no `-`; use `_`" : expected.help, line_ended);
}

// A line that starts with a word and is no pair: the word may be a keyword gone wrong, of an item or after a label.
void State::missing_arrow(const char* at, const Expectation& expected) {
  if (panic) return;
  const Context context = contexts.back();
  if (at < end && (*at == '\n' || *at == '#')) {  // something like an arrow on the next line
    const char* next = layout.gap(at);
    if (next < end && (*next == '=' || *next == '<' || *next == '>' || *next == '~')) {
      fail();
      reporter.unexpected(next, next, expected.what, expected.help, false);
      token(next, next + 1);
      return;
    }
  }
  const std::string_view written = single_name ? word(token_begin) : std::string_view{};
  if (written.empty() || at == end || *at == '\n' || *at == '}' || *at == ',' || *at == '<' || *at == '-') {
    return missing(at, expected);
  }
  const bool starts = token_begin == item_begin;
  static constexpr std::string_view after_label[] = {"required", "when"};
  const auto words = starts ? item_words(context) : std::span<const std::string_view>(after_label);
  if (assume(token_begin, words, starts ? name(context) : std::string_view{})) {
    panic = true;
    return;
  }
  fail();
  if (!starts || !is_word(*at)) {
    reporter.unexpected(at, last_end, expected.what, expected.help, false);
  } else if (starts_item_anywhere(written)) {
    reporter.add(DiagnosticId::unexpected_token, reporter.span(written.data(), written.data() + written.size()),
                 "`" + std::string(written) + "` can't stand in " + std::string(name(context)));
  } else {
    reporter.unknown_keyword(written, {}, name(context), {});
  }
}

}  // namespace dovetail::dsl::grammar
