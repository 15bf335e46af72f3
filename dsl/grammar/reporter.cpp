#include "dsl/grammar/reporter.hpp"

#include <algorithm>

#include "dsl/grammar/characters.hpp"

namespace dovetail::dsl::grammar {
namespace {

// Long texts are shown by their start.
std::string shortened(std::string_view text) {
  constexpr std::size_t most = 30;
  if (text.size() <= most) return std::string(text);
  std::size_t cut = most;
  while (cut > 0 && (static_cast<unsigned char>(text[cut]) & 0xC0U) == 0x80U) --cut;
  return std::string(text.substr(0, cut)) + "…";
}

// A control character, or a byte that is not UTF-8.
bool is_no_text(const char* at, const char* end) {
  if (at == end) return false;
  const auto byte = static_cast<unsigned char>(*at);
  if (byte >= 0x80) return character_end(at, end) == at + 1;
  return (byte < 0x20 && byte != '\t' && byte != '\n' && byte != '\r') || byte == 0x7F;
}

bool is_line_end(const char* at, const char* end) { return at == end || *at == '\n' || *at == '\r' || *at == '#'; }

}  // namespace

bool Reporter::full() const { return diagnostics_.size() - first_ >= most_shown; }

void Reporter::leave_out(Offset at) {
  if (left_out_ > 0 && at <= last_left_out_) return;
  ++left_out_;
  last_left_out_ = at;
}

void Reporter::finish() {
  if (left_out_ > 0) diagnostics_.back().leaving_out(left_out_);
}

void Reporter::add(Diagnostic diagnostic) {
  if (full()) return leave_out(diagnostic.primary.span.begin);
  const auto key = (std::uint64_t{diagnostic.primary.span.begin} << 16U) | static_cast<std::uint64_t>(diagnostic.id);
  if (!known_.insert(key).second) return;
  diagnostics_.push_back(std::move(diagnostic));
}

void Reporter::add(DiagnosticId id, Span span, std::string message, std::string help, std::vector<Edit> edits) {
  Diagnostic made = Diagnostic::of(id, source_, span, std::move(message));
  made.help = std::move(help);
  if (!edits.empty()) {
    made.fix = Fix{kind(id).fix == FixKind::none ? FixKind::safe : kind(id).fix, std::move(edits)};
  }
  add(std::move(made));
}

void Reporter::unexpected(const char* at, const char* last, std::string_view what, std::string_view help,
                          bool line_ended) {
  if (full()) return leave_out(at);
  const char* end = text_.data() + text_.size();
  if (is_no_text(at, end)) return;  // what the encoding check has said
  Span place = found_span(at);
  std::string there = found(at);
  if (is_line_end(at, end) || line_ended) {
    place = {offset(last), offset(last)};
    there = std::find(last, end, '\n') == end ? "the end of the file" : "the end of the line";
  }
  if (place.begin == last_unexpected_) return;
  last_unexpected_ = place.begin;
  add(DiagnosticId::unexpected_token, place, "found " + there + " instead of " + std::string(what), std::string(help));
}

void Reporter::unknown_keyword(std::string_view written, std::string_view meant, std::string_view where,
                               std::string help) {
  if (full()) return leave_out(written.data());
  const Span place = span(written.data(), written.data() + written.size());
  last_unexpected_ = place.begin;
  std::string message = "unknown keyword `" + shortened(written) + "`";
  if (!where.empty()) message += " in " + std::string(where);
  if (meant.empty()) {
    add(DiagnosticId::unknown_keyword, place, std::move(message), std::move(help));
  } else {
    message += "; did you mean `" + std::string(meant) + "`?";
    add(DiagnosticId::unknown_keyword, place, std::move(message), {}, {{place, std::string(meant)}});
  }
}

void Reporter::lookalike(const char* at, const char* end, std::string_view right, std::string message) {
  if (full()) return leave_out(at);
  const std::string help = right == " " ? "use an ordinary blank" : "write `" + std::string(right) + "`";
  add(DiagnosticId::lookalike_characters, span(at, end), std::move(message), help,
      {{span(at, end), std::string(right)}});
}

Span Reporter::found_span(const char* at) const {
  const char* end = text_.data() + text_.size();
  if (at == end) return {offset(at), offset(at)};
  if (is_word(*at)) return span(at, word_end(at, end));
  if (*at == '"') {
    const char* stop = at + 1;
    while (stop < end && *stop != '\n' && *stop != '"')
      stop += *stop == '\\' && stop + 1 < end && stop[1] != '\n' ? 2 : 1;
    return span(at, stop < end && *stop == '"' ? stop + 1 : at + 1);
  }
  for (const std::string_view arrow : {"<->", "->", "<-"}) {
    if (text_.substr(offset(at)).starts_with(arrow)) return span(at, at + arrow.size());
  }
  return span(at, character_end(at, end));
}

std::string Reporter::found(const char* at) const {
  const char* end = text_.data() + text_.size();
  if (at == end) return "the end of the file";
  if (is_line_end(at, end)) return "the end of the line";
  const std::string_view there = source_.text(found_span(at));
  if (*at == '"' && there.size() > 1) return "the text " + shortened(there.substr(0, there.size() - 1)) + "\"";
  if (*at == ' ' || *at == '\t') return "a blank";
  if (is_high(*at)) {
    const bool sound = there.size() > 1;
    return sound ? "the character `" + std::string(there) + "`" : "a byte that is not UTF-8";
  }
  if (static_cast<unsigned char>(*at) < 0x20 || *at == 0x7F) return "a control character";
  return "`" + shortened(there) + "`";
}

void Reporter::restart() {
  diagnostics_.erase(diagnostics_.begin() + static_cast<std::ptrdiff_t>(first_), diagnostics_.end());
  last_unexpected_ = UINT32_MAX;
  known_.clear();
  left_out_ = 0;
}

}  // namespace dovetail::dsl::grammar
