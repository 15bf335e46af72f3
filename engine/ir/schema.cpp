#include "engine/ir/schema.hpp"

#include <algorithm>

namespace dovetail::ir {

const Member* Schema::find(std::string_view path) const {
  const auto found = std::ranges::find(members, path, &Member::path);
  return found == members.end() ? nullptr : &*found;
}

}  // namespace dovetail::ir
