#include "tools/dovetail/terminal.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <cstdio>
#include <cstdlib>

namespace dovetail::tools {
namespace {

bool shows_colours(int stream) {
  const char* refused = std::getenv("NO_COLOR");
  const char* kind = std::getenv("TERM");
  return ::isatty(stream) == 1 && (refused == nullptr || *refused == '\0') &&
         (kind == nullptr || std::string_view(kind) != "dumb");
}

}  // namespace

Palette::Palette(std::string_view choice, int stream)
    : on_(choice == "always" || (choice != "never" && shows_colours(stream))) {}

std::string Palette::operator()(Tone tone, std::string_view text) const {
  constexpr std::array<std::string_view, 7> codes = {"", "1", "2", "31", "33", "32", "36"};
  if (!on_ || tone == Tone::plain) return std::string(text);
  return fmt::format("\x1B[{}m{}\x1B[0m", codes[static_cast<std::size_t>(tone)], text);
}

Progress::Progress(std::string what) : what_(std::move(what)) {
  if (::isatty(STDERR_FILENO) == 1) ticker_ = std::jthread([this](const std::stop_token& stop) { tick(stop); });
}

Progress::~Progress() {
  if (!ticker_.joinable()) return;
  ticker_.request_stop();
  ticker_.join();
}

void Progress::tick(const std::stop_token& stop) {
  using namespace std::chrono;
  const auto begin = steady_clock::now();
  bool shown = false;
  std::unique_lock lock(mutex_);
  while (!wake_.wait_for(lock, stop, milliseconds(shown ? 250 : 1000), [] { return false; }) &&
         !stop.stop_requested()) {
    fmt::print(stderr, "\r{} … {} s\x1B[K", what_, duration_cast<seconds>(steady_clock::now() - begin).count());
    std::fflush(stderr);
    shown = true;
  }
  if (shown) fmt::print(stderr, "\r\x1B[K");
}

std::size_t width(std::string_view text) {
  std::size_t count = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    // U+0300 to U+036F, the combining marks, are CC 80 to CD AF.
    const auto next = i + 1 < text.size() ? static_cast<unsigned char>(text[i + 1]) : 0U;
    const bool combining = byte == 0xCC || (byte == 0xCD && next < 0xB0);
    if ((byte & 0xC0U) != 0x80U && !combining) ++count;
  }
  return count;
}

std::string padded(std::string_view text, std::size_t columns) {
  std::string line(text);
  const std::size_t taken = width(text);
  if (taken < columns) line.append(columns - taken, ' ');
  return line;
}

}  // namespace dovetail::tools
