#include "tools/sandbox/netvisor/document.hpp"

#include <pugixml.hpp>

#include "tools/sandbox/core/call.hpp"

namespace dovetail::sandbox::netvisor {

namespace {

constexpr int deepest = 20;

bool is_utf8(std::string_view text) {
  // The JSON library judges UTF-8 strictly.
  try {
    static_cast<void>(Json(std::string(text)).dump());
    return true;
  } catch (const Json::type_error&) {
    return false;
  }
}

void append(std::string& text, unsigned code) {
  if (code < 0x80U) {
    text += static_cast<char>(code);
  } else if (code < 0x800U) {
    text += {static_cast<char>(0xC0U | (code >> 6U)), static_cast<char>(0x80U | (code & 0x3FU))};
  } else {
    text += {static_cast<char>(0xE0U | (code >> 12U)), static_cast<char>(0x80U | ((code >> 6U) & 0x3FU)),
             static_cast<char>(0x80U | (code & 0x3FU))};
  }
}

std::string from_latin9(std::string_view bytes) {
  std::string text;
  for (const char each : bytes) {
    const unsigned byte = static_cast<unsigned char>(each);
    switch (byte) {
      case 0xA4:
        append(text, 0x20AC);
        break;
      case 0xA6:
        append(text, 0x160);
        break;
      case 0xA8:
        append(text, 0x161);
        break;
      case 0xB4:
        append(text, 0x17D);
        break;
      case 0xB8:
        append(text, 0x17E);
        break;
      case 0xBC:
        append(text, 0x152);
        break;
      case 0xBD:
        append(text, 0x153);
        break;
      case 0xBE:
        append(text, 0x178);
        break;
      default:
        append(text, byte);
    }
  }
  return text;
}

bool declares_latin(std::string_view body) {
  const std::string_view head = body.substr(0, body.find("?>"));
  return trim(head).starts_with("<?xml") && has_fold(head, "iso-8859-1");  // and -15
}

std::optional<Node> to_node(const pugi::xml_node& element, bool exact_names, int depth) {
  if (depth > deepest) return std::nullopt;
  Node node{.name = exact_names ? element.name() : lower(element.name()),
            .text = trim(element.text().get()),
            .attributes = {},
            .children = {}};
  for (const pugi::xml_attribute& each : element.attributes())
    node.attributes.emplace_back(lower(each.name()), each.value());
  for (const pugi::xml_node& child : element.children()) {
    if (child.type() != pugi::node_element) continue;
    auto read = to_node(child, exact_names, depth + 1);
    if (!read) return std::nullopt;
    node.children.push_back(std::move(*read));
  }
  return node;
}

}  // namespace

std::string Node::attribute(std::string_view wanted) const {
  for (const auto& [each, value] : attributes) {
    if (each == wanted) return value;
  }
  return {};
}

std::optional<Node> parse_document(std::string_view body, bool exact_names) {
  const std::string text = declares_latin(body) || !is_utf8(body) ? from_latin9(body) : std::string(body);
  pugi::xml_document document;
  const auto result =
      document.load_buffer(text.data(), text.size(), pugi::parse_default | pugi::parse_doctype, pugi::encoding_utf8);
  if (!result || !document.document_element()) return std::nullopt;
  for (const pugi::xml_node& each : document.children()) {
    if (each.type() == pugi::node_doctype) return std::nullopt;
  }
  return to_node(document.document_element(), exact_names, 0);
}

}  // namespace dovetail::sandbox::netvisor
