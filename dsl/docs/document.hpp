// A document before it has a format: blocks of text that Markdown and HTML are made of.
#pragma once

#include <string>
#include <variant>
#include <vector>

namespace dovetail::dsl {

struct Run {
  enum class Style : unsigned char { plain, code, strong };
  std::string text;
  Style style = Style::plain;
};
using Line = std::vector<Run>;

struct Heading {
  int level = 1;  // 1 is the document's title
  std::string text;
};
struct Notice {  // a paragraph that must not be overlooked
  Line line;
};
struct Paragraph {
  Line line;
};
struct ListOfLines {
  bool ordered = false;
  std::vector<Line> lines;
};
struct Table {
  using Cell = std::vector<Line>;  // lines below each other
  std::vector<std::string> columns;
  std::vector<std::vector<Cell>> rows;  // each as wide as `columns`
};
using Block = std::variant<Heading, Notice, Paragraph, ListOfLines, Table>;

struct Document {
  std::vector<Block> blocks;  // the first is the title
};

// Every text is shown as it is: what is special in the format is escaped. Both end with a line break.
std::string to_markdown(const Document& document);

// One page that needs nothing else: styles inside, no scripts.
std::string to_html(const Document& document);

// Helps to write lines: plain("as "), code("email").
inline Run plain(std::string text) { return {std::move(text), Run::Style::plain}; }
inline Run code(std::string text) { return {std::move(text), Run::Style::code}; }
inline Run strong(std::string text) { return {std::move(text), Run::Style::strong}; }

}  // namespace dovetail::dsl
