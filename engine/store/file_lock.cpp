#include "engine/store/file_lock.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <thread>
#include <utility>

namespace dovetail::store {
namespace {

std::string holder(int file) {
  std::array<char, 32> text{};
  const ssize_t size = pread(file, text.data(), text.size() - 1, 0);
  std::string number(text.data(), size > 0 ? static_cast<std::size_t>(size) : 0);
  while (!number.empty() && number.back() == '\n') number.pop_back();
  return number.empty() ? std::string("another process") : "process " + number;
}

void write_number(int file) {
  const std::string number = std::to_string(getpid()) + "\n";
  // For people only: a lock without a number is one all the same.
  if (ftruncate(file, 0) == 0 && pwrite(file, number.data(), number.size(), 0) < 0) return;
}

}  // namespace

Result<FileLock> FileLock::take(const std::string& path, std::chrono::milliseconds wait) {
  const int file = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (file < 0) {
    return std::unexpected(Error{.kind = Error::Kind::input, .what = path + ": " + std::strerror(errno)});
  }
  FileLock lock(file);
  const auto end = std::chrono::steady_clock::now() + wait;
  while (flock(file, LOCK_EX | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK && errno != EINTR) {
      return std::unexpected(Error{.kind = Error::Kind::input, .what = path + ": " + std::strerror(errno)});
    }
    if (std::chrono::steady_clock::now() >= end) {
      return std::unexpected(Error{.kind = Error::Kind::transient,
                                   .what = holder(file) + " has it open; wait for it, or end it (one process at a time "
                                                          "may use a SQLite store; PostgreSQL takes many)"});
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
  write_number(file);
  return lock;
}

FileLock::FileLock(FileLock&& other) noexcept : file_(std::exchange(other.file_, -1)) {}
FileLock& FileLock::operator=(FileLock&& other) noexcept {
  std::swap(file_, other.file_);
  return *this;
}
FileLock::~FileLock() {
  if (file_ >= 0) ::close(file_);
}

}  // namespace dovetail::store
