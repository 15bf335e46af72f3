// One process at a time: a lock on a file beside the database, let go of by the system when the process ends.
#pragma once

#include <chrono>
#include <string>

#include "engine/error.hpp"

namespace dovetail::store {

// The path that a link leads to, so that a file has one lock whatever it is called by; else the path itself.
std::string real_file(const std::string& path);

class FileLock {
 public:
  // Waits at most `wait`; longer, and after asking for it, where the holder said that it lets go when it is asked,
  // unless it is that again: with `lets_go` others are told so, and nobody is asked. Error::transient: another process
  // has it (its number is in the file).
  static Result<FileLock> take(const std::string& path, std::chrono::milliseconds wait, bool lets_go = false);
  // Whether somebody asked for the lock, and still waits.
  static bool is_wanted(const std::string& path);

  FileLock(FileLock&& other) noexcept;
  FileLock& operator=(FileLock&& other) noexcept;
  ~FileLock();

 private:
  explicit FileLock(int file) : file_(file) {}
  int file_ = -1;
};

}  // namespace dovetail::store
