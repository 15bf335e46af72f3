// Ids for what is added to a document, in the manner of the ids that stand in it already.
#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <string_view>

namespace dovetail::providers {

class NewId {
 public:
  void taken(std::string_view id);

  // The number after the highest one where all taken ids are numbers; otherwise a UUID made from `seed` and the
  // count of ids. The same taken ids give the same answer.
  std::string next(std::string_view seed);

 private:
  std::set<std::string, std::less<>> ids_;
  std::uint64_t highest_ = 0;
  bool numbers_ = true;
};

}  // namespace dovetail::providers
