// The lists that generated names, streets and titles are drawn from.
#pragma once

#include <array>
#include <span>
#include <string_view>
#include <utility>

namespace dovetail::sandbox {

using Names = std::span<const std::string_view>;

struct NameLists {
  Names women, men, families, streets;
  std::span<const std::pair<std::string_view, std::string_view>> cities;  // postal code, city
};

extern const NameLists finnish_names, norwegian_names, swedish_names;
extern const Names job_titles;

}  // namespace dovetail::sandbox
