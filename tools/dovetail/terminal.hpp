// What goes to people: colours only where a terminal shows them, and a sign of life on anything over a second.
#pragma once

#include <unistd.h>

#include <condition_variable>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>

#include "engine/api/printable.hpp"

namespace dovetail::tools {

enum class Tone { plain, bold, dim, red, yellow, green, cyan };

class Palette {
 public:
  // `choice` is auto, always or never; auto looks whether `stream` is a terminal, and at NO_COLOR.
  explicit Palette(std::string_view choice, int stream = STDOUT_FILENO);
  std::string operator()(Tone tone, std::string_view text) const;

 private:
  bool on_;
};

// While it lives, and after the first second, standard error says what is being done and for how long; only if that
// is a terminal.
class Progress {
 public:
  explicit Progress(std::string what);
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;
  ~Progress();

 private:
  void tick(const std::stop_token& stop);
  std::string what_;
  std::mutex mutex_;
  std::condition_variable_any wake_;
  std::jthread ticker_;
};

// Characters, not bytes; what combines with the character before it takes no room.
std::size_t width(std::string_view text);
// `text` and blanks up to `columns`.
std::string padded(std::string_view text, std::size_t columns);

}  // namespace dovetail::tools
