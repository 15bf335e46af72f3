#include "dsl/check/report.hpp"

#include <algorithm>

#include "dsl/check/suppressions.hpp"

namespace dovetail::dsl {

void Report::add(Diagnostic&& diagnostic) {
  if (suppressions_ != nullptr && suppressions_->drop(diagnostic)) return;
  Count& count = counts_[static_cast<std::size_t>(diagnostic.severity)];
  if (count.kept == most_shown) {
    ++count.left_out;
    return;
  }
  ++count.kept;
  diagnostics_.push_back(std::move(diagnostic));
}

void Report::finish() {
  for (auto found = diagnostics_.rbegin(); found != diagnostics_.rend(); ++found) {
    Count& count = counts_[static_cast<std::size_t>(found->severity)];
    if (count.left_out == 0 || found->left_out > 0) continue;
    found->leaving_out(count.left_out);
    count.left_out = 0;
  }
}

void Report::add_with_similar(Diagnostic&& diagnostic, Span written_span, std::string_view written,
                              const Candidates& candidates_of) {
  if (suggestions_left_ > 0) {
    --suggestions_left_;
    const std::vector<std::string_view> candidates = candidates_of();
    if (const auto near = find_similar(written, candidates)) {
      diagnostic.help = "there is " + quoted(*near) + " with a similar name";
      diagnostic.fix = Fix{kind(diagnostic.id).fix, {{written_span, std::string(*near)}}};
      const bool is_elsewhere = near->find('.') != written.find('.');  // a whole path in place of a segment
      if (diagnostic.fix->kind == FixKind::none || is_elsewhere) diagnostic.fix.reset();
    } else if (!candidates.empty() && candidates.size() <= 12) {
      diagnostic.help = (candidates.size() == 1 ? "there is " : "there are ") + listed(candidates, 12);
    }
  }
  add(std::move(diagnostic));
}

std::string quoted(std::string_view text) { return "`" + std::string(text) + "`"; }

std::string listed(std::span<const std::string_view> names, std::size_t most) {
  std::string out;
  const std::size_t shown = names.size() > most ? most - 1 : names.size();
  for (std::size_t i = 0; i < shown; ++i) {
    if (i > 0) out += i + 1 == names.size() ? " and " : ", ";
    out += quoted(names[i]);
  }
  if (shown < names.size()) out += " and " + std::to_string(names.size() - shown) + " more";
  return out;
}

ir::Origin origin_of(const SourceFile& file, Span span) {
  const Place place = file.place(span.begin);
  return {file.name(), place.line, place.column};
}

std::string written_text(const SourceFile& file, Span span) {
  std::string out;
  bool blank = false;
  for (const char c : file.text(span)) {
    const bool is_blank = c == ' ' || c == '\t' || c == '\n' || c == '\r';
    if (!is_blank) {
      if (blank && !out.empty()) out.push_back(' ');
      out.push_back(c);
    }
    blank = is_blank;
  }
  return out;
}

}  // namespace dovetail::dsl
