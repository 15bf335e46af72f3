// Somewhere to connect to that takes one call, and keeps it waiting until it is told to refuse it.
#pragma once

#include <arpa/inet.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <stdexcept>
#include <string>

namespace dovetail::test {

class SilentSystem {
 public:
  SilentSystem() : listening_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in at{};
    at.sin_family = AF_INET;
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof at;
    auto* address = reinterpret_cast<sockaddr*>(&at);
    if (::bind(listening_, address, size) != 0 || ::listen(listening_, 8) != 0 ||
        ::getsockname(listening_, address, &size) != 0) {
      throw std::runtime_error("no port to listen on");
    }
    port_ = ntohs(at.sin_port);
  }
  SilentSystem(const SilentSystem&) = delete;
  SilentSystem& operator=(const SilentSystem&) = delete;
  ~SilentSystem() { hang_up(); }

  std::string url() const { return "http://127.0.0.1:" + std::to_string(port_); }
  void wait_for_call() { calling_ = ::accept(listening_, nullptr, nullptr); }
  void refuse_call() const {
    const std::string answer = "HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
    if (::send(calling_, answer.data(), answer.size(), MSG_NOSIGNAL) < 0) return;
    ::shutdown(calling_, SHUT_WR);
    for (std::array<char, 1024> rest{}; ::recv(calling_, rest.data(), rest.size(), 0) > 0;) continue;
  }

 private:
  void hang_up() {
    for (int* one : {&listening_, &calling_}) {
      if (*one >= 0) ::close(*one);
      *one = -1;
    }
  }

  int listening_ = -1, calling_ = -1;
  int port_ = 0;
};

}  // namespace dovetail::test
