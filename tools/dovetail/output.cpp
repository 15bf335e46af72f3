#include "tools/dovetail/output.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>

#include "engine/api/printable.hpp"
#include "tools/dovetail/options.hpp"

namespace dovetail::tools {
namespace {

bool is_closed(int stream) { return ::fcntl(stream, F_GETFD) == -1 && errno == EBADF; }

// Takes the lowest free number: call it for the lower streams first.
void fill(int stream, int flags) {
  if (is_closed(stream)) static_cast<void>(::open("/dev/null", flags));
}

}  // namespace

void print_error(std::string_view what) {
  do {
    const std::size_t end = what.find('\n');
    const std::string_view line = what.substr(0, end);
    const bool is_of_file = line.empty() || line.starts_with(' ') || line.starts_with("error[");
    fmt::print(stderr, "{}{}\n", is_of_file ? "" : "dovetail: ", printable(line));
    what.remove_prefix(end == what.npos ? what.size() : end + 1);
  } while (!what.empty());
}

bool has_output() {
  const bool open = !is_closed(STDOUT_FILENO);
  fill(STDIN_FILENO, O_RDONLY);
  fill(STDOUT_FILENO, O_RDONLY);  // whatever is written to it fails
  fill(STDERR_FILENO, O_WRONLY);
  if (!open) fmt::print(stderr, "dovetail: standard output is closed, so nothing was done\n");
  return open;
}

int finish_output(int result) {
  const bool failed_before = std::ferror(stdout) != 0;
  errno = 0;
  if (std::fflush(stdout) == 0 && !failed_before) return result;
  const std::string what = fmt::format("dovetail: standard output did not take everything{}{}\n",
                                       errno == 0 ? "" : ": ", errno == 0 ? "" : std::strerror(errno));
  std::fputs(what.c_str(), stderr);  // which may be full, too: nothing is thrown
  return could_not_run;
}

}  // namespace dovetail::tools
