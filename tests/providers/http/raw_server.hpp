// A server on loopback that answers with exactly the bytes it is told to, and then closes or keeps the connection.
#pragma once

#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace dovetail::test {

class RawServer {
 public:
  struct Reply {
    std::string bytes;
    std::chrono::milliseconds between_bytes{0};  // 0: all at once
    bool keep = false;                           // the connection, for a next request
    bool reset = false;                          // ends it with a reset instead of an orderly close
  };
  using Answer = std::function<Reply(const std::string& request)>;

  explicit RawServer(Answer answer);
  ~RawServer();
  RawServer(const RawServer&) = delete;
  RawServer& operator=(const RawServer&) = delete;

  std::string url() const;  // "http://127.0.0.1:PORT"
  std::vector<std::string> requests();
  unsigned connections();

 private:
  void serve(const std::stop_token& stop);
  void talk(int peer);

  Answer answer_;
  int listener_ = -1;
  int port_ = 0;
  std::mutex mutex_;
  std::vector<std::string> requests_;
  unsigned connections_ = 0;
  std::jthread thread_;
};

// "HTTP/1.1 200 OK" with a length and these headers ("Name: value\r\n" each).
std::string http(int status, const std::string& body, const std::string& headers = "");

}  // namespace dovetail::test
