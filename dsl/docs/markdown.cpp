#include <cassert>
#include <cctype>
#include <string_view>

#include "dsl/docs/document.hpp"

namespace dovetail::dsl {
namespace {

template <class... Cases>
struct Overloaded : Cases... {
  using Cases::operator()...;
};

// `<` opens a tag or a link only before a letter and a few marks; `<->` is shown as it stands.
bool opens_tag(char next) {
  return (next >= 'a' && next <= 'z') || (next >= 'A' && next <= 'Z') || next == '/' || next == '!' || next == '?';
}

bool is_word(std::string_view text, std::size_t at) {
  return at < text.size() && std::isalnum(static_cast<unsigned char>(text[at])) != 0;
}

// `_` inside a word is no emphasis.
bool is_special(std::string_view text, std::size_t at) {
  const char c = text[at];
  if (c == '<') return at + 1 < text.size() && opens_tag(text[at + 1]);
  if (c == '_') return at == 0 || !is_word(text, at - 1) || !is_word(text, at + 1);
  return std::string_view("\\`*[]|").find(c) != std::string_view::npos;
}

// Line breaks would end a table row or a heading: they become blanks.
void append_plain(std::string& out, std::string_view text) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (is_special(text, i)) out += '\\';
    out += c == '\n' || c == '\r' ? ' ' : c;
  }
}

// A code span of Markdown can't be escaped; only the cell separator can, and only inside a table.
void append_code(std::string& out, std::string_view text) {
  out += text.find('`') == std::string_view::npos ? "`" : "`` ";
  for (const char c : text) {
    if (c == '|') out += '\\';
    out += c == '\n' || c == '\r' ? ' ' : c;
  }
  out += text.find('`') == std::string_view::npos ? "`" : " ``";
}

void append(std::string& out, const Line& line) {
  for (const Run& run : line) {
    switch (run.style) {
      case Run::Style::plain:
        append_plain(out, run.text);
        break;
      case Run::Style::code:
        append_code(out, run.text);
        break;
      case Run::Style::strong:
        out += "**";
        append_plain(out, run.text);
        out += "**";
        break;
    }
  }
}

void append(std::string& out, const Table& table) {
  out += '|';
  for (const std::string& column : table.columns) {
    out += ' ';
    append_plain(out, column);
    out += column.empty() ? "|" : " |";
  }
  out += "\n|";
  for (std::size_t i = 0; i < table.columns.size(); ++i) out += " --- |";
  for (const auto& row : table.rows) {
    assert(row.size() == table.columns.size());
    out += "\n|";
    for (const Table::Cell& cell : row) {
      for (std::size_t i = 0; i < cell.size(); ++i) {
        out += i == 0 ? " " : "<br>";
        append(out, cell[i]);
      }
      out += " |";
    }
  }
  out += '\n';
}

void append(std::string& out, const ListOfLines& list) {
  for (std::size_t i = 0; i < list.lines.size(); ++i) {
    out += list.ordered ? std::to_string(i + 1) + ". " : "- ";
    append(out, list.lines[i]);
    out += '\n';
  }
}

}  // namespace

std::string to_markdown(const Document& document) {
  std::string out;
  for (const Block& block : document.blocks) {
    if (!out.empty()) out += '\n';
    std::visit(Overloaded{[&](const Heading& heading) {
                            out.append(static_cast<std::size_t>(heading.level), '#');
                            out += ' ';
                            append_plain(out, heading.text);
                            out += '\n';
                          },
                          [&](const Notice& notice) {
                            out += "> ";
                            append(out, notice.line);
                            out += '\n';
                          },
                          [&](const Paragraph& paragraph) {
                            append(out, paragraph.line);
                            out += '\n';
                          },
                          [&](const auto& other) { append(out, other); }},
               block);
  }
  return out;
}

}  // namespace dovetail::dsl
