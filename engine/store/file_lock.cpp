#include "engine/store/file_lock.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <filesystem>
#include <map>
#include <mutex>
#include <thread>
#include <utility>

#include "engine/system_error.hpp"

namespace dovetail::store {
namespace {

constexpr std::string_view on_request = " lets go";
constexpr std::chrono::seconds patience{60};  // with somebody who lets go: calls under way come to their end first

std::string text_in(int file) {
  std::array<char, 32> text{};
  const ssize_t size = pread(file, text.data(), text.size() - 1, 0);
  std::string read(text.data(), size > 0 ? static_cast<std::size_t>(size) : 0);
  return read.substr(0, read.find('\n'));
}

bool lets_go(int file) { return text_in(file).ends_with(on_request); }

// The files that this process has locked: its number says nothing where containers share a file.
class OwnLocks {
 public:
  void add(int file) {
    const std::lock_guard lock(mutex_);
    files_[id(file)] = {file, getpid()};
  }
  void remove(int file) {
    const std::lock_guard lock(mutex_);
    const auto found = files_.find(id(file));
    if (found != files_.end() && found->second.first == file) files_.erase(found);
  }
  bool contains(int file) {
    const std::lock_guard lock(mutex_);
    const auto found = files_.find(id(file));
    return found != files_.end() && found->second.second == getpid();
  }

 private:
  static std::pair<dev_t, ino_t> id(int file) {
    struct stat of{};
    return ::fstat(file, &of) == 0 ? std::pair(of.st_dev, of.st_ino) : std::pair<dev_t, ino_t>();
  }
  std::mutex mutex_;
  std::map<std::pair<dev_t, ino_t>, std::pair<int, pid_t>> files_;  // by whom: a forked child has none
};

OwnLocks& own_locks() {
  static OwnLocks& locks = *new OwnLocks;  // stores may be closed while the process ends
  return locks;
}

std::string refusal(int file) {
  const std::string text = text_in(file);
  const std::string number = text.substr(0, text.find(' '));
  if (own_locks().contains(file)) {
    return "this process has it open already: use what it opened, or close that first (a SQLite store is opened once "
           "at "
           "a time; PostgreSQL takes many)";
  }
  return (number.empty() ? std::string("another process") : "process " + number) +
         " has it open; wait for it, or end it (one process at a time may use a SQLite store; PostgreSQL takes many)";
}

void write_number(int file, bool will_let_go) {
  const std::string number = std::to_string(getpid()) + std::string(will_let_go ? on_request : "") + "\n";
  // For people, and for who asks: a lock without a number is one all the same.
  if (ftruncate(file, 0) == 0 && pwrite(file, number.data(), number.size(), 0) < 0) return;
}

std::string wish_file(const std::string& path) { return path + ".wanted"; }

// Held while somebody waits, so that whoever dies asks no more.
class Wish {
 public:
  ~Wish() {
    if (file_ >= 0) ::close(file_);
  }
  // false: somebody else asks already.
  bool make(const std::string& path) {
    if (file_ < 0) file_ = ::open(wish_file(path).c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    return file_ >= 0 && flock(file_, LOCK_EX | LOCK_NB) == 0;
  }

 private:
  int file_ = -1;
};

}  // namespace

std::string real_file(const std::string& path) {
  std::error_code problem;
  if (!std::filesystem::is_symlink(path, problem)) return path;
  const std::filesystem::path real = std::filesystem::canonical(path, problem);
  return problem ? path : real.string();
}

bool FileLock::is_wanted(const std::string& path) {
  const int file = ::open(wish_file(path).c_str(), O_RDWR | O_CLOEXEC);
  if (file < 0) return false;
  const bool is_held = flock(file, LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK;
  ::close(file);
  return is_held;
}

Result<FileLock> FileLock::take(const std::string& path, std::chrono::milliseconds wait, bool will_let_go) {
  const int file = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (file < 0) {
    return std::unexpected(Error{.kind = Error::Kind::input, .what = path + ": " + system_error(errno)});
  }
  FileLock lock(file);
  const auto begin = std::chrono::steady_clock::now();
  auto end = begin + wait;
  Wish wish;
  bool has_asked = false;
  while (flock(file, LOCK_EX | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK && errno != EINTR) {
      return std::unexpected(Error{.kind = Error::Kind::input, .what = path + ": " + system_error(errno)});
    }
    if (wait.count() > 0 && !will_let_go && !has_asked && lets_go(file) && wish.make(path)) {
      has_asked = true;
      end = std::max(end, begin + patience);
    }
    if (std::chrono::steady_clock::now() >= end) {
      return std::unexpected(Error{.kind = Error::Kind::transient, .what = refusal(file)});
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
  write_number(file, will_let_go);
  own_locks().add(file);
  return lock;
}

FileLock::FileLock(FileLock&& other) noexcept : file_(std::exchange(other.file_, -1)) {}
FileLock& FileLock::operator=(FileLock&& other) noexcept {
  std::swap(file_, other.file_);
  return *this;
}
FileLock::~FileLock() {
  if (file_ < 0) return;
  own_locks().remove(file_);
  ::close(file_);
}

}  // namespace dovetail::store
