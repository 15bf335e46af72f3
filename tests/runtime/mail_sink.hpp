// A mail server of a test's own: takes what it is sent on a free port of this machine, and keeps it.
#pragma once

#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace dovetail::test {

struct TakenMail {
  std::string from;
  std::vector<std::string> to;
  std::string text;  // as sent, with headers
};

class MailSink {
 public:
  explicit MailSink(int port = 0);  // 0: any that is free
  ~MailSink();
  MailSink(const MailSink&) = delete;
  MailSink& operator=(const MailSink&) = delete;

  int port() const { return port_; }
  std::vector<TakenMail> mails() const;

 private:
  void serve(int client);

  int listener_ = -1;
  int port_ = 0;
  mutable std::mutex mutex_;
  std::vector<TakenMail> mails_;
  std::thread thread_;
};

}  // namespace dovetail::test
