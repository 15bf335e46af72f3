// Where blocks begin and end, also those whose braces are missing.
#include <algorithm>
#include <string>
#include <utility>

#include "dsl/grammar/characters.hpp"
#include "dsl/grammar/state.hpp"

namespace dovetail::dsl::grammar {

bool State::block_follows(const char* at) const {
  if (at == end) return false;
  if (*at == '{') return true;
  const Lookalike* found = find_lookalike(at, end);
  if (found != nullptr) return found->meant == "{";
  if (*at != '\n' && *at != '#') return false;
  const char* next = const_cast<Layout&>(layout).gap(at);
  return next < end && *next == '{';
}

// The block's `{` is missing, but its items are there: indented below, and not to be confused with others.
bool State::brace_missing(const char* at, Context inside) {
  if (panic || at == end || (*at != '\n' && *at != '#')) return false;
  const char* next = layout.gap(at);
  if (next == end || *next == '}' || layout.indent(next).width <= layout.indent(item_begin).width) return false;
  const std::string_view written = word(next);
  const bool optional = inside == Context::clauses;
  if (optional && starts_item(contexts.back(), written)) return false;
  return starts_item(inside, written) || (!optional && has_pairs(inside));
}

bool State::bracket_for_brace(const char* at, Context inside) {
  if (panic || at == end || (*at != '(' && *at != '[') || has_pairs(inside)) return false;
  const char* next = layout.blanks(at + 1);
  return next == end || *next == '\n' || *next == '#';
}

const char* State::open_missing_brace(const char* at, Context context) {
  const Offset place = offset(last_end);
  reporter.add(DiagnosticId::unexpected_token, {place, place}, "found the end of the line instead of `{`",
               "what is indented below seems to belong to it", {{{place, place}, " {"}});
  mark_broken();
  blocks.push_back({last_end, layout.indent(item_begin).width, context, false, true, true});
  contexts.push_back(context);
  return at;
}

const char* State::open_block(const char* at, Context context) {
  if (*at == '\n' || *at == '#') {  // the brace stands on a later line
    const char* brace = layout.gap(at);
    reporter.add(DiagnosticId::unexpected_token, {offset(brace), offset(brace) + 1}, "`{` stands on a line of its own",
                 "put it at the end of the line that it belongs to",
                 {{{offset(last_end), offset(last_end)}, " {"}, {{offset(brace), offset(brace) + 1}, ""}});
    at = brace;
  } else if (*at == '(' || *at == '[') {
    const Span place{offset(at), offset(at) + 1};
    reporter.add(DiagnosticId::unexpected_token, place, "found `" + std::string(1, *at) + "` instead of `{`",
                 "a block stands in braces", {{place, "{"}});
    const char other_end = *at == '(' ? ')' : ']';
    token(at, at + 1);
    blocks.push_back({at, layout.indent(item_begin).width, context, false, true, false, other_end});
    contexts.push_back(context);
    return at + 1;
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

// The file has more closing braces than opening ones. This is one of them if it stands deeper than its block's first
// line, or behind something else though the block has many lines.
bool State::is_surplus(const char* at, const Block& block, Layout::Indent indent) const {
  if (indent.first) return indent.width > block.indent && !block.flush;
  return std::find(block.brace, at, '\n') != at;
}

bool State::ends_block(const char* at) {
  if (at == end) return true;
  if (blocks.empty()) return false;
  Block& block = blocks.back();
  const Layout::Indent indent = layout.indent(at);
  const bool outdented = indent.first && indent.width <= block.indent;
  const bool was_empty = std::exchange(block.empty, false);
  if (block.other_end != '\0' && *at == block.other_end) return true;
  if (*at == '}' && surplus && is_surplus(at, block, indent)) return false;
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
  const bool closes = at < end && (*at == '}' || (block.other_end != '\0' && *at == block.other_end));
  if (closes && !anothers) {
    token(at, at + 1);
    return layout.after_token(at + 1);
  }
  if (at == end && !unbalanced && !block.assumed) {
    ended_in_block = true;
    return at;
  }
  if (!block.assumed) unclosed(block, at);
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
