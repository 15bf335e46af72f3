#include "providers/toolkit/http/reach.hpp"

#include <netdb.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>

#include "engine/system_error.hpp"

namespace dovetail::providers {
namespace {

constexpr int patience_ms = 1000;

std::string sentence(int error) {
  switch (error) {
    case ECONNREFUSED:
      return "nothing listens there (connection refused)";
    default:
      return system_error(error);
  }
}

// 0: it went.
int try_address(const addrinfo& address) {
  const int file = ::socket(address.ai_family, address.ai_socktype | SOCK_CLOEXEC | SOCK_NONBLOCK, address.ai_protocol);
  if (file < 0) return errno;
  int error = ::connect(file, address.ai_addr, address.ai_addrlen) == 0 ? 0 : errno;
  if (error == EINPROGRESS) {
    pollfd ready{.fd = file, .events = POLLOUT, .revents = 0};
    socklen_t size = sizeof error;
    error = ETIMEDOUT;
    if (::poll(&ready, 1, patience_ms) == 1) ::getsockopt(file, SOL_SOCKET, SO_ERROR, &error, &size);
  }
  ::close(file);
  return error;
}

}  // namespace

std::string why_out_of_reach(const std::string& host, int port) {
  // A name cannot be looked up without a file, and says then that it is not known.
  const int file = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (file < 0) return sentence(errno);
  ::close(file);
  addrinfo wanted{};
  wanted.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  if (const int failed = ::getaddrinfo(host.c_str(), std::to_string(port).c_str(), &wanted, &found); failed != 0) {
    if (failed == EAI_NONAME) return "no such host";
    return failed == EAI_SYSTEM ? sentence(errno) : ::gai_strerror(failed);
  }
  const int error = try_address(*found);
  ::freeaddrinfo(found);
  return error == 0 ? std::string() : sentence(error);
}

}  // namespace dovetail::providers
