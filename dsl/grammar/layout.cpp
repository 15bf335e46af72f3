#include "dsl/grammar/layout.hpp"

#include <algorithm>
#include <cstring>
#include <span>
#include <utility>

#include "dsl/grammar/characters.hpp"

namespace dovetail::dsl::grammar {
namespace {

// The words that let a line go on the one before; some only before a certain word.
struct Continuation {
  std::string_view word;
  std::string_view next;  // empty: before any
};
constexpr Continuation continuations[] = {
    {"via", {}},  {"using", {}}, {"with", {}},     {"suggest", {}},
    {"else", {}}, {"or", {}},    {"whenever", {}}, {"on", "create"},
};
// In schemas: every word that starts a modifier, or goes on a document.
constexpr Continuation schema_continuations[] = {
    {"max", {}},       {"unique", {}},        {"required", {}}, {"read", {}},     {"write", {}},
    {"set", {}},       {"not", {}},           {"masked", {}},   {"secret", {}},   {"empty", {}},
    {"derived", {}},   {"with", {}},          {"lookup", {}},   {"optional", {}}, {"wire", {}},
    {"attribute", {}}, {"deprecated", "use"}, {"resource", {}}, {"key", {}},      {"ordered", {}},
    {"until", {}},     {"and", {}},           {"as", {}},       {"of", {}},       {"or", {}},
    {"chosen", {}},
};

bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\r'; }

}  // namespace

std::size_t blank_lookalike(const char* at, const char* end) {
  const Lookalike* found = find_lookalike(at, end);
  return found != nullptr && found->meant == " " ? found->bytes.size() : 0;
}

Layout::Layout(std::string_view text, Reporter& reporter, ast::File& file)
    : begin_(text.data()),
      end_(text.data() + text.size()),
      reporter_(reporter),
      file_(file),
      seen_(text.data()),
      blank_seen_(text.data()) {}

bool Layout::ends_line(const char* at) const {
  while (at < end_ && is_blank(*at)) ++at;
  return at == end_ || *at == '\n' || *at == '#' || *at == '}';
}

const char* Layout::blanks(const char* at) {
  for (;;) {
    while (at < end_ && is_blank(*at)) ++at;
    if (at < end_ && *at == ';' && parentheses == 0 && ends_line(at + 1)) {
      if (at >= blank_seen_) {
        blank_seen_ = at + 1;
        const Span place{offset(at), offset(at) + 1};
        reporter_.add(DiagnosticId::unexpected_token, place, "found `;` at the end of a line",
                      "remove it: an item ends with its line", {{place, ""}});
      }
      ++at;
      continue;
    }
    if (at == end_ || !is_high(*at)) return at;
    const char* run = at;
    while (const std::size_t bytes = blank_lookalike(at, end_)) at += bytes;
    if (at == run) return at;
    if (run >= blank_seen_) {
      blank_seen_ = at;
      reporter_.lookalike(run, at, " ", std::string(find_lookalike(run, end_)->called) + " instead of a blank");
    }
  }
}

const char* Layout::gap(const char* at) {
  if (at == gap_begin_) return gap_end_;
  const char* from = at;
  const char* first_break = nullptr;  // of a run of blank lines
  for (;;) {
    at = blanks(at);
    if (at == end_) break;
    if (*at == '\n') {
      ++at;
      if (first_break == nullptr) {
        first_break = at;
      } else {
        add(ast::Trivia::Kind::blank_lines, first_break, at);
        end_of_doc();
      }
    } else if (*at == '#') {
      at = comment(at);
      first_break = nullptr;
    } else {
      break;
    }
  }
  if (at >= seen_) {
    seen_ = at;
    if (at == end_) {
      end_of_doc();
    } else if (!doc_.empty()) {
      pending_ = std::exchange(doc_, {});
      pending_for_ = at;
    }
  }
  gap_begin_ = from;
  gap_end_ = at;
  return at;
}

// From the # to the end of the line.
const char* Layout::comment(const char* at) {
  const auto* found = static_cast<const char*>(std::memchr(at, '\n', static_cast<std::size_t>(end_ - at)));
  const char* stop = found != nullptr ? found : end_;
  const char* end = stop;
  if (end > at && end[-1] == '\r') --end;
  if (at < seen_) return stop;
  const std::string_view text(at, static_cast<std::size_t>(end - at));
  if (text.starts_with("##")) {
    add(ast::Trivia::Kind::doc, at, end);
    doc_line(at, end);
    return stop;
  }
  std::size_t word = 1;
  while (word < text.size() && is_blank(text[word])) ++word;
  const bool suppression = text.substr(word).starts_with("mapcheck:");
  add(suppression ? ast::Trivia::Kind::suppression : ast::Trivia::Kind::comment, at, end);
  return stop;
}

void Layout::doc_line(const char* at, const char* end) {
  const char* text = at;
  while (text < end && *text == '#') ++text;
  if (text < end && *text == ' ') ++text;
  if (doc_.empty()) {
    drop_pending();
    doc_.span.begin = offset(at);
  }
  doc_.span.end = offset(end);
  doc_.lines.push_back({std::string_view(text, static_cast<std::size_t>(end - text)), {offset(text), offset(end)}});
}

// What was collected stands before a blank line or the end: before nothing.
void Layout::end_of_doc() {
  if (!doc_.empty()) file_.detached_docs.push_back(std::exchange(doc_, {}));
}

void Layout::add(ast::Trivia::Kind kind, const char* begin, const char* end) {
  if (begin < seen_) return;
  auto& trivia = file_.trivia;
  const bool joins = kind == ast::Trivia::Kind::blank_lines && !trivia.empty() && trivia.back().kind == kind &&
                     trivia.back().span.begin == offset(begin);
  if (joins) {
    trivia.back().span.end = offset(end);
  } else {
    trivia.push_back({kind, {offset(begin), offset(end)}});
  }
}

const char* Layout::after_token(const char* at) {
  at = blanks(at);
  if (at == end_ || (*at != '\n' && *at != '#')) return at;
  const char* next = gap(at);
  return parentheses > 0 || continues(next) ? next : at;
}

bool Layout::continues(const char* at) const {
  if (at == end_ || *at == '}') return false;
  if (std::ranges::find(taken_for_continuation, at) != taken_for_continuation.end()) return true;
  if (*at >= 'A' && *at <= 'Z') return false;
  const std::string_view rest(at, static_cast<std::size_t>(end_ - at));
  if (rest.starts_with("<-") || rest.starts_with("->")) return true;
  if (is_high(*at) || *at == '<' || *at == '-') {
    const Lookalike* found = find_lookalike(at + (is_high(*at) ? 0 : 1), end_);
    return found != nullptr && (found->meant.find('-') != std::string_view::npos);
  }
  const char* end = word_end(at, end_);
  const std::string_view word(at, static_cast<std::size_t>(end - at));
  const std::span<const Continuation> words =
      schema ? std::span<const Continuation>(schema_continuations) : continuations;
  for (const Continuation& one : words) {
    if (one.word != word) continue;
    while (end < end_ && is_blank(*end)) ++end;
    const std::string_view after(end, static_cast<std::size_t>(end_ - end));
    if (!one.next.empty()) return after.starts_with(one.next);
    return !(after.starts_with("<-") || after.starts_with("->") || after.starts_with('=') || after.starts_with('.') ||
             after.starts_with('['));
  }
  return false;
}

ast::Doc Layout::take_doc(const char* item) {
  if (pending_for_ != item || pending_.empty()) return {};
  taken_ = true;
  return pending_;
}

void Layout::finish() {
  end_of_doc();
  drop_pending();
}

void Layout::drop_pending() {
  if (!pending_.empty() && !taken_) file_.detached_docs.push_back(std::move(pending_));
  pending_ = {};
  taken_ = false;
}

Layout::Indent Layout::indent(const char* at) const {
  // Back to the start of the line, or to what is known of it: so that asking along a long line stays cheap.
  const bool known = line_.begin != nullptr && at >= line_.begin;
  const char* limit = known ? line_.seen : begin_;
  const char* line = at;
  while (line > limit && line[-1] != '\n') --line;
  if (known && line <= line_.seen) {
    line_.seen = std::max(line_.seen, at);
  } else {
    line_ = {line, at, line, 0};
    for (; line_.text < end_ && is_blank(*line_.text); ++line_.text) {
      line_.width += *line_.text == '\t' ? 4 - line_.width % 4 : 1;
    }
  }
  return {line_.width, at <= line_.text};
}

}  // namespace dovetail::dsl::grammar
