// Huma's webhooks: what happened is posted to registered addresses, in the background.
#pragma once

#include <condition_variable>
#include <deque>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "tools/sandbox/core/json.hpp"

namespace dovetail::sandbox::huma {

struct Delivery {
  std::string url;
  std::string topic;
  std::string body;
  std::string access_token;   // empty: no Authorization
  std::string client_secret;  // empty: not signed
  bool base64 = false;        // the signature's encoding; otherwise hex
  int attempts = 1;           // as long as no 2xx is answered
};

class Webhooks {
 public:
  Webhooks();
  ~Webhooks();  // what has not been delivered is dropped
  Webhooks(const Webhooks&) = delete;
  Webhooks& operator=(const Webhooks&) = delete;

  void send(Delivery delivery);
  // Every attempt so far: url, topic, status (0: no answer), body.
  Json attempts() const;

 private:
  void run();

  mutable std::mutex lock_;
  std::condition_variable wake_;
  std::deque<Delivery> waiting_;
  Json attempts_ = Json::array();
  bool stopping_ = false;
  std::thread worker_;
};

}  // namespace dovetail::sandbox::huma
