// An XML request body as a tree with lower-case names: Netvisor does not care about their case.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tools/sandbox/core/text.hpp"

namespace dovetail::sandbox::netvisor {

struct Node {
  std::string name;  // lower case
  std::string text;  // of a leaf, blanks at both ends cut
  Pairs attributes;  // names in lower case
  std::vector<Node> children;

  std::string attribute(std::string_view wanted) const;  // "" when absent
};

// nullopt when `body` is not well-formed or nested too deeply. Read as ISO-8859-15 where it declares that or is no
// UTF-8.
std::optional<Node> parse_document(std::string_view body, bool exact_names = false);

}  // namespace dovetail::sandbox::netvisor
