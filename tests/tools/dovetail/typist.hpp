// Somebody who types at a terminal that a program runs on.
#pragma once
#include "tests/places.hpp"

#include <poll.h>
#include <pty.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <catch2/catch.hpp>
#include <string>

#include "tests/run.hpp"

namespace dovetail::test {

class Typist {
 public:
  explicit Typist(const std::string& command) {
    child_ = ::forkpty(&terminal_, nullptr, nullptr, nullptr);
    if (child_ != 0) return;
    const std::string line = "cd '" DOVETAIL_SOURCE_DIR "' && PATH='" DOVETAIL_BINARY_DIR "/bin':$PATH " + command;
    ::execl("/bin/sh", "sh", "-c", line.c_str(), nullptr);
    ::_exit(127);
  }
  Typist(const Typist&) = delete;
  Typist& operator=(const Typist&) = delete;
  ~Typist() { ::close(terminal_); }

  // Waits until the screen shows this, after what was waited for before. False: it never will.
  bool sees(const std::string& text) {
    for (;;) {
      const std::size_t at = screen.find(text, seen_);
      if (at != screen.npos) {
        seen_ = at + text.size();
        return true;
      }
      if (!read_more()) return false;
    }
  }
  void types(const std::string& text) const { REQUIRE(::write(terminal_, text.data(), text.size()) > 0); }
  // Reads the rest; the program's exit code.
  int ends() {
    while (read_more()) {
    }
    int status = 0;
    ::waitpid(child_, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  }

  std::string screen;

 private:
  bool read_more() {
    pollfd ready{.fd = terminal_, .events = POLLIN, .revents = 0};
    constexpr int longest_ms = 120'000;  // a program that hangs is a failure, not a test that hangs
    std::array<char, 4096> buffer{};
    const ssize_t count =
        ::poll(&ready, 1, longest_ms) == 1 ? ::read(terminal_, buffer.data(), buffer.size()) : ssize_t{0};
    if (count <= 0) return false;
    screen.append(buffer.data(), static_cast<std::size_t>(count));
    return true;
  }

  int terminal_ = -1;
  pid_t child_ = -1;
  std::size_t seen_ = 0;
};

}  // namespace dovetail::test
