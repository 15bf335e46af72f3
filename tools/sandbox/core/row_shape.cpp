#include "tools/sandbox/core/row_shape.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "tools/sandbox/core/text.hpp"

namespace dovetail::sandbox {

namespace {

using Kind = RowPart::Kind;

bool is_list_of(const Json& value, bool (*fits)(const Json&)) {
  return value.is_array() && std::ranges::all_of(value, fits);
}

bool is_whole(const Json& value) { return value.is_number_integer(); }

bool is_of(Kind kind, const Json& value) {
  switch (kind) {
    case Kind::text:
      return value.is_string();
    case Kind::whole:
      return is_whole(value);
    case Kind::truth:
      return value.is_boolean();
    case Kind::object:
      return value.is_object();
    case Kind::texts:
      return is_list_of(value, [](const Json& each) { return each.is_string(); });
    case Kind::wholes:
      return is_list_of(value, is_whole);
    case Kind::objects:
      break;
  }
  return is_list_of(value, [](const Json& each) { return each.is_object(); });
}

const char* words(Kind kind) {
  switch (kind) {
    case Kind::text:
      return "a text";
    case Kind::whole:
      return "a whole number";
    case Kind::truth:
      return "true or false";
    case Kind::object:
      return "an object";
    case Kind::texts:
      return "a list of texts";
    case Kind::wholes:
      return "a list of whole numbers";
    case Kind::objects:
      break;
  }
  return "a list of objects";
}

bool is_list(Kind kind) { return kind == Kind::texts || kind == Kind::wholes || kind == Kind::objects; }

std::optional<std::string> misfit(const std::vector<RowPart>& parts, const Json& object, const std::string& place) {
  for (const RowPart& part : parts) {
    const std::string name = place + part.name;
    const auto found = object.find(part.name);
    if (found == object.end() || (found->is_null() && !is_list(part.kind))) {
      if (part.needed) return fmt::format("`{}` is missing: it must be {}", name, words(part.kind));
      continue;
    }
    if (!is_of(part.kind, *found)) return fmt::format("`{}` must be {}", name, words(part.kind));
    if (part.kind == Kind::object) {
      if (auto wrong = misfit(part.inside, *found, name + '.')) return wrong;
    }
    if (part.kind != Kind::objects) continue;
    for (std::size_t at = 0; at < found->size(); ++at) {
      if (auto wrong = misfit(part.inside, (*found)[at], fmt::format("{}[{}].", name, at))) return wrong;
    }
  }
  return std::nullopt;
}

}  // namespace

std::optional<std::string> misfit(const RowShape& shape, const std::string& id, const Json& row) {
  const auto number = to_number(id);
  if (shape.numbered && (!number || *number < 0)) return fmt::format("the id `{}` must be a whole number", id);
  return misfit(shape.parts, row, {});
}

}  // namespace dovetail::sandbox
