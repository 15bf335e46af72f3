#include "dsl/render/text.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <tuple>
#include <vector>

#include "dsl/render/characters.hpp"

namespace dovetail::dsl {
namespace {

enum class Paint : std::uint8_t { plain, strong, frame, error, warning, note };

class Pen {
 public:
  explicit Pen(bool color) : color_(color) {}

  std::string operator()(Paint paint, std::string_view text) const {
    static constexpr std::string_view codes[] = {"0", "1", "1;34", "1;31", "1;33", "1;36"};
    if (!color_ || paint == Paint::plain || text.empty()) return std::string(text);
    return fmt::format("\x1b[{}m{}\x1b[0m", codes[static_cast<std::size_t>(paint)], text);
  }

 private:
  bool color_;
};

Paint paint_of(Severity severity) {
  switch (severity) {
    case Severity::error:
      return Paint::error;
    case Severity::warning:
      return Paint::warning;
    default:
      return Paint::note;
  }
}

// Something underlined in one line of one file.
struct Mark {
  const Label* label = nullptr;
  bool primary = false;
  std::uint32_t line = 0;
  std::size_t begin = 0, end = 0;  // bytes of the line
};

Mark mark_of(const Label& label, bool primary) {
  const SourceFile& file = *label.file;
  const std::uint32_t line = file.place(label.span.begin).line;
  const std::string_view text = file.line(line);
  // The line's view lies in the file's text, but for lines that do not exist.
  const Offset start =
      text.data() == nullptr ? label.span.begin : static_cast<Offset>(text.data() - file.text().data());
  const std::size_t begin = std::min<std::size_t>(label.span.begin - start, text.size());
  const std::size_t end =
      std::clamp<std::size_t>(std::max(label.span.end, label.span.begin) - start, begin, text.size());
  return {&label, primary, line, begin, end};
}

// The part of a line that is shown, as printed, and where its bytes are in it.
struct Window {
  std::string shown;
  std::size_t first = 0, last = 0;  // bytes of the line
  std::size_t lead = 0;             // columns before them: of the mark that something was left out
};

std::size_t columns_between(std::string_view line, std::size_t from, std::size_t to) {
  std::size_t columns = 0;
  for (std::size_t at = from; at < to && at < line.size();) {
    const ShownCharacter one = shown_character(line, at);
    columns += one.width;
    at += one.bytes;
  }
  return columns;
}

Window window_of(std::string_view line, const std::vector<Mark>& marks, std::size_t columns) {
  Window window{{}, 0, line.size(), 0};
  // A character has at most four bytes: a longer line need not be measured.
  const bool may_fit = line.size() <= 4 * columns;
  if (line.size() > columns && !(may_fit && columns_between(line, 0, line.size()) <= columns)) {
    std::size_t begin = marks.front().begin;
    for (const Mark& mark : marks) begin = mark.primary ? mark.begin : std::min(begin, mark.begin);
    window.first = begin > columns / 3 ? begin - columns / 3 : 0;
    if (window.first < 8) window.first = 0;
    while (window.first > 0 && (static_cast<unsigned char>(line[window.first]) & 0xC0U) == 0x80U) --window.first;
    window.last = window.first;
    for (std::size_t used = 0; window.last < line.size() && used < columns;) {
      const ShownCharacter one = shown_character(line, window.last);
      used += one.width;
      window.last += one.bytes;
    }
  }
  if (window.first > 0) {
    window.shown = "…";
    window.lead = 1;
  }
  window.shown += printable(line.substr(window.first, window.last - window.first));
  if (window.last < line.size()) window.shown += "…";
  return window;
}

class Page {
 public:
  Page(const Diagnostic& diagnostic, const TextOptions& options)
      : diagnostic_(diagnostic), options_(options), pen_(options.color), paint_(paint_of(diagnostic.severity)) {
    std::uint32_t last = 1;
    const auto note_line = [&](const Label& label) { last = std::max(last, label.file->place(label.span.begin).line); };
    note_line(diagnostic.primary);
    for (const Label& label : diagnostic.labels) note_line(label);
    gutter_ = std::to_string(last).size();
  }

  std::string write() {
    const std::string code = fmt::format("{}[{}]", name(diagnostic_.severity), name(diagnostic_.id));
    page_ = pen_(paint_, code) + pen_(Paint::strong, ": " + printable(diagnostic_.message)) + "\n";
    write_file(*diagnostic_.primary.file, "-->", diagnostic_.primary.span.begin);
    std::vector<const SourceFile*> others;
    for (const Label& label : diagnostic_.labels) {
      if (label.file == diagnostic_.primary.file || std::ranges::count(others, label.file) > 0) continue;
      others.push_back(label.file);
      write_file(*label.file, ":::", label.span.begin);
    }
    if (!diagnostic_.notes.empty() || !diagnostic_.help.empty()) row("", "|", "");
    for (const std::string& note : diagnostic_.notes) remark("note", note);
    if (!diagnostic_.help.empty()) remark("help", diagnostic_.help);
    return std::move(page_);
  }

 private:
  void row(std::string_view number, std::string_view bar, const std::string& rest) {
    page_ += pen_(Paint::frame, fmt::format("{:>{}} {}", number, gutter_, bar));
    if (!rest.empty()) page_ += " " + rest;
    page_ += "\n";
  }

  void remark(std::string_view kind, std::string_view text) {
    row("", "=", pen_(Paint::strong, fmt::format("{}:", kind)) + " " + printable(text));
  }

  // The lines of one file that are marked, in order, with what is marked in each.
  void write_file(const SourceFile& file, std::string_view arrow, Offset at) {
    const Place place = file.place(at);
    page_ += pen_(Paint::frame, fmt::format("{:>{}}{}", "", gutter_, arrow)) +
             fmt::format(" {}:{}:{}\n", printable(file.name()), place.line, place.column);
    row("", "|", "");
    std::vector<Mark> marks;
    if (diagnostic_.primary.file == &file) marks.push_back(mark_of(diagnostic_.primary, true));
    for (const Label& label : diagnostic_.labels) {
      if (label.file == &file) marks.push_back(mark_of(label, false));
    }
    std::ranges::sort(marks, {}, [](const Mark& mark) {
      return std::tuple(mark.line, mark.begin, !mark.primary, mark.label);  // labels in the diagnostic's order
    });
    std::uint32_t before = 0;
    for (std::size_t i = 0; i < marks.size();) {
      std::vector<Mark> line_marks;
      const std::uint32_t line = marks[i].line;
      for (; i < marks.size() && marks[i].line == line; ++i) line_marks.push_back(marks[i]);
      if (before != 0 && line > before + 1) page_ += pen_(Paint::frame, "...") + "\n";
      write_line(file, line, line_marks);
      before = line;
    }
  }

  void write_line(const SourceFile& file, std::uint32_t line, const std::vector<Mark>& marks) {
    const std::string_view text = file.line(line);
    const Window window = window_of(text, marks, options_.columns);
    row(std::to_string(line), "|", window.shown);
    for (const Mark& mark : marks) {
      const std::size_t begin = std::clamp(mark.begin, window.first, window.last);
      const std::size_t end = std::clamp(mark.end, begin, window.last);
      const std::size_t before = window.lead + columns_between(text, window.first, begin);
      const std::size_t width = std::max<std::size_t>(1, columns_between(text, begin, end));
      std::string underline(width, mark.primary ? '^' : '-');
      if (!mark.label->text.empty()) underline += " " + printable(mark.label->text);
      row("", "|", std::string(before, ' ') + pen_(mark.primary ? paint_ : Paint::frame, underline));
    }
  }

  const Diagnostic& diagnostic_;
  const TextOptions& options_;
  Pen pen_;
  Paint paint_;
  std::size_t gutter_ = 1;
  std::string page_;
};

}  // namespace

std::string to_text(const Diagnostic& diagnostic, const TextOptions& options) {
  return Page(diagnostic, options).write();
}

std::string to_text(std::span<const Diagnostic> diagnostics, const TextOptions& options) {
  std::string text;
  for (const Diagnostic& one : diagnostics) {
    if (!text.empty()) text += "\n";
    text += to_text(one, options);
  }
  return text;
}

std::string summary(std::span<const Diagnostic> diagnostics) {
  std::string text;
  for (const Severity severity : {Severity::error, Severity::warning, Severity::note, Severity::pedantic}) {
    std::size_t shown = 0, count = 0;
    for (const Diagnostic& one : diagnostics) {
      if (one.severity != severity) continue;
      ++shown;
      count += 1 + one.left_out;
    }
    if (count == 0) continue;
    if (!text.empty()) text += ", ";
    const std::string_view called = severity == Severity::pedantic ? "pedantic note" : name(severity);
    text += fmt::format("{} {}{}", count, called, count == 1 ? "" : "s");
    if (shown < count) text += fmt::format(" ({} shown)", shown);
  }
  return text.empty() ? "nothing found" : text;
}

}  // namespace dovetail::dsl
