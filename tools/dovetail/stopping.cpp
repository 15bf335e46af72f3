#include "tools/dovetail/stopping.hpp"

#include <unistd.h>

#include <atomic>
#include <string_view>

namespace dovetail::tools {
namespace {

std::atomic<bool> told = false;

void note(int) {
  told = true;
  constexpr std::string_view text = "\ndovetail: stopping after this person; once more stops at once\n";
  if (::write(STDERR_FILENO, text.data(), text.size()) < 0) return;  // nobody to tell
}

}  // namespace

Stoppable::Stoppable() {
  told = false;
  struct sigaction action{};
  action.sa_handler = note;
  action.sa_flags = static_cast<int>(SA_RESETHAND) | SA_RESTART;
  ::sigaction(SIGINT, &action, &before_int_);
  ::sigaction(SIGTERM, &action, &before_term_);
}

Stoppable::~Stoppable() {
  ::sigaction(SIGINT, &before_int_, nullptr);
  ::sigaction(SIGTERM, &before_term_, nullptr);
}

bool Stoppable::is_told_to_stop() { return told; }

}  // namespace dovetail::tools
