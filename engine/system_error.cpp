#include "engine/system_error.hpp"

#include <cerrno>
#include <cstring>
#include <new>
#include <system_error>

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

std::optional<std::string> what_is_lacking(const std::exception& thrown) {
  if (dynamic_cast<const std::bad_alloc*>(&thrown) != nullptr) {
    return "this process got no more memory from the machine; give it more, or do less at once";
  }
  const auto* refused = dynamic_cast<const std::system_error*>(&thrown);
  if (refused != nullptr && refused->code() == std::errc::resource_unavailable_try_again) {
    return "the machine gives this process no more threads (its limit of processes, or of memory); raise it, or do "
           "less "
           "at once (fewer threads)";
  }
  return std::nullopt;
}

}  // namespace dovetail
