#include "tests/runtime/mail_sink.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <catch2/catch.hpp>

namespace dovetail::test {
namespace {

void say(int client, const std::string& line) {
  const std::string all = line + "\r\n";
  (void)!::write(client, all.data(), all.size());
}

// Without its end; false: the client is gone.
bool read_line(int client, std::string& line) {
  line.clear();
  char byte = 0;
  while (::read(client, &byte, 1) == 1) {
    if (byte == '\n') return true;
    if (byte != '\r') line += byte;
  }
  return false;
}

std::string in_brackets(const std::string& line) {
  const std::size_t open = line.find('<'), close = line.find('>');
  return open == line.npos || close == line.npos ? line : line.substr(open + 1, close - open - 1);
}

}  // namespace

MailSink::MailSink(int port) {
  listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const int yes = 1;
  ::setsockopt(listener_, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  socklen_t size = sizeof address;
  REQUIRE(::bind(listener_, reinterpret_cast<sockaddr*>(&address), size) == 0);
  REQUIRE(::listen(listener_, 5) == 0);
  ::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size);
  port_ = ntohs(address.sin_port);
  thread_ = std::thread([this] {
    for (int client = 0; (client = ::accept(listener_, nullptr, nullptr)) >= 0; ::close(client)) serve(client);
  });
}

MailSink::~MailSink() {
  ::shutdown(listener_, SHUT_RDWR);
  thread_.join();
  ::close(listener_);
}

std::vector<TakenMail> MailSink::mails() const {
  const std::lock_guard lock(mutex_);
  return mails_;
}

void MailSink::serve(int client) {
  say(client, "220 sink.example");
  TakenMail mail;
  for (std::string line; read_line(client, line);) {
    if (line.starts_with("MAIL FROM:")) mail = {in_brackets(line), {}, {}};
    if (line.starts_with("RCPT TO:")) mail.to.push_back(in_brackets(line));
    if (line == "QUIT") return say(client, "221 bye");
    if (line != "DATA") {
      say(client, "250 ok");
      continue;
    }
    say(client, "354 go on");
    while (read_line(client, line) && line != ".") mail.text += line + "\n";
    {
      const std::lock_guard lock(mutex_);
      mails_.push_back(mail);
    }
    say(client, "250 taken");
  }
}

}  // namespace dovetail::test
