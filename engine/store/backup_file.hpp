// The file of a backup: a first line, then parts with their lengths, then a keyed hash over all of it. What was cut,
// damaged or written with another key is known as such.
#pragma once

#include <cstdint>
#include <cstdio>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "engine/error.hpp"
#include "engine/store/keyed_hash.hpp"

namespace dovetail::store {

class BackupFile {
 public:
  // Refuses to replace a file. Nothing stands under its name before close().
  static Result<BackupFile> create(const std::string& path, const KeyedHash::Key& key);
  // Reads it once over, to see that it is whole.
  static Result<BackupFile> open(const std::string& path, const KeyedHash::Key& key);

  BackupFile(BackupFile&&) noexcept;
  BackupFile& operator=(BackupFile&&) noexcept;
  ~BackupFile();

  Result<void> write(std::string_view part);
  Result<void> close();  // on the disk, under its name

  // nullopt: there are no more.
  Result<std::optional<std::string>> read();

  std::uint64_t bytes() const { return bytes_; }

 private:
  struct Open;
  explicit BackupFile(std::unique_ptr<Open> file);
  Result<void> verify();
  std::unexpected<Error> failed(const std::string& what) const;

  std::unique_ptr<Open> file_;
  std::uint64_t bytes_ = 0;
};

}  // namespace dovetail::store
