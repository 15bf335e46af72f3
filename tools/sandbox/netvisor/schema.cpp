#include "tools/sandbox/netvisor/schema.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "tools/sandbox/ids/civil_date.hpp"
#include "tools/sandbox/ids/country.hpp"
#include "tools/sandbox/netvisor/document.hpp"

namespace dovetail::sandbox::netvisor {

namespace {

bool matches(const Element& element, const std::string& name) {
  if (!element.name.ends_with('*')) return element.name == name;
  return name.starts_with(element.name.substr(0, element.name.size() - 1));
}

std::size_t characters(std::string_view utf8) {
  return static_cast<std::size_t>(
      std::ranges::count_if(utf8, [](char each) { return (static_cast<unsigned char>(each) & 0xC0U) != 0x80U; }));
}

// A number with at most `decimals` digits after comma or point, not above `most`.
bool is_decimal(std::string text, int most) {
  std::ranges::replace(text, ',', '.');
  const auto point = text.find('.');
  const auto whole = to_number(text.substr(0, point));
  const std::string rest = point == std::string::npos ? "" : text.substr(point + 1);
  if (!whole || *whole < 0 || rest.size() > 2 || (point != std::string::npos && !all_digits(rest))) return false;
  return *whole < most || (*whole == most && rest.find_first_not_of('0') == std::string::npos);
}

bool fits_kind(const Element& element, const std::string& text) {
  switch (element.kind) {
    case Kind::date:
      return date_from(text).has_value();
    case Kind::number:
      return all_digits(text);
    case Kind::percent:
      return is_decimal(text, 100);
    case Kind::hours:
      return is_decimal(text, 168);
    case Kind::flag:
      return text == "0" || text == "1";
    case Kind::choice:
      return std::ranges::find(element.choices, text) != element.choices.end();
    case Kind::country:
      return is_country(upper(text));
    case Kind::language:
      return text.size() == 2 && std::ranges::all_of(upper(text), [](char c) { return c >= 'A' && c <= 'Z'; });
    default:
      return true;
  }
}

class Reader {
 public:
  explicit Reader(const Reading& reading) : reading_(reading) {}

  std::expected<Json, Refusal> group(const Node& node, const Element& schema) {
    Json json = Json::object();
    std::size_t expected = 0;
    for (const Node& child : node.children) {
      const auto at = next(schema, child.name, expected);
      if (!at) return std::unexpected(form_incorrect());
      const Element& element = schema.children[*at];
      expected = element.many || element.name.ends_with('*') ? *at : *at + 1;
      if (!element.many && json.contains(child.name)) return std::unexpected(form_incorrect());
      auto value = read(child, element);
      if (!value) return value;
      if (element.many) {
        json[child.name].push_back(std::move(*value));
      } else {
        json[child.name] = std::move(*value);
      }
      if (const std::string type = child.attribute("type"); !type.empty()) json[child.name + "@type"] = type;
    }
    return json;
  }

 private:
  // The place in the sequence, at or after `from`; mandatory elements may not be passed over when something is added.
  std::optional<std::size_t> next(const Element& schema, const std::string& name, std::size_t from) const {
    for (std::size_t at = from; at < schema.children.size(); ++at) {
      if (matches(schema.children[at], name)) return at;
    }
    return std::nullopt;
  }

  std::expected<Json, Refusal> read(const Node& node, const Element& element) {
    if (element.kind == Kind::anything) return Json(node.text);
    if (element.kind == Kind::group) {
      auto json = group(node, element);
      if (json && !complete(*json, element)) return std::unexpected(form_incorrect());
      const bool repeats = element.children.size() == 1 && element.children[0].many;
      if (json && json->empty() && repeats) return std::unexpected(form_incorrect());
      return json;
    }
    if (!node.children.empty()) return std::unexpected(form_incorrect());
    if (node.text.empty()) {
      if (element.mandatory && (reading_.adding || !reading_.empty_mandatory)) return std::unexpected(form_incorrect());
      return Json("");
    }
    if (element.most != 0 && characters(node.text) > element.most) return std::unexpected(too_long(element));
    const bool ansi = node.attribute("format") == "ansi" || !reading_.ansi_attribute;
    if (!fits_kind(element, node.text) || (element.kind == Kind::date && !ansi))
      return std::unexpected(form_incorrect());
    return Json(node.text);
  }

  Refusal too_long(const Element& element) const {
    Refusal refusal =
        data_incorrect(fmt::format("Value of {} is too long, at most {} characters", element.name, element.most));
    if (reading_.too_long_is_size) refusal.code = "INVALID_DATA_SIZE";
    return refusal;
  }

 public:
  bool complete(const Json& json, const Element& schema) const {
    return !reading_.adding || std::ranges::all_of(schema.children, [&](const Element& each) {
      return !each.mandatory || json.contains(each.name);
    });
  }

 private:
  Reading reading_;
};

}  // namespace

std::expected<Json, Refusal> read_body(std::string_view body, const std::vector<std::string>& path,
                                       const Element& schema, const Reading& reading) {
  const auto document = parse_document(body, reading.exact_names);
  if (!document || document->name != "root") return std::unexpected(form_incorrect());
  const Node* node = &*document;
  for (const std::string& step : path) {
    if (node->children.size() != 1 || node->children[0].name != step) return std::unexpected(form_incorrect());
    node = &node->children[0];
  }
  Reader reader(reading);
  auto json = reader.group(*node, schema);
  if (json && !reader.complete(*json, schema)) return std::unexpected(form_incorrect());
  return json;
}

}  // namespace dovetail::sandbox::netvisor
