// Texts in quotes: escapes, quotes pasted from documents, and texts that are never closed.
#include <string>

#include "dsl/grammar/characters.hpp"
#include "dsl/grammar/state.hpp"

namespace dovetail::dsl::grammar {
namespace {

const Lookalike* smart_quote(const char* at, const char* end) {
  const Lookalike* found = find_lookalike(at, end);
  return found != nullptr && found->meant == "\"" ? found : nullptr;
}

// Where an author who forgot the closing quote most likely meant it: before what can't be meant as text.
const char* likely_end(const char* at, const char* line_end) {
  const char* trimmed = line_end;
  while (trimmed > at && (trimmed[-1] == ' ' || trimmed[-1] == '\t' || trimmed[-1] == '\r')) --trimmed;
  for (const char* p = at; p < trimmed; ++p) {
    const std::string_view rest(p, static_cast<std::size_t>(trimmed - p));
    const bool gap = rest.starts_with("  ") || rest.starts_with('\t');
    if (p > at && (gap || rest.starts_with(" <-") || rest.starts_with(" ->") || rest == " {" || rest == " }")) return p;
  }
  return trimmed;
}

}  // namespace

const char* State::read_text(const char* at, std::string_view& text) {
  const Lookalike* opening = smart_quote(at, end);
  const char* const content = at + (opening != nullptr ? opening->bytes.size() : 1);
  const char* p = content;
  const char* smart_end = nullptr;  // the first quote that is only pasted
  bool escaped = false;
  for (; p < end && *p != '"' && *p != '\n'; ++p) {
    if (*p == '\\' && p + 1 < end && p[1] != '\n' && p[1] != '\r') {
      escaped = true;
      ++p;
    } else if (is_high(*p) && smart_end == nullptr && smart_quote(p, end) != nullptr) {
      smart_end = p;
      if (opening != nullptr) break;
    }
  }
  const bool straight_end = p < end && *p == '"';
  if (smart_end != nullptr && (opening != nullptr || !straight_end)) {
    const Lookalike* closing = smart_quote(smart_end, end);
    const char* after = smart_end + closing->bytes.size();
    const char* first = opening != nullptr ? at : smart_end;
    std::vector<Edit> edits;
    if (opening != nullptr) edits.push_back({{offset(at), offset(content)}, "\""});
    edits.push_back({{offset(smart_end), offset(after)}, "\""});
    reporter.add(DiagnosticId::lookalike_characters,
                 {offset(first), opening != nullptr ? offset(content) : offset(after)},
                 std::string(closing->called) + " instead of `\"`", "write `\"`", std::move(edits));
    text = {content, static_cast<std::size_t>(smart_end - content)};
    return after;
  }
  if (straight_end && opening != nullptr) {
    reporter.lookalike(at, content, "\"", std::string(opening->called) + " instead of `\"`");
  }
  if (!straight_end) {
    const char* stop = likely_end(content, p);
    const Offset place = offset(stop);
    reporter.add(DiagnosticId::unterminated_string, {offset(at), offset(content)}, "this text has no closing quote",
                 "add `\"` on the same line", {{{place, place}, "\""}});
    text = {content, static_cast<std::size_t>(stop - content)};
    mark_broken();
    return stop;
  }
  text = {content, static_cast<std::size_t>(p - content)};
  if (escaped) {
    std::string& resolved = file.strings.emplace_back();
    for (const char* c = content; c < p; ++c) {
      if (*c != '\\') {
        resolved += *c;
      } else if (++c; *c == '"' || *c == '\\') {
        resolved += *c;
      } else if (*c == 'n') {
        resolved += '\n';
      } else {
        const char* after = character_end(c, end);
        reporter.add(DiagnosticId::unknown_escape, {offset(c - 1), offset(after)},
                     "`" + std::string(c - 1, after) + "` is no escape",
                     "write `\\\"`, `\\\\` or `\\n`; a backslash itself is `\\\\`");
        resolved.append(c - 1, after);
        c = after - 1;
      }
    }
    text = resolved;
  }
  return p + 1;
}

}  // namespace dovetail::dsl::grammar
