#include "tests/providers/http/raw_server.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>

namespace dovetail::test {
namespace {

// A whole request: headers, and as much body as they announce. Empty: the peer is gone.
std::string read_request(int peer) {
  std::string text;
  while (true) {
    const std::size_t end = text.find("\r\n\r\n");
    if (end != text.npos) {
      std::size_t length = 0;
      if (const std::size_t at = text.find("Content-Length: "); at < end)
        length = std::strtoul(&text[at + 16], nullptr, 10);
      if (text.size() >= end + 4 + length) return text;
    }
    pollfd ready{.fd = peer, .events = POLLIN, .revents = 0};
    if (poll(&ready, 1, 2000) <= 0) return {};
    char bytes[4096];
    const ssize_t got = recv(peer, bytes, sizeof bytes, 0);
    if (got <= 0) return {};
    text.append(bytes, static_cast<std::size_t>(got));
  }
}

}  // namespace

RawServer::RawServer(Answer answer) : answer_(std::move(answer)) {
  listener_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  const bool ready = bind(listener_, reinterpret_cast<sockaddr*>(&address), size) == 0 && listen(listener_, 16) == 0 &&
                     getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size) == 0;
  if (!ready) std::abort();
  port_ = ntohs(address.sin_port);
  thread_ = std::jthread([this](const std::stop_token& stop) { serve(stop); });
}

RawServer::~RawServer() {
  thread_.request_stop();
  thread_.join();
  close(listener_);
}

std::string RawServer::url() const { return fmt::format("http://127.0.0.1:{}", port_); }

std::vector<std::string> RawServer::requests() {
  const std::lock_guard lock(mutex_);
  return requests_;
}

unsigned RawServer::connections() {
  const std::lock_guard lock(mutex_);
  return connections_;
}

void RawServer::serve(const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    pollfd ready{.fd = listener_, .events = POLLIN, .revents = 0};
    if (poll(&ready, 1, 20) <= 0) continue;
    const int peer = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (peer < 0) continue;
    {
      const std::lock_guard lock(mutex_);
      ++connections_;
    }
    talk(peer);
    close(peer);
  }
}

void RawServer::talk(int peer) {
  while (true) {
    const std::string request = read_request(peer);
    if (request.empty()) return;
    {
      const std::lock_guard lock(mutex_);
      requests_.push_back(request);
    }
    const Reply reply = answer_(request);
    const std::size_t step = reply.between_bytes.count() == 0 ? std::max<std::size_t>(reply.bytes.size(), 1) : 1;
    for (std::size_t at = 0; at < reply.bytes.size(); at += step) {
      if (at > 0) std::this_thread::sleep_for(reply.between_bytes);
      const std::string part = reply.bytes.substr(at, step);
      if (::send(peer, part.data(), part.size(), MSG_NOSIGNAL) < 0) return;
    }
    if (reply.reset) {
      const linger now{.l_onoff = 1, .l_linger = 0};
      setsockopt(peer, SOL_SOCKET, SO_LINGER, &now, sizeof now);
    }
    if (!reply.keep) return;
  }
}

std::string http(int status, const std::string& body, const std::string& headers) {
  return fmt::format("HTTP/1.1 {} X\r\n{}Content-Length: {}\r\n\r\n{}", status, headers, body.size(), body);
}

}  // namespace dovetail::test
