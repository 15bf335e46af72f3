// Ids for what is added to a document, in the manner of the ids that stand in it already.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <string_view>

namespace dovetail::providers {

class NewId {
 public:
  void taken(std::string_view id);

  // The number after the highest one where all taken ids are numbers; otherwise a UUID made from `seed` and the
  // count of ids, or a number again if a UUID does not fit. nullopt: neither fits. The same taken ids give the same
  // answer.
  using Fits = std::function<bool(std::string_view id)>;
  std::optional<std::string> next(std::string_view seed, const Fits& fits);

 private:
  std::string number();
  std::string uuid(std::string_view seed);

  std::set<std::string, std::less<>> ids_;
  std::uint64_t highest_ = 0;
  bool numbers_ = false;
};

}  // namespace dovetail::providers
