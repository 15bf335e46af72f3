#include "providers/toolkit/json_node.hpp"

#include <algorithm>
#include <cstring>
#include <new>

namespace dovetail::providers {
namespace {

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

bool same_ignoring_case(std::string_view a, std::string_view b) { return std::ranges::equal(a, b, {}, lower, lower); }

void append_string(std::string& into, std::string_view text) {
  constexpr std::string_view digits = "0123456789abcdef";
  into += '"';
  for (const char c : text) {
    switch (c) {
      case '"':
        into += "\\\"";
        break;
      case '\\':
        into += "\\\\";
        break;
      case '\n':
        into += "\\n";
        break;
      case '\r':
        into += "\\r";
        break;
      case '\t':
        into += "\\t";
        break;
      default:
        if (static_cast<unsigned char>(c) < 0x20) {
          into += "\\u00";
          into += digits[static_cast<unsigned char>(c) >> 4U];
          into += digits[static_cast<unsigned char>(c) & 15U];
        } else {
          into += c;
        }
    }
  }
  into += '"';
}

void break_line(std::string& into, const JsonLayout& layout, std::size_t level) {
  into += layout.line_break;
  if (layout.line_break.empty()) return;
  for (std::size_t i = 0; i < level; ++i) into += layout.indent;
}

void append_composite(std::string& into, const JsonNode& node, std::string_view source, const JsonLayout& layout,
                      std::size_t level) {
  const bool object = node.kind == JsonNode::Kind::object;
  into += object ? '{' : '[';
  for (const JsonNode* child = node.first; child != nullptr; child = child->next) {
    break_line(into, layout, level + 1);
    if (object) {
      append_string(into, child->name);
      into += layout.blank_after_colon ? ": " : ":";
    }
    append_json(into, *child, source, layout, level + 1);
    if (child->next == nullptr) break;
    into += ',';
    if (layout.line_break.empty() && layout.blank_after_comma) into += ' ';
  }
  if (node.first != nullptr) break_line(into, layout, level);
  into += object ? '}' : ']';
}

}  // namespace

JsonNode* JsonNode::find(std::string_view wanted) const {
  for (JsonNode* child = first; child != nullptr; child = child->next) {
    if (child->name == wanted) return child;
  }
  for (JsonNode* child = first; child != nullptr; child = child->next) {
    if (same_ignoring_case(child->name, wanted)) return child;
  }
  return nullptr;
}

void JsonNode::append(JsonNode* child) { insert_after(last, child); }

void JsonNode::insert_after(JsonNode* before, JsonNode* child) {
  JsonNode*& link = before == nullptr ? first : before->next;
  child->next = link;
  child->parent = this;
  link = child;
  if (last == before) last = child;
}

void JsonNode::mark_edited() {
  for (JsonNode* node = this; node != nullptr; node = node->parent) node->edited = true;
}

JsonNode* JsonArena::make(JsonNode::Kind kind, std::string_view text) {
  void* place = memory_.allocate(sizeof(JsonNode), alignof(JsonNode));
  auto* node = new (place) JsonNode;  // the arena frees the memory; nodes have nothing to destroy
  node->kind = kind;
  node->text = keep(text);
  return node;
}

std::string_view JsonArena::keep(std::string_view text) {
  if (text.empty()) return {};
  auto* bytes = static_cast<char*>(memory_.allocate(text.size(), 1));
  std::memcpy(bytes, text.data(), text.size());
  return {bytes, text.size()};
}

JsonLayout JsonLayout::of(std::string_view text) {
  JsonLayout layout;
  const std::size_t open = text.find_first_of("{[");
  const std::size_t first = open == std::string_view::npos ? open : text.find_first_not_of(" \t\r\n", open + 1);
  if (first == std::string_view::npos) return {.indent = "  ", .line_break = "\n", .blank_after_colon = true};
  const std::string_view gap = text.substr(open + 1, first - open - 1);
  if (const std::size_t line = gap.find('\n'); line != std::string_view::npos) {
    layout.line_break = line > 0 && gap[line - 1] == '\r' ? "\r\n" : "\n";
    layout.indent = gap.substr(gap.rfind('\n') + 1);
  }
  const std::string_view start = text.substr(0, 4096);
  layout.blank_after_colon = start.find("\": ") != std::string_view::npos;
  layout.blank_after_comma = start.find(", \"") != std::string_view::npos;
  return layout;
}

void append_json(std::string& into, const JsonNode& node, std::string_view source, const JsonLayout& layout,
                 std::size_t level) {
  switch (node.kind) {
    case JsonNode::Kind::null:
      into += "null";
      return;
    case JsonNode::Kind::boolean:
    case JsonNode::Kind::number:
      into += node.text;
      return;
    case JsonNode::Kind::text:
      append_string(into, node.text);
      return;
    case JsonNode::Kind::object:
    case JsonNode::Kind::array:
      break;
  }
  if (!node.edited && node.end > node.begin) {
    into += source.substr(node.begin, node.end - node.begin);
  } else {
    append_composite(into, node, source, layout, level);
  }
}

}  // namespace dovetail::providers
