#include "engine/system.hpp"

namespace dovetail {
namespace {

std::unexpected<Error> no_search() {
  return std::unexpected(Error{.kind = Error::Kind::input, .what = "this system cannot be searched"});
}

}  // namespace

Result<std::vector<std::optional<std::string>>> System::find(ir::MemberId, const std::vector<std::string>&) {
  return no_search();
}

Result<std::optional<std::string>> System::find_created(std::string_view) { return no_search(); }

}  // namespace dovetail
