#include "providers/huma/pages.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <set>

namespace dovetail::providers::huma {
namespace {

constexpr std::size_t page_size = 50;  // the most that Huma gives

Completeness partial(std::string reason) { return {.complete = false, .reason = std::move(reason)}; }

}  // namespace

Result<Completeness> read_pages(Calls& calls, const std::string& operation, const std::string& path, bool to_the_end,
                                std::vector<std::string>& items) {
  std::set<std::string, std::less<>> begun_with;  // what the pages so far began with
  std::size_t most = 0;  // of the totals so far: a list that shrinks has moved people to pages that were read already
  while (true) {
    const auto answer = calls.json(
        {.operation = operation, .target = fmt::format("{}?limit={}&offset={}", path, page_size, items.size())}, {});
    const JsonNode* page = answer ? (*answer)->root().find("items") : nullptr;
    std::optional<Error> failed;
    if (!answer)
      failed = answer.error();
    else if (page == nullptr || page->kind != JsonNode::Kind::array)
      failed = Error{.kind = Error::Kind::transient, .what = operation + ": the answer holds no items"};
    if (failed && (items.empty() || failed->kind == Error::Kind::auth)) return std::unexpected(*failed);
    if (failed) return partial(fmt::format("after {} rows: {}", items.size(), failed->what));
    if (page->first != nullptr) {
      const std::string_view id = text_member(*page->first, "id");
      if (!begun_with.emplace(id.empty() ? (*answer)->raw(*page->first) : id).second)
        return partial(fmt::format("after {} rows a page came again", items.size()));
    }
    std::size_t count = 0, total = 0;
    for (const JsonNode* item = page->first; item != nullptr; item = item->next, ++count)
      items.emplace_back((*answer)->raw(*item));
    const std::string_view announced = text_member((*answer)->root(), "total");
    std::from_chars(announced.data(), announced.data() + announced.size(), total);
    most = std::max(most, total);
    const bool short_page = count < page_size && !to_the_end;
    const bool last = count == 0 || (announced.empty() ? short_page : items.size() >= most);
    if (!last) continue;
    const bool agrees = announced.empty() ? items.size() >= most : items.size() == most && total == most;
    if (!agrees) return partial(fmt::format("{} rows were announced, {} came", total, items.size()));
    return Completeness{.complete = true, .reason = {}};
  }
}

}  // namespace dovetail::providers::huma
