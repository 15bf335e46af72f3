// The built `dovetail`, run as its users run it, and workers that are killed.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <string>
#include <vector>

namespace dovetail::soak {

struct Ended {
  int exit = -1;
  std::string out;  // with standard error
};

class Programs {
 public:
  // `store` as for --store; everything is kept in `folder`.
  Programs(std::string store, std::string folder);

  Ended run(const std::vector<std::string>& arguments) const;
  // Goes on by itself; what it says is appended to the folder's `log`.
  pid_t start(const std::vector<std::string>& arguments, const std::string& log) const;
  const std::string& folder() const { return folder_; }

 private:
  std::string folder_;
};

// Of a process that runs; 0: there is none.
double resident_megabytes(pid_t process);
// Whether it ended, and how: its exit code, or 128 and the signal.
bool has_ended(pid_t process, int& exit);
int wait_for(pid_t process);

}  // namespace dovetail::soak
