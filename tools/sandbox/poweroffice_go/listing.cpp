#include "tools/sandbox/poweroffice_go/listing.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <climits>

#include "tools/sandbox/poweroffice_go/problem.hpp"

namespace dovetail::sandbox::poweroffice_go {

namespace {

struct Page {
  long long number = 1;
  long long size = 0;
};

Answer bad_parameter(const std::string& name) {
  return problem(400, "Invalid resourceParameter", name + " property in resourceParameter is not formatted correct.");
}

std::expected<Page, Answer> page_of(const Request& request) {
  const auto number = to_number(request.call.param("PageNumber").value_or("1"));
  const auto size = to_number(request.call.param("PageSize").value_or(request.knobs().text("page_size")));
  if (!number || *number < 1) return std::unexpected(bad_parameter("PageNumber"));
  if (!size || *size < 1) return std::unexpected(bad_parameter("PageSize"));
  const long long most = request.knobs().number("page_size_most");
  if (*size > most && request.knobs().is("page_size_above_most", "refused"))
    return std::unexpected(bad_parameter("PageSize"));
  return Page{*number, std::min(*size, most)};
}

// The name as the rows have it, or nullopt.
std::optional<std::string> member_name(const Json& row, const std::string& name) {
  for (const auto& [each, value] : row.items()) {
    if (equal_fold(each, name) && !each.starts_with('_')) return each;
  }
  return std::nullopt;
}

std::optional<Answer> order(const Request& request, std::vector<const Json*>& rows) {
  const auto wanted = request.call.param("OrderBy");
  if (!wanted || rows.empty()) return std::nullopt;
  std::vector<std::pair<std::string, bool>> keys;  // member, descending
  for (const std::string& part : split(*wanted, ',')) {
    const std::vector<std::string> words = split(trim(part), ' ');
    const auto name = member_name(*rows.front(), words[0]);
    const bool descending = words.size() == 2 && equal_fold(words[1], "desc");
    if (!name || words.size() > 2 || (words.size() == 2 && !descending && !equal_fold(words[1], "asc"))) {
      return bad_parameter("OrderBy");
    }
    keys.emplace_back(*name, descending);
  }
  std::ranges::stable_sort(rows, [&](const Json* left, const Json* right) {
    for (const auto& [name, descending] : keys) {
      const Json &here = member(*left, name), &there = member(*right, name);
      if (here != there) return descending ? there < here : here < there;
    }
    return false;
  });
  return std::nullopt;
}

std::optional<Answer> keep_fields(const Request& request, Json& rows) {
  const auto wanted = request.call.param("Fields");
  if (!wanted) return std::nullopt;
  for (Json& row : rows) {
    Json kept = Json::object();
    for (const std::string& field : split(*wanted, ',')) {
      const auto name = member_name(row, trim(field));
      if (!name) return bad_parameter("Fields");
      kept[*name] = row[*name];
    }
    row = std::move(kept);
  }
  return std::nullopt;
}

std::string link_to(const Request& request, long long page) {
  std::string query;
  for (const auto& [name, value] : request.call.params) {
    if (!equal_fold(name, "PageNumber")) query += url_encode(name) + '=' + url_encode(value) + '&';
  }
  return fmt::format("{}{}?{}PageNumber={}", request.system.base,
                     request.call.target.substr(0, request.call.target.find('?')), query, page);
}

Json pagination(const Request& request, const Page& page, long long total) {
  const long long pages = (total + page.size - 1) / page.size;
  const Json next = page.number < pages ? Json(link_to(request, page.number + 1)) : Json();
  if (request.knobs().is("pagination_members", "few")) return {{"totalPages", pages}, {"nextPageLink", next}};
  return {{"totalCount", total},
          {"pageSize", page.size},
          {"currentPage", page.number},
          {"totalPages", pages},
          {"previousPageLink", page.number > 1 ? Json(link_to(request, page.number - 1)) : Json()},
          {"nextPageLink", next}};
}

bool is_date(const std::string& name) {
  return name == "DateOfBirth" || name == "HiredDate" || name == "StartDate" || name == "EndDate";
}

}  // namespace

Json as_shown(const Request& request, Json row) {
  Json shown = Json::object();
  const bool nulls = request.knobs().is("unset_members", "null");
  for (auto& [name, value] : row.items()) {
    if (name.starts_with('_') || (value.is_null() && !nulls)) continue;
    if (is_date(name) && value.is_string() && request.knobs().on("date_with_time")) {
      shown[name] = value.get<std::string>() + "T00:00:00";
    } else if (name == "MailAddress" && value.is_object() && request.knobs().on("camel_case_address")) {
      for (auto& [part, each] : value.items()) shown[name][lower(part.substr(0, 1)) + part.substr(1)] = each;
    } else {
      shown[name] = std::move(value);
    }
  }
  return shown;
}

Answer list_answer(const Request& request, std::vector<const Json*> rows,
                   const std::function<Json(const Json&)>& show) {
  for (const auto& [name, value] : request.call.params) {
    if (name.starts_with('$'))
      return problem(400, "Invalid resourceParameter", "OData query option " + name + " is not supported.");
  }
  const auto page = page_of(request);
  if (!page) return page.error();
  if (auto wrong = order(request, rows)) return *wrong;
  long long total = static_cast<long long>(rows.size());
  const long long begin = std::min((page->number - 1) * page->size, total);
  long long end = std::min(begin + page->size, total);
  if (request.call.cut) {
    end = std::min(end, begin + static_cast<long long>(request.call.cut->rows));
    if (!request.call.cut->says_more) total = end;  // as if nothing followed
  }
  Json list = Json::array();
  for (long long at = begin; at < end; ++at) {
    const Json& row = *rows[static_cast<std::size_t>(at)];
    list.push_back(show ? show(row) : as_shown(request, row));
  }
  if (auto wrong = keep_fields(request, list)) return *wrong;
  if (begin == end) return {.status = 204};
  Answer answer = json_answer(200, list, "application/json; charset=utf-8");
  if (request.knobs().on("pagination_header")) {
    answer.headers.emplace_back("X-Pagination", to_text(pagination(request, *page, total)));
  }
  return answer;
}

std::optional<std::vector<std::pair<long long, long long>>> ranges_from(const std::string& text) {
  std::vector<std::pair<long long, long long>> ranges;
  for (const std::string& part : split(text, ',')) {
    const std::vector<std::string> ends = split(part, '-');
    const auto from = to_number(trim(ends[0]));
    if (!from || ends.size() > 2) return std::nullopt;
    const std::string last = ends.size() == 2 ? trim(ends[1]) : trim(ends[0]);
    const auto to = last.empty() ? std::optional<long long>(LLONG_MAX) : to_number(last);
    if (!to) return std::nullopt;
    ranges.emplace_back(*from, *to);
  }
  return ranges;
}

std::set<std::string> texts_from(const std::string& text) {
  std::set<std::string> texts;
  for (const std::string& part : split(text, ',')) {
    if (!trim(part).empty()) texts.insert(trim(part));
  }
  return texts;
}

Answer unable_to_cast(const std::string& parameter, const std::string& value) {
  return problem(400, "Unable to cast object(s)", fmt::format("Unable to cast '{}' of {}.", value, parameter));
}

}  // namespace dovetail::sandbox::poweroffice_go
