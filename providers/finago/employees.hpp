// /employee/v2: everybody in one list, one by number, changes and additions.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "providers/toolkit/calls.hpp"
#include "providers/toolkit/wire_writes.hpp"

namespace dovetail::providers::finago {

// Answers about one employee are the object, or an array with it; nullptr: with nothing.
const JsonNode* only_item(const JsonNode& root);

class Employees {
 public:
  explicit Employees(const ir::Schema& schema) : schema_(schema) {}

  Result<std::unique_ptr<JsonAnswer>> all(Calls& calls);

  // The employee's JSON; empty: there is none.
  Result<std::string> one(Calls& calls, std::string_view id);

  // The answer, about this employee. Updates are said to keep what they leave out: where one lost something else, it is
  // sent again with everything that there was `before`, and so is every later one.
  Result<std::unique_ptr<JsonAnswer>> change(Calls& calls, std::string_view id, const std::vector<WireWrite>& writes,
                                             const JsonNode& before);

  // The new employee's number. It is chosen here where the writes have none: where the answer is lost, asking for it
  // tells whether the call got through.
  Result<std::string> add(Calls& calls, std::vector<WireWrite> writes);

 private:
  Result<long> next_number(Calls& calls);
  Result<bool> is_there(Calls& calls, const std::string& id, const std::string& email);

  const ir::Schema& schema_;
  bool sends_whole_ = false;  // updates have been seen to clear what they left out
  std::optional<long> highest_number_;
};

}  // namespace dovetail::providers::finago
