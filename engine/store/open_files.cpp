#include "engine/store/open_files.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>

namespace dovetail::store {

int no_more_files() {
  const int file = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
  if (file < 0) return errno == EMFILE || errno == ENFILE ? errno : 0;
  ::close(file);
  return 0;
}

}  // namespace dovetail::store
