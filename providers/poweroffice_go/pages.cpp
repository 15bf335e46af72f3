#include "providers/poweroffice_go/pages.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace dovetail::providers::poweroffice_go {
namespace {

constexpr int page_size = 5000;

Completeness partial(std::string reason) { return {.complete = false, .reason = std::move(reason)}; }

std::size_t number_member(const JsonNode& object, std::string_view name) {
  const std::string_view text = text_member(object, name);
  std::size_t number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

// What X-Pagination says after a page; without it only an empty page is surely the last.
struct Ahead {
  bool more = false;
  std::size_t pages = 0, total = 0;  // 0: not said
};
Result<Ahead> ahead_of(const JsonAnswer& answer, std::size_t page, std::size_t count) {
  const std::string* header = find_header(answer.headers, "X-Pagination");
  if (header == nullptr) return Ahead{.more = count > 0};
  const auto pagination = JsonAnswer::read("X-Pagination", *header);
  if (!pagination) return std::unexpected(pagination.error());
  const JsonNode& root = (*pagination)->root();
  const std::size_t pages = number_member(root, "totalPages");
  return Ahead{.more = !text_member(root, "nextPageLink").empty() || pages > page,
               .pages = pages,
               .total = number_member(root, "totalCount")};
}

}  // namespace

Result<Completeness> read_pages(Calls& calls, const std::string& operation, const std::string& path,
                                std::vector<std::string>& rows) {
  const char mark = path.find('?') == path.npos ? '?' : '&';
  std::size_t first_count = 0, pages = 0, total = 0;
  for (std::size_t page = 1;; ++page) {
    const auto answer = calls.json(
        {.operation = operation, .target = fmt::format("{}{}PageNumber={}&PageSize={}", path, mark, page, page_size)},
        {.kind = Expected::Kind::list, .no_content_is_empty = true});
    if (!answer && (page == 1 || answer.error().kind == Error::Kind::auth)) return std::unexpected(answer.error());
    if (!answer) return partial(fmt::format("page {} could not be read: {}", page, answer.error().what));
    const std::size_t begin = rows.size();
    for (const JsonNode* row = (*answer)->root().first; row != nullptr; row = row->next)
      rows.emplace_back((*answer)->raw(*row));
    const std::size_t count = rows.size() - begin;
    if (page == 1) first_count = count;
    if (page > 1 && count > 0 && rows[begin] == rows[0]) return partial("the first page came again");
    const Result<Ahead> ahead = ahead_of(**answer, page, count);
    if (!ahead) return partial("the header X-Pagination cannot be read");
    // A list that shrinks while it is read has moved people to pages that were read already.
    pages = std::max(pages, ahead->pages);
    total = std::max(total, ahead->total);
    if (!ahead->more && page >= pages) break;
    if (count == 0) return partial(fmt::format("page {} is empty, but not the last", page));
    const bool paged = find_header((*answer)->headers, "X-Pagination") != nullptr;
    if (paged && count != first_count)
      return partial(fmt::format("page {} has {} rows, the first had {}", page, count, first_count));
  }
  if (total > rows.size()) return partial(fmt::format("{} rows were announced, {} came", total, rows.size()));
  return Completeness{.complete = true, .reason = {}};
}

}  // namespace dovetail::providers::poweroffice_go
