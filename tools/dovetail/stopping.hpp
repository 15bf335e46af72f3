// SIGINT and SIGTERM while a run is carried out: it stops between two people, and can be carried on.
#pragma once

#include <signal.h>

namespace dovetail::tools {

// While there is one (one at a time), the first of these signals is only noted; the second ends the program at once.
class Stoppable {
 public:
  Stoppable();
  ~Stoppable();
  Stoppable(const Stoppable&) = delete;
  Stoppable& operator=(const Stoppable&) = delete;

  static bool is_told_to_stop();

 private:
  struct sigaction before_int_{}, before_term_{};
};

}  // namespace dovetail::tools
