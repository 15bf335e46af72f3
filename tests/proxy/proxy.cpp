#include "tests/proxy/proxy.hpp"

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <optional>
#include <stdexcept>

namespace dovetail::test {

namespace {

sockaddr_in loopback(int port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

void no_delay(int socket) {
  const int yes = 1;
  setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
}

int connect_to(int port) {
  const int socket = ::socket(AF_INET, SOCK_STREAM, 0);
  const sockaddr_in address = loopback(port);
  if (::connect(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    ::close(socket);
    return -1;
  }
  no_delay(socket);
  return socket;
}

bool send_all(int socket, const char* bytes, std::size_t size) {
  while (size > 0) {
    const auto sent = ::send(socket, bytes, size, MSG_NOSIGNAL);
    if (sent <= 0) return false;
    bytes += sent;
    size -= static_cast<std::size_t>(sent);
  }
  return true;
}

// The next close sends a reset.
void make_reset(int socket) {
  const linger at_once{1, 0};
  setsockopt(socket, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
}

std::string lower(std::string text) {
  std::ranges::transform(text, text.begin(), [](unsigned char each) { return static_cast<char>(std::tolower(each)); });
  return text;
}

std::string header(const std::string& head, const std::string& name) {
  const std::string small = lower(head);
  const auto at = small.find("\r\n" + name + ":");
  if (at == std::string::npos) return {};
  const auto begin = small.find_first_not_of(' ', at + name.size() + 3);
  return small.substr(begin, small.find("\r\n", begin) - begin);
}

// Reads HTTP messages one after the other from a socket.
class Reader {
 public:
  explicit Reader(int socket) : socket_(socket) {}

  // One whole message as it came; nullopt when the connection ended first. `bodiless`: an answer that has no body.
  std::optional<std::string> message(bool is_request, bool bodiless) {
    std::size_t end = 0;
    while ((end = buffer_.find("\r\n\r\n")) == std::string::npos) {
      if (!more()) return std::nullopt;
    }
    const std::string head = buffer_.substr(0, end + 2);
    std::size_t size = end + 4;
    const std::string length = header(head, "content-length");
    if (header(head, "transfer-encoding").find("chunked") != std::string::npos) {
      std::size_t last = 0;
      while ((last = buffer_.find("0\r\n\r\n", size - 2)) == std::string::npos) {
        if (!more()) return std::nullopt;
      }
      size = last + 5;
    } else if (!bodiless && !length.empty()) {
      size += std::stoul(length);
    } else if (!bodiless && !is_request && head.find(" 204 ") == std::string::npos) {
      while (more()) {
      }  // until the end of the connection
      size = buffer_.size();
    }
    while (buffer_.size() < size) {
      if (!more()) return std::nullopt;
    }
    std::string message = buffer_.substr(0, size);
    buffer_.erase(0, size);
    return message;
  }

 private:
  bool more() {
    char bytes[16'384];
    const auto got = ::recv(socket_, bytes, sizeof bytes, 0);
    if (got <= 0) return false;
    buffer_.append(bytes, static_cast<std::size_t>(got));
    return true;
  }

  int socket_;
  std::string buffer_;
};

// Whether the connection lives on.
bool deliver(int client, const std::string& answer, const Trouble* trouble) {
  if (trouble == nullptr) return send_all(client, answer.data(), answer.size());
  switch (trouble->kind) {
    case TroubleKind::reset_before_commit:
    case TroubleKind::reset_after_commit:
      make_reset(client);
      return false;
    case TroubleKind::closed_after_commit:
      return false;
    case TroubleKind::silent_after_commit:
      std::this_thread::sleep_for(trouble->pause);
      return false;
    case TroubleKind::truncated:
    case TroubleKind::reset_within_answer:
      send_all(client, answer.data(), std::min(trouble->bytes, answer.size()));
      if (trouble->kind == TroubleKind::reset_within_answer) {
        std::this_thread::sleep_for(std::chrono::milliseconds(50));  // or the reset overtakes the bytes
        make_reset(client);
      }
      return false;
    case TroubleKind::slow:
      break;
  }
  for (std::size_t at = 0; at < answer.size(); at += trouble->bytes) {
    if (!send_all(client, answer.data() + at, std::min(trouble->bytes, answer.size() - at))) return false;
    std::this_thread::sleep_for(trouble->pause);
  }
  return true;
}

}  // namespace

Proxy::Proxy(int upstream_port) : upstream_port_(upstream_port), listener_(::socket(AF_INET, SOCK_STREAM, 0)) {
  sockaddr_in address = loopback(0);
  socklen_t size = sizeof address;
  if (::bind(listener_, reinterpret_cast<sockaddr*>(&address), size) != 0 || ::listen(listener_, 64) != 0 ||
      ::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size) != 0) {
    ::close(listener_);
    throw std::runtime_error("the proxy can't listen on the loopback interface");
  }
  port_ = ntohs(address.sin_port);
  acceptor_ = std::thread([this] { accept_all(); });
}

Proxy::~Proxy() {
  {
    const std::lock_guard guard(lock_);
    stopping_ = true;
    for (const int socket : open_) ::shutdown(socket, SHUT_RDWR);
  }
  ::shutdown(listener_, SHUT_RDWR);
  acceptor_.join();
  for (std::thread& each : connections_) each.join();
  ::close(listener_);
}

void Proxy::order(Trouble trouble) {
  const std::lock_guard guard(lock_);
  troubles_.push_back(trouble);
}

int Proxy::requests() const {
  const std::lock_guard guard(lock_);
  return requests_;
}

void Proxy::accept_all() {
  while (true) {
    const int client = ::accept(listener_, nullptr, nullptr);
    if (client < 0) return;
    no_delay(client);
    const std::lock_guard guard(lock_);
    if (stopping_) {
      ::close(client);
      return;
    }
    connections_.emplace_back([this, client] { serve(client); });
  }
}

bool Proxy::next_trouble(Trouble& trouble) {
  const std::lock_guard guard(lock_);
  ++requests_;
  if (troubles_.empty()) return false;
  Trouble& first = troubles_.front();
  if (first.skip > 0) {
    --first.skip;
    return false;
  }
  trouble = first;
  if (--first.times <= 0) troubles_.erase(troubles_.begin());
  return true;
}

void Proxy::serve(int client) {
  const int upstream = connect_to(upstream_port_);
  {
    const std::lock_guard guard(lock_);
    open_.insert(open_.end(), {client, upstream});
  }
  Reader requests(client), answers(upstream);
  for (bool alive = upstream >= 0; alive;) {
    const auto request = requests.message(true, false);
    if (!request) break;
    Trouble trouble;
    const bool struck = next_trouble(trouble);
    const bool passes = !struck || trouble.kind != TroubleKind::reset_before_commit;
    std::string answer;
    if (passes) {
      if (!send_all(upstream, request->data(), request->size())) break;
      const auto whole = answers.message(false, request->starts_with("HEAD "));
      if (!whole) break;
      answer = *whole;
    }
    alive = deliver(client, answer, struck ? &trouble : nullptr);
  }
  const std::lock_guard guard(lock_);
  std::erase_if(open_, [&](int each) { return each == client || each == upstream; });
  ::close(client);
  if (upstream >= 0) ::close(upstream);
}

}  // namespace dovetail::test
