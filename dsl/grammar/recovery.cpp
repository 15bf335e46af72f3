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

const char* State::end_of_item(const char* at, bool stop_at_brace) {
  int open = 0;
  bool after_arrow = false;
  while (at < end) {
    switch (*at) {
      case '"':
        at = skip_text(at);
        after_arrow = false;
        break;
      case '\n':
      case '#': {
        const char* next = layout.gap(at);
        const bool goes_on = next < end && (layout.continues(next) || after_arrow || open > 0) && *next != '}' &&
                             !starts_item_anywhere(word(next));
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

const char* State::bad_item(const char* at, Context context) {
  panic = false;
  layout.parentheses = 0;
  if (reporter.full()) {
    mark_broken();
    const char* next = end_of_item(at);
    return next == at ? character_end(at, end) : next;
  }
  if (*at == '}') {
    mark_broken();
    reporter.add(DiagnosticId::unexpected_token, {offset(at), offset(at) + 1}, "`}` closes nothing",
                 "remove it, or look for the `{` that it should close");
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
      reporter.unknown_keyword(written, {}, name(context), help);
    }
  } else {
    mark_broken();
    reporter.unexpected(at, at, std::string("a ") + std::string(item_name(context)), {}, false);
  }
  assumed.clear();
  const char* next = end_of_item(at);
  if (next == at) next = character_end(at, end);
  last_end = next;
  return next;
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
  if (at < end && *at == ',') ++at;
  return at;
}

bool State::ends_item(const char* at) const {
  return at == end || at == closed_early || *at == '\n' || *at == '#' || *at == ',' || *at == '}' || *at == '\r';
}

// Something stands behind what was a whole item.
void State::behind_item(const char* at, Context context) {
  const std::string_view written = word(at);
  const bool next_item = starts_item(context, written);
  mark_broken();
  const std::string_view meant = next_item ? std::string_view{} : nearest(written, later_words(context));
  if (!meant.empty() && meant != written) {
    reporter.unknown_keyword(written, meant, {}, {});
  } else {
    const std::string what = "the end of the " + std::string(item_name(context));
    const std::string help = next_item ? "a line break or a comma separates two of them" : "";
    reporter.unexpected(at, last_end, what, help, false);
  }
}

// Before an item is put into the tree: with something behind it, it may mean something else than it seems to.
void State::check_end_of_item() {
  if (panic || retry || (closed_early != nullptr && closed_early >= last_end)) return;
  const char* at = layout.after_token(last_end);
  const Context context = contexts.back();
  if (ends_item(at) || starts_item(context, word(at))) return;
  if (*token_begin != '}' && assume(at, later_words(context), {})) {
    panic = true;
    return;
  }
  behind_item(at, context);
  panic = true;
}

bool State::block_follows(const char* at) const {
  if (at == end) return false;
  if (*at == '{') return true;
  const Lookalike* found = find_lookalike(at, end);
  if (found != nullptr) return found->meant == "{";
  if (*at != '\n' && *at != '#') return false;
  const char* next = const_cast<Layout&>(layout).gap(at);
  return next < end && *next == '{';
}

const char* State::open_block(const char* at, Context context) {
  if (*at == '\n' || *at == '#') {  // the brace stands on a later line
    const char* brace = layout.gap(at);
    reporter.add(DiagnosticId::unexpected_token, {offset(brace), offset(brace) + 1}, "`{` stands on a line of its own",
                 "put it at the end of the line that it belongs to",
                 {{{offset(last_end), offset(last_end)}, " {"}, {{offset(brace), offset(brace) + 1}, ""}});
    at = brace;
  } else if (*at != '{') {
    const Lookalike* found = find_lookalike(at, end);
    reporter.lookalike(at, at + found->bytes.size(), "{", std::string(found->called) + " instead of `{`");
    token(at, at + found->bytes.size());
    blocks.push_back({at, layout.indent(item_begin).width, context});
    contexts.push_back(context);
    return last_end;
  }
  token(at, at + 1);
  blocks.push_back({at, layout.indent(item_begin).width, context});
  contexts.push_back(context);
  return at + 1;
}

// The word starts an item, not of this block, but of one around it.
bool State::belongs_outside(std::string_view item, Layout::Indent indent) const {
  if (item.empty()) return false;
  for (std::size_t i = contexts.size(); i-- > 0;) {
    const bool inside = i + 1 == contexts.size() && !blocks.empty();
    if (inside && starts_item(contexts[i], item)) return false;
    if (!inside && starts_item(contexts[i], item) && (i == 0 || indent.width <= blocks[i - 1].indent + 8)) return true;
  }
  return false;
}

bool State::ends_block(const char* at) {
  if (at == end) return true;
  if (blocks.empty()) return false;
  Block& block = blocks.back();
  const Layout::Indent indent = layout.indent(at);
  const bool outdented = indent.first && indent.width <= block.indent;
  const bool was_empty = std::exchange(block.empty, false);
  if (!outdented) return *at == '}';
  if (*at == '}') {
    if (!unbalanced || indent.width == block.indent) return true;
    const auto outer =
        std::find_if(blocks.rbegin() + 1, blocks.rend(), [&](const Block& one) { return one.indent == indent.width; });
    return outer != blocks.rend() || indent.width < block.indent;
  }
  const char* after = layout.blanks(word_end(at, end));
  const bool names_value =
      after < end && (*after == '=' || *after == '.' || *after == '[' || *after == '<' || *after == '-');
  const std::string_view written = word(at);
  if (written.empty() || names_value) {
    block.flush = block.flush || was_empty;
    return false;
  }
  if (belongs_outside(written, indent)) return unbalanced || !block.flush;
  if (was_empty) block.flush = true;
  return unbalanced && !block.flush && contexts.size() > 1 && starts_item(contexts[contexts.size() - 2], written);
}

const char* State::close_block(const char* at) {
  const Block block = blocks.back();
  const Layout::Indent indent = layout.indent(at);
  const bool anothers = at < end && *at == '}' && unbalanced && indent.first && indent.width < block.indent &&
                        std::ranges::any_of(blocks, [&](const Block& one) { return one.indent == indent.width; });
  blocks.pop_back();
  contexts.pop_back();
  if (at < end && *at == '}' && !anothers) {
    token(at, at + 1);
    return layout.after_token(at + 1);
  }
  if (at == end && !unbalanced) {
    ended_in_block = true;
    return at;
  }
  unclosed(block, at);
  mark_broken();
  closed_early = at;
  return at;
}

void State::unclosed(const Block& block, const char* before) {
  const Span brace{offset(block.brace), offset(block.brace) + 1};
  Diagnostic made = Diagnostic::of(DiagnosticId::unclosed_block, reporter.source(), brace, "this `{` is never closed");
  const char* stop = last_end;
  if (before > stop && (before == end || *before == '\n' || *before == '#')) stop = before;
  while (stop > block.brace + 1 && (stop[-1] == '\n' || stop[-1] == '\r' || stop[-1] == ' ' || stop[-1] == '\t'))
    --stop;
  const Offset place = offset(stop);
  made.labels.push_back({&reporter.source(), {place, place}, "the `}` is missing after this"});
  made.help = "add `}`";
  made.fix = Fix{FixKind::suggested, {{{place, place}, "\n" + std::string(block.indent, ' ') + "}"}}};
  reporter.add(std::move(made));
}

const char* State::skip_deep_block(const char* at) {
  reporter.add(DiagnosticId::nesting_too_deep, {offset(at), offset(at) + 1},
               "blocks are nested deeper than " + std::to_string(deepest) + " levels");
  mark_broken();
  at = skip_block(at);
  last_end = at;
  return layout.after_token(at);
}

}  // namespace dovetail::dsl::grammar
