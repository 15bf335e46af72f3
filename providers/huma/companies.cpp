#include "providers/huma/companies.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "providers/toolkit/wire_writes.hpp"

namespace dovetail::providers::huma {
namespace {

constexpr int page_size = 50;

std::string which_group(const std::vector<Company>& companies) {
  constexpr std::size_t most = 5;
  std::string text = fmt::format(
      "Huma has {} companies: say with the credential `groups` (the environment's DOVETAIL_HUMA_GROUPS) into which "
      "groups people are added, by their ids",
      companies.size());
  for (std::size_t i = 0; i < std::min(companies.size(), most); ++i) {
    text += fmt::format("{} {} ({})", i == 0 ? ":" : ",", companies[i].id, companies[i].name);
  }
  return text + (companies.size() > most ? ", …" : "");
}

}  // namespace

// The list is an array of all, or pages.
Result<std::vector<Company>> read_companies(Calls& calls) {
  std::vector<Company> companies;
  std::string first_of_last;
  for (int offset = 0;; offset += page_size) {
    const std::string from = offset == 0 ? "" : fmt::format("&offset={}", offset);
    const auto groups =
        calls.json({.operation = "groups", .target = fmt::format("/groups?limit={}{}", page_size, from)},
                   {.kind = Expected::Kind::either});
    if (!groups) return std::unexpected(groups.error());
    const JsonNode& root = (*groups)->root();
    const bool is_page = root.kind != JsonNode::Kind::array;
    const JsonNode* list = is_page ? root.find("items") : &root;
    const JsonNode* group = list == nullptr ? nullptr : list->first;
    const std::string first(group == nullptr ? "" : text_member(*group, "id"));
    if (first.empty() || first == first_of_last) return companies;
    first_of_last = first;
    int count = 0;
    for (; group != nullptr; group = group->next, ++count) {
      if (text_member(*group, "type") == "company")
        companies.push_back({std::string(text_member(*group, "id")), std::string(text_member(*group, "name"))});
    }
    if (!is_page || count < page_size) return companies;
  }
}

Result<std::string> groups_for_new(std::string_view wanted, const std::vector<Company>& companies) {
  std::vector<std::string> ids;
  while (!wanted.empty()) {
    const std::string_view id = wanted.substr(0, wanted.find(','));
    wanted.remove_prefix(std::min(id.size() + 1, wanted.size()));
    if (!id.empty()) ids.emplace_back(json_text(id));
  }
  if (ids.empty()) {
    for (const Company& company : companies) ids.emplace_back(json_text(company.id));
    if (ids.size() != 1) return std::unexpected(Error{.kind = Error::Kind::data, .what = which_group(companies)});
  }
  return fmt::format("[{}]", fmt::join(ids, ","));
}

}  // namespace dovetail::providers::huma
