// What PowerOffice Go's bodies may hold: members, their types, and whether they are for POST, for PATCH or for reading
// only.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tools/sandbox/core/json.hpp"

namespace dovetail::sandbox::poweroffice_go {

enum class Type { text, date, boolean, integer, choice, integers, object };

struct Member {
  std::string name;
  Type type = Type::text;
  bool post = true;
  bool patch = true;
  std::size_t most = 0;  // characters; 0: unlimited
  std::vector<std::string> choices = {};
  std::vector<Member> members = {};
};

const std::vector<Member>& employee_members();
const std::vector<Member>& salary_account_members();  // of EmployeeBankAccountsPatchDto
const std::vector<Member>& bank_account_members();

// Case of the name ignored; null when there is none.
const Member* find_member(const std::vector<Member>& members, std::string_view name);
// `value` as the member keeps it; nullopt when it can't be converted. null is always taken.
// `lenient`: texts that hold numbers, dates or booleans are converted, as Newtonsoft's library does.
std::optional<Json> converted(const Member& member, const Json& value, bool lenient);

}  // namespace dovetail::sandbox::poweroffice_go
