// What a system lists apart from its people: whether anything stood there.
#pragma once

#include <string>
#include <vector>

#include "engine/ir/schema.hpp"

namespace dovetail {

// Nobody had anything in it. That is no reason to be incomplete by itself: there may never have been anything.
struct EmptyList {
  std::string name;
  std::vector<ir::MemberId> members;  // that it would give: scalars, and lists themselves
};

// Besides System, of those that have such lists.
class ListsApart {
 public:
  virtual ~ListsApart() = default;

  // As the last System::list() found them; none before it.
  virtual std::vector<EmptyList> empty_lists() const = 0;
};

}  // namespace dovetail
