// A TCP proxy on the loopback interface that misbehaves to order, between an HTTP client and a server that doesn't
// know.
#pragma once

#include <chrono>
#include <cstddef>
#include <list>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace dovetail::test {

enum class TroubleKind {
  reset_before_commit,  // the request is read and never passed on; the client's connection is reset
  reset_after_commit,   // the request is carried out; the client's connection is reset instead of an answer
  closed_after_commit,  // the same with an orderly end
  silent_after_commit,  // the same with no answer for `pause`, then an orderly end
  truncated,            // of the answer, `bytes` arrive, then an orderly end
  reset_within_answer,  // of the answer, `bytes` arrive, then a reset
  slow,                 // the answer arrives in pieces of `bytes`, with `pause` between
};

struct Trouble {
  TroubleKind kind = TroubleKind::reset_before_commit;
  int skip = 0;   // requests that pass first
  int times = 1;  // requests that suffer
  std::size_t bytes = 1;
  std::chrono::milliseconds pause{100};
};

class Proxy {
 public:
  // In front of 127.0.0.1:`upstream_port`. Throws std::runtime_error when it can't listen.
  explicit Proxy(int upstream_port);
  ~Proxy();  // cuts every connection
  Proxy(const Proxy&) = delete;
  Proxy& operator=(const Proxy&) = delete;

  int port() const { return port_; }
  std::string url() const { return "http://127.0.0.1:" + std::to_string(port_); }
  // Troubles strike in the order they were given, one for each request.
  void order(Trouble trouble);
  int requests() const;  // read from clients so far

 private:
  void accept_all();
  void serve(int client);
  bool next_trouble(Trouble& trouble);  // false: the request passes unharmed

  int upstream_port_;
  int listener_ = -1;
  int port_ = 0;
  mutable std::mutex lock_;
  bool stopping_ = false;
  int requests_ = 0;
  std::vector<Trouble> troubles_;
  std::vector<int> open_;  // sockets of running connections
  std::list<std::thread> connections_;
  std::thread acceptor_;
};

}  // namespace dovetail::test
