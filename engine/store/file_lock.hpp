// One process at a time: a lock on a file beside the database, let go of by the system when the process ends.
#pragma once

#include <chrono>
#include <string>

#include "engine/error.hpp"

namespace dovetail::store {

class FileLock {
 public:
  // Waits at most `wait`. Error::transient: another process has it (its number is in the file).
  static Result<FileLock> take(const std::string& path, std::chrono::milliseconds wait);

  FileLock(FileLock&& other) noexcept;
  FileLock& operator=(FileLock&& other) noexcept;
  ~FileLock();

 private:
  explicit FileLock(int file) : file_(file) {}
  int file_ = -1;
};

}  // namespace dovetail::store
