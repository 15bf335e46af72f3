#include <string_view>

#include "dsl/docs/document.hpp"

namespace dovetail::dsl {
namespace {

constexpr std::string_view style = R"(
:root { color-scheme: light dark; --ink: #1c2430; --soft: #5b6675; --line: #dde2e8; --paper: #ffffff; --tint: #f4f6f9;
  --accent: #1f5fbf; --warn: #fff4db; --warn-line: #d99a1c; }
@media (prefers-color-scheme: dark) { :root { --ink: #e5e9ef; --soft: #9aa6b5; --line: #333c48; --paper: #14181e;
  --tint: #1c222a; --accent: #7fb0ff; --warn: #33290f; --warn-line: #b8841f; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink);
  font: 16px/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif; }
main { max-width: 68rem; margin: 0 auto; padding: 2.5rem 1.25rem 5rem; }
h1 { font-size: 2rem; line-height: 1.2; margin: 0 0 1rem; letter-spacing: -0.01em; }
h2 { font-size: 1.35rem; margin: 2.75rem 0 0.75rem; padding-top: 0.75rem; border-top: 1px solid var(--line); }
h3 { font-size: 1.05rem; margin: 1.75rem 0 0.5rem; }
p, li { max-width: 46rem; }
nav { margin: 1.5rem 0; padding: 0.75rem 1rem; background: var(--tint); border-radius: 0.5rem; }
nav ul { margin: 0; padding: 0; list-style: none; display: flex; flex-wrap: wrap; gap: 0.25rem 1.25rem; }
a { color: var(--accent); text-decoration: none; }
a:hover { text-decoration: underline; }
.notice { padding: 0.75rem 1rem; background: var(--warn); border-left: 4px solid var(--warn-line); border-radius: 0.25rem; }
.wide { overflow-x: auto; }
table { width: 100%; border-collapse: collapse; font-size: 0.92rem; }
th, td { text-align: left; vertical-align: top; padding: 0.5rem 0.75rem; border-bottom: 1px solid var(--line); }
th { color: var(--soft); font-weight: 600; background: var(--tint); white-space: nowrap; }
code { font: 0.88em ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; background: var(--tint);
  padding: 0.1em 0.3em; border-radius: 0.25em; overflow-wrap: anywhere; }
@media print { nav { display: none; } main { padding: 0; max-width: none; } .wide { overflow: visible; } }
)";

void append_text(std::string& out, std::string_view text) {
  for (const char c : text) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\'':
        out += "&#39;";
        break;
      default:
        out += c;
    }
  }
}

void append(std::string& out, const Line& line) {
  for (const Run& run : line) {
    const std::string_view tag = run.style == Run::Style::code     ? "code"
                                 : run.style == Run::Style::strong ? "strong"
                                                                   : "";
    if (!tag.empty()) out.append("<").append(tag).append(">");
    append_text(out, run.text);
    if (!tag.empty()) out.append("</").append(tag).append(">");
  }
}

void append(std::string& out, const ListOfLines& list) {
  out += list.ordered ? "<ol>\n" : "<ul>\n";
  for (const Line& line : list.lines) {
    out += "<li>";
    append(out, line);
    out += "</li>\n";
  }
  out += list.ordered ? "</ol>\n" : "</ul>\n";
}

void append(std::string& out, const Table& table) {
  out += "<div class=\"wide\"><table>\n<thead><tr>";
  for (const std::string& column : table.columns) {
    out += "<th scope=\"col\">";
    append_text(out, column);
    out += "</th>";
  }
  out += "</tr></thead>\n<tbody>\n";
  for (const auto& row : table.rows) {
    out += "<tr>";
    for (const Table::Cell& cell : row) {
      out += "<td>";
      for (std::size_t i = 0; i < cell.size(); ++i) {
        if (i != 0) out += "<br>";
        append(out, cell[i]);
      }
      out += "</td>";
    }
    out += "</tr>\n";
  }
  out += "</tbody>\n</table></div>\n";
}

std::string anchor(std::size_t number) { return "part-" + std::to_string(number); }

void append_contents(std::string& out, const Document& document) {
  out += "<nav aria-label=\"Contents\"><ul>\n";
  std::size_t number = 0;
  for (const Block& block : document.blocks) {
    const auto* heading = std::get_if<Heading>(&block);
    if (heading == nullptr || heading->level != 2) continue;
    out += "<li><a href=\"#" + anchor(++number) + "\">";
    append_text(out, heading->text);
    out += "</a></li>\n";
  }
  out += "</ul></nav>\n";
}

void append(std::string& out, const Block& block, std::size_t& number) {
  if (const auto* heading = std::get_if<Heading>(&block)) {
    const std::string tag = "h" + std::to_string(heading->level);
    out += "<" + tag + (heading->level == 2 ? " id=\"" + anchor(++number) + "\">" : ">");
    append_text(out, heading->text);
    out += "</" + tag + ">\n";
  } else if (const auto* notice = std::get_if<Notice>(&block)) {
    out += "<p class=\"notice\">";
    append(out, notice->line);
    out += "</p>\n";
  } else if (const auto* paragraph = std::get_if<Paragraph>(&block)) {
    out += "<p>";
    append(out, paragraph->line);
    out += "</p>\n";
  } else if (const auto* list = std::get_if<ListOfLines>(&block)) {
    append(out, *list);
  } else {
    append(out, std::get<Table>(block));
  }
}

}  // namespace

std::string to_html(const Document& document) {
  const auto* title = document.blocks.empty() ? nullptr : std::get_if<Heading>(&document.blocks.front());
  std::string out =
      "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>";
  if (title != nullptr) append_text(out, title->text);
  out.append("</title>\n<style>").append(style).append("</style>\n</head>\n<body>\n<main>\n");
  std::size_t number = 0;
  bool contents = false;
  for (const Block& block : document.blocks) {
    const auto* heading = std::get_if<Heading>(&block);
    if (!contents && heading != nullptr && heading->level == 2) {
      append_contents(out, document);
      contents = true;
    }
    append(out, block, number);
  }
  out += "</main>\n</body>\n</html>\n";
  return out;
}

}  // namespace dovetail::dsl
