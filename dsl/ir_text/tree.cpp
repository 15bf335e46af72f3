#include "dsl/ir_text/tree.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace dovetail::dsl {
namespace {

std::string quoted_json(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    switch (c) {
      case '"':
        out += "\\\"";
        break;
      case '\\':
        out += "\\\\";
        break;
      case '\n':
        out += "\\n";
        break;
      case '\r':
        out += "\\r";
        break;
      case '\t':
        out += "\\t";
        break;
      default:
        if (static_cast<unsigned char>(c) < 0x20) {
          out += fmt::format("\\u{:04x}", static_cast<unsigned>(c));
        } else {
          out.push_back(c);
        }
    }
  }
  return out + "\"";
}

// Bare where it is a word, a path or a row of words as rule files have them.
bool is_plain(std::string_view text) {
  if (text.empty() || text.front() == ' ' || text.back() == ' ' || text.front() == '-' || text.front() == '"')
    return false;
  return std::ranges::all_of(text, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view(" ._-/[]=,<>():").find(c) != std::string_view::npos;
  });
}

std::string scalar_text(const Tree& tree) {
  return tree.kind != Tree::Kind::text || is_plain(tree.text) ? tree.text : quoted_json(tree.text);
}

bool is_scalar(const Tree& tree) { return tree.kind != Tree::Kind::object && tree.kind != Tree::Kind::list; }

void write_text(const Tree& tree, std::size_t level, std::string& out) {
  const std::string indent(level * 2, ' ');
  for (const Tree& item : tree.items) {
    if (tree.kind == Tree::Kind::object) {
      out += indent + item.label + (is_scalar(item) ? ": " + scalar_text(item) + "\n" : ":\n");
      if (!is_scalar(item)) write_text(item, level + 1, out);
      continue;
    }
    if (is_scalar(item)) {
      out += indent + "- " + scalar_text(item) + "\n";
      continue;
    }
    std::string inner;
    write_text(item, level + 1, inner);
    if (inner.size() > indent.size() + 1) inner[indent.size()] = '-';
    out += inner;
  }
}

void write_json(const Tree& tree, std::size_t level, std::string& out) {
  if (is_scalar(tree)) {
    out += tree.kind == Tree::Kind::text ? quoted_json(tree.text) : tree.text;
    return;
  }
  const bool is_list = tree.kind == Tree::Kind::list;
  out += is_list ? "[" : "{";
  for (std::size_t i = 0; i < tree.items.size(); ++i) {
    out += (i == 0 ? "\n" : ",\n") + std::string((level + 1) * 2, ' ');
    if (!is_list) out += quoted_json(tree.items[i].label) + ": ";
    write_json(tree.items[i], level + 1, out);
  }
  if (!tree.items.empty()) out += "\n" + std::string(level * 2, ' ');
  out += is_list ? "]" : "}";
}

}  // namespace

Tree Tree::of(std::string_view text) {
  Tree tree;
  tree.kind = Kind::text;
  tree.text = text;
  return tree;
}

Tree Tree::of_number(std::uint64_t number) {
  Tree tree;
  tree.kind = Kind::number;
  tree.text = std::to_string(number);
  return tree;
}

Tree Tree::of_truth(bool truth) {
  Tree tree;
  tree.kind = Kind::truth;
  tree.text = truth ? "true" : "false";
  return tree;
}

Tree Tree::list() {
  Tree tree;
  tree.kind = Kind::list;
  return tree;
}

bool Tree::is_empty() const { return !is_scalar(*this) && items.empty(); }

void Tree::add(std::string name, Tree value) {
  const bool says_nothing = value.is_empty() || (value.kind == Kind::text && value.text.empty()) ||
                            (value.kind == Kind::truth && value.text == "false");
  if (says_nothing) return;
  value.label = std::move(name);
  items.push_back(std::move(value));
}

std::string to_text(const Tree& tree) {
  std::string out;
  write_text(tree, 0, out);
  return out;
}

std::string to_json(const Tree& tree) {
  std::string out;
  write_json(tree, 0, out);
  return out + "\n";
}

}  // namespace dovetail::dsl
