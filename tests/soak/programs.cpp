#include "tests/soak/programs.hpp"
#include "tests/places.hpp"

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <sstream>

namespace dovetail::soak {
namespace {

int exit_of(int status) { return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status); }

}  // namespace

Programs::Programs(std::string store, std::string folder) : folder_(std::move(folder)) {
  ::setenv("DOVETAIL_STORE", store.c_str(), 1);
  ::setenv("DOVETAIL_KEY", "0b5e7f0d7d5ff9b6ac2ff15a2f6e1b3a3c7e8bd40a6f4d7fc2e9d05b8a1c6e4f", 1);
}

pid_t Programs::start(const std::vector<std::string>& arguments, const std::string& log) const {
  const std::string program = DOVETAIL_BINARY_DIR "/bin/dovetail";
  std::vector<char*> words{const_cast<char*>(program.c_str())};
  for (const std::string& each : arguments) words.push_back(const_cast<char*>(each.c_str()));
  words.push_back(nullptr);
  const std::string path = folder_ + "/" + log;
  const pid_t child = ::fork();
  if (child != 0) return child;
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  const int out = ::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  ::dup2(out, 1);
  ::dup2(out, 2);
  ::execv(words[0], words.data());
  ::_exit(127);
}

Ended Programs::run(const std::vector<std::string>& arguments) const {
  const std::string path = folder_ + "/said";
  ::unlink(path.c_str());
  Ended ended;
  ended.exit = wait_for(start(arguments, "said"));
  std::ostringstream text;
  text << std::ifstream(path).rdbuf();
  ended.out = text.str();
  return ended;
}

double resident_megabytes(pid_t process) {
  std::ifstream status("/proc/" + std::to_string(process) + "/status");
  std::string word;
  while (status >> word) {
    if (word != "VmRSS:") continue;
    double kilobytes = 0;
    status >> kilobytes;
    return kilobytes / 1024;
  }
  return 0;
}

bool has_ended(pid_t process, int& exit) {
  int status = 0;
  if (::waitpid(process, &status, WNOHANG) != process) return false;
  exit = exit_of(status);
  return true;
}

int wait_for(pid_t process) {
  int status = 0;
  ::waitpid(process, &status, 0);
  return exit_of(status);
}

}  // namespace dovetail::soak
