#include "engine/system_error.hpp"

#include <cerrno>
#include <cstring>

namespace dovetail {

std::string system_error(int error) {
  const char* const words = ::strerrordesc_np(error);
  const std::string said = words == nullptr ? "error " + std::to_string(error) : words;
  if (error == EMFILE) {
    return said +
           ": this process may open no more; raise its limit (ulimit -n, LimitNOFILE), or let it do less at once "
           "(fewer "
           "threads)";
  }
  if (error == ENFILE) return said + ": the machine may open no more; end other programs, or raise fs.file-max";
  return said;
}

}  // namespace dovetail
