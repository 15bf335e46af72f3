// The salary account: one of a contact's bank accounts, which the employee points at. Two resources, two steps.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "providers/toolkit/calls.hpp"
#include "providers/toolkit/wire_writes.hpp"

namespace dovetail::providers::poweroffice_go {

struct Account {
  std::string person;  // whose it is
  std::string row;     // as JSON
};
using AccountsById = std::map<std::string, Account, std::less<>>;
AccountsById by_id(const std::vector<std::string>& rows);

// An employee with the salary account inside, as the schema sees it; nullopt: which one it is is not known, without
// `accounts` or where it is not among that person's.
std::optional<std::string> with_account(std::string_view employee, std::string_view person, std::string_view account_id,
                                        const AccountsById* accounts);

// All accounts of that person, or of everybody, as JSON; nullopt: the right to read them is missing. An Error also
// where not all came. Another's are never among those of a person.
Result<std::optional<std::vector<std::string>>> read_accounts(Calls& calls, std::string_view person = {});

// Makes an account with that number the salary account, or none. Another account of the person with the same number is
// used again; `account_now` says which account it is now (empty: none), for a BIC that is written alone. `known` are
// the person's accounts as they were read last; nullptr: they are read now.
Result<void> write_salary_account(Calls& calls, const ir::Schema& schema, std::string_view id,
                                  std::span<const Change> changes,
                                  const std::function<Result<std::string>()>& account_now,
                                  const std::vector<std::string>* known);

// Sends a JSON Patch; the answer is the record as it is then.
Result<std::unique_ptr<JsonAnswer>> send_patch(Calls& calls, const char* operation, std::string target,
                                               std::string body, const Expected& expected);

}  // namespace dovetail::providers::poweroffice_go
