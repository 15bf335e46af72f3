#include "engine/ir/program.hpp"

namespace dovetail::ir {
namespace {

std::string selector_text(const Schema& schema, const Selector& selector) {
  switch (selector.kind) {
    case Selector::Kind::none:
      return {};
    case Selector::Kind::earliest:
      return "earliest";
    case Selector::Kind::latest:
      return "latest";
    case Selector::Kind::current:
      return "current";
    case Selector::Kind::where:
      break;
  }
  std::string text;
  for (const auto& [member, value] : selector.where) {
    if (!text.empty()) text += ", ";
    text += schema.members[member].name + " = " + value;
  }
  return text;
}

}  // namespace

std::string path_text(const Schema& schema, const Path& path) {
  std::string text = schema.members[path.member].path;
  if (const std::size_t brackets = text.find("[]"); brackets != std::string::npos) {
    text.insert(brackets + 1, selector_text(schema, path.selector));
  }
  return text;
}

}  // namespace dovetail::ir
