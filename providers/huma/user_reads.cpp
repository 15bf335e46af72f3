#include "providers/huma/user_reads.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <set>

#include "providers/huma/element_writes.hpp"
#include "providers/huma/pages.hpp"
#include "providers/toolkit/wire_writes.hpp"

namespace dovetail::providers::huma {

Result<std::unique_ptr<JsonAnswer>> read_details(Calls& calls, std::string_view id, bool may_be_absent) {
  return calls.json({.operation = "user", .target = user_path(id), .may_be_absent = may_be_absent},
                    {.member = "id", .text = std::string(id)});
}

Result<Completeness> read_ids(Calls& calls, std::vector<std::string>& ids) {
  std::vector<std::string> people;
  Result<Completeness> listed = read_pages(calls, "users", "/users", true, people);
  if (!listed) return listed;
  std::set<std::string> seen;
  for (const std::string& person : people) {
    const auto parsed = JsonAnswer::read("users", person);
    if (!parsed) return std::unexpected(parsed.error());
    std::string id(text_member((*parsed)->root(), "id"));
    if (id.empty())
      *listed = {.complete = false, .reason = "the list names somebody without an id"};
    else if (seen.insert(id).second)
      ids.push_back(std::move(id));
    else
      *listed = {.complete = false, .reason = "a person came twice: the list changed while it was read"};
  }
  return listed;
}

namespace {

// A summary leaves out what a position has no value for, wrapper and all: null says that there is none.
Result<std::string> whole_summary(const ir::Schema& schema, ir::MemberId positions, std::string row) {
  const auto parsed = JsonAnswer::read("positions", row);
  if (!parsed) return std::unexpected(parsed.error());
  for (ir::MemberId id = 0; id < schema.members.size(); ++id) {
    if (schema.members[id].list != positions || schema.members[id].kind != ir::MemberKind::scalar) continue;
    const std::string name = write_path(schema, id).front();
    if ((*parsed)->root().kind == JsonNode::Kind::object && (*parsed)->root().find(name) == nullptr)
      row = with_member(row, name, "null");
  }
  return row;
}

}  // namespace

Result<std::string> with_positions(Calls& calls, const ir::Schema& schema, ir::MemberId positions,
                                   const JsonAnswer& details, std::string_view id) {
  std::vector<std::string> rows;
  const Result<Completeness> all = read_pages(calls, "positions", user_path(id) + "/positions", false, rows);
  if (!all) return std::unexpected(all.error());
  if (!all->complete)
    return std::unexpected(Error{.kind = Error::Kind::transient, .what = "positions: " + all->reason});
  for (std::string& row : rows) {
    Result<std::string> whole = whole_summary(schema, positions, std::move(row));
    if (!whole) return whole;
    row = std::move(*whole);
  }
  return with_member(details.raw(details.root()), "positions", fmt::format("[{}]", fmt::join(rows, ",")));
}

Result<std::vector<std::optional<std::string>>> find_users(Calls& calls, const std::string& name,
                                                           const CheckedType& type,
                                                           const std::vector<std::string>& values) {
  std::vector<std::optional<std::string>> ids;
  for (const std::string& value : values) {
    const auto answer = calls.json(
        {.operation = "users", .target = fmt::format("/users?limit=50&search={}", percent_encoded(value))}, {});
    if (!answer) return std::unexpected(answer.error());
    const JsonNode* items = (*answer)->root().find("items");
    if (items == nullptr)
      return std::unexpected(Error{.kind = Error::Kind::transient, .what = "users: the answer holds no items"});
    ids.emplace_back();
    for (const JsonNode& item : Rows(*items)) {
      if (same_key(type, text_member(item, name), value)) ids.back() = std::string(text_member(item, "id"));
    }
  }
  return ids;
}

}  // namespace dovetail::providers::huma
