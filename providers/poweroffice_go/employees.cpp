#include "providers/poweroffice_go/employees.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "providers/poweroffice_go/pages.hpp"

namespace dovetail::providers::poweroffice_go {
namespace {

constexpr std::size_t longest_filter = 1500;  // addresses of about 2000 characters are answered with a 404
constexpr std::chrono::milliseconds replica_lag{2000};

bool has(const JsonNode& information, std::string_view list, std::string_view privilege) {
  const JsonNode* all = information.find(list);
  if (all == nullptr) return false;
  for (const JsonNode& each : Rows(*all)) {
    if (each.text == privilege) return true;
  }
  return false;
}

}  // namespace

std::string employee_path(std::string_view id) { return fmt::format("/v2/Employees/{}", percent_encoded(id)); }

Result<std::vector<std::optional<std::string>>> find_numbers(Calls& calls, const std::vector<std::string>& numbers) {
  std::vector<std::optional<std::string>> ids(numbers.size());
  for (std::size_t at = 0; at < numbers.size();) {
    std::string filter = percent_encoded(numbers[at++]);
    for (; at < numbers.size() && filter.size() + numbers[at].size() < longest_filter; ++at)
      filter += "%2C" + percent_encoded(numbers[at]);
    std::vector<std::string> rows;
    const Result<Completeness> whole = read_pages(calls, "employees", "/v2/Employees?employeeNos=" + filter, rows);
    if (!whole) return std::unexpected(whole.error());
    if (!whole->complete) return std::unexpected(Error{.kind = Error::Kind::transient, .what = whole->reason});
    for (const std::string& row : rows) {
      const auto employee = JsonAnswer::read("employees", row);
      if (!employee) return std::unexpected(employee.error());
      const std::string_view number = text_member((*employee)->root(), "Number");
      for (std::size_t i = 0; i < numbers.size(); ++i) {
        if (numbers[i] == number) ids[i] = std::string(text_member((*employee)->root(), "Id"));
      }
    }
  }
  return ids;
}

Result<std::optional<std::string>> find_reference(Calls& calls, std::string_view reference, Clock& clock) {
  for (int attempt = 0; attempt < 2; ++attempt) {
    if (attempt > 0) clock.sleep(replica_lag);
    const auto answer = calls.json(
        {.operation = "employees", .target = "/v2/Employees?externalImportReference=" + percent_encoded(reference)},
        {.kind = Expected::Kind::list, .no_content_is_empty = true});
    if (!answer) return std::unexpected(answer.error());
    const JsonNode* found = (*answer)->root().first;
    if (found != nullptr && text_member(*found, "ExternalImportReference") == reference)
      return std::string(text_member(*found, "Id"));
  }
  return std::nullopt;
}

Result<Added> add_employee(Calls& calls, std::vector<WireWrite> writes, std::string_view reference, Clock& clock) {
  std::erase_if(writes, [](const WireWrite& write) { return write.value.kind == Scalar::Kind::none; });
  if (!reference.empty())
    writes.push_back(
        {.path = {"ExternalImportReference"}, .value = {.kind = Scalar::Kind::text, .text = std::string(reference)}});
  auto made = calls.json(
      json_request("employee add", "POST", "/v2/Employees", json_object(writes, JsonNothing::null), Repeat::unsafe),
      reference.empty() ? Expected{.member = "Id"}
                        : Expected{.member = "ExternalImportReference", .text = std::string(reference)});
  std::string id(made ? text_member((*made)->root(), "Id") : "");
  if (made && id.empty())
    made = std::unexpected(Error{.kind = Error::Kind::in_doubt, .what = "employee add: the answer has no Id"});
  if (made) {
    return Added{.id = std::move(id), .employee = std::move(*made)};
  }
  const bool in_doubt = made.error().kind == Error::Kind::in_doubt;
  const bool there = made.error().what.find("ExternalImportReference is already in use") != std::string::npos;
  if ((!in_doubt && !there) || reference.empty()) return std::unexpected(made.error());
  if (in_doubt) clock.sleep(replica_lag);
  const Result<std::optional<std::string>> found = find_reference(calls, reference, clock);
  if (!found || !*found) return std::unexpected(made.error());
  return Added{.id = **found, .employee = nullptr};
}

std::vector<std::string> missing_privileges(const JsonNode& information) {
  std::vector<std::string> missing;
  for (const char* needed : {"Employee_Full", "ContactBankAccount_Full", "EmployeeBankAccounts_Full"}) {
    const bool by_another =
        needed == std::string_view("ContactBankAccount_Full") && has(information, "ValidPrivileges", "Employee_Full");
    if (has(information, "ValidPrivileges", needed) || by_another) continue;
    const bool invalid = has(information, "InvalidPrivileges", needed);
    missing.push_back(invalid ? fmt::format("{} (granted, but the company lacks the module)", needed) : needed);
  }
  return missing;
}

}  // namespace dovetail::providers::poweroffice_go
