// A user's own fields, by PATCH; and adding a user.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "providers/toolkit/calls.hpp"
#include "providers/toolkit/codec.hpp"
#include "providers/toolkit/write_report.hpp"

namespace dovetail::providers::huma {

// Writes the changes of these indices; `details` is the user as it was read. A field that Huma names in a refusal is
// dropped, and the others go on. A new e-mail that waits for its owner is pending.
void write_user(Calls& calls, const Codec& codec, std::string_view id, std::vector<std::size_t> indices,
                const std::vector<Change>& changes, const JsonNode& details, WriteReport& report);

// What a call to add a user takes. The rest is written afterwards.
struct NewUser {
  std::string body;   // without groups
  std::string email;  // in sent form
  std::vector<std::size_t> with_it, after_it;
};
NewUser new_user(const ir::Schema& schema, const std::vector<Change>& members, WriteReport& report);

// The answer shows the user with this e-mail, whatever its case.
bool is_about(const JsonNode& user, std::string_view email);

}  // namespace dovetail::providers::huma
