// What a run reads and what it writes, as places on disk: nothing may be written over something else.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "engine/error.hpp"

namespace dovetail::tools {

class Places {
 public:
  // Both name a place as the user gave it, `option` and path. Nothing is opened by either.
  // Returns the number by which a write may say that it replaces this.
  std::size_t reads(std::string option, const std::filesystem::path& path);
  void writes(std::string option, const std::filesystem::path& path, std::optional<std::size_t> replaces = {});

  // An Error of kind input, a line for each thing that is wrong: a write whose place is that of something read, other
  // than what it replaces, or of another write; or one where something stands that is no regular file, or a link to
  // what is not there. Files that exist are the same by device and inode, others by their paths without links.
  Result<void> check() const;

 private:
  struct Place {
    std::string option;
    std::filesystem::path path;
    std::optional<std::size_t> replaces;
    std::string shown() const;
  };
  static bool is_same(const Place& left, const Place& right);
  bool is_in_place(const Place& written) const;
  std::vector<Place> reads_, writes_;
};

}  // namespace dovetail::tools
