#include "providers/netvisor/employee_reads.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "providers/toolkit/xml_tree.hpp"

namespace dovetail::providers::netvisor {
namespace {

Result<std::unique_ptr<Tree>> fetch(Calls& calls, const Request& request) {
  std::unique_ptr<Tree> tree;
  const Result<Response> answer = calls.send(request, [&](Response& response) -> Result<void> {
    Result<std::unique_ptr<Tree>> parsed = parse_xml(request.operation, std::move(response.body), "employee");
    if (!parsed) return std::unexpected(about_answer(parsed.error(), Error::Kind::transient));
    tree = std::move(*parsed);
    return {};
  });
  if (!answer) return std::unexpected(answer.error());
  return tree;
}

bool same_word(std::string_view a, std::string_view b) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
  return std::ranges::equal(a, b, {}, lower, lower);
}

}  // namespace

Result<std::unique_ptr<Tree>> read_everybody(Calls& calls) {
  return fetch(calls, {.operation = "getemployees", .target = "/getemployees.nv?includeendedemployments=1"});
}

Result<std::unique_ptr<Tree>> read_employee(Calls& calls, std::string_view id) {
  Result<std::unique_ptr<Tree>> tree = fetch(
      calls, {.operation = "getemployee",
              .target = fmt::format("/getemployee.nv?netvisorkey={}&employmentperiods=1&employeepayrollinformation=1",
                                    percent_encoded(id)),
              .may_be_absent = true});
  if (!tree || !*tree) return tree;
  // Some reads of nobody answer OK with an empty element. OK without any element says nothing.
  if ((*tree)->size() == 0)
    return std::unexpected(Error{.kind = Error::Kind::transient, .what = "getemployee: the answer holds no employee"});
  const Result<Sight> content = (*tree)->look((*tree)->record(0), {});
  if (content && content->kind == Sight::Kind::text &&
      content->text.find_first_not_of(" \t\r\n") == std::string_view::npos)
    return nullptr;
  return tree;
}

std::string text_at(const Tree& tree, Node employee, const char* name) {
  const Result<Sight> sight = tree.look(employee, {{.name = name}});
  return sight ? std::string(sight->text) : std::string{};
}

std::vector<std::optional<std::string>> keys_by(const Tree& everybody, const char* name,
                                                const std::vector<std::string>& values) {
  std::vector<std::optional<std::string>> keys(values.size());
  for (std::size_t i = 0; i < everybody.size(); ++i) {
    const Node person = everybody.record(i);
    const std::string shown = text_at(everybody, person, name);
    for (std::size_t wanted = 0; wanted < values.size(); ++wanted) {
      if (!shown.empty() && same_word(shown, values[wanted])) keys[wanted] = text_at(everybody, person, "netvisorkey");
    }
  }
  return keys;
}

}  // namespace dovetail::providers::netvisor
