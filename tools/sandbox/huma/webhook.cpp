#include "tools/sandbox/huma/webhook.hpp"

#include <httplib.h>

#include "tools/sandbox/core/digest.hpp"
#include "tools/sandbox/core/text.hpp"

namespace dovetail::sandbox::huma {

namespace {

// The answer's status; 0 when none came.
int post(const Delivery& delivery) {
  const auto scheme = delivery.url.find("://");
  const auto slash = delivery.url.find('/', scheme == std::string::npos ? 0 : scheme + 3);
  httplib::Client client(delivery.url.substr(0, slash));
  client.set_tcp_nodelay(true);
  client.set_connection_timeout(2);
  client.set_read_timeout(5);
  httplib::Headers headers = {{"huma-topic", delivery.topic}};
  if (!delivery.access_token.empty()) headers.emplace("Authorization", "Bearer " + delivery.access_token);
  if (!delivery.client_secret.empty()) {
    const std::string signature = hmac_sha256(delivery.client_secret, delivery.body);
    headers.emplace("huma-hmac-sha256", delivery.base64 ? base64_encode(signature) : to_hex(signature));
  }
  const std::string path = slash == std::string::npos ? "/" : delivery.url.substr(slash);
  const auto result = client.Post(path, headers, delivery.body, "application/json");
  return result ? result->status : 0;
}

}  // namespace

Webhooks::Webhooks() : worker_([this] { run(); }) {}

Webhooks::~Webhooks() {
  {
    const std::lock_guard guard(lock_);
    stopping_ = true;
  }
  wake_.notify_all();
  worker_.join();
}

void Webhooks::send(Delivery delivery) {
  {
    const std::lock_guard guard(lock_);
    waiting_.push_back(std::move(delivery));
  }
  wake_.notify_all();
}

Json Webhooks::attempts() const {
  const std::lock_guard guard(lock_);
  return attempts_;
}

void Webhooks::run() {
  std::unique_lock guard(lock_);
  while (true) {
    wake_.wait(guard, [this] { return stopping_ || !waiting_.empty(); });
    if (stopping_) return;
    Delivery delivery = std::move(waiting_.front());
    waiting_.pop_front();
    guard.unlock();
    const int status = post(delivery);
    guard.lock();
    attempts_.push_back(
        {{"url", delivery.url}, {"topic", delivery.topic}, {"status", status}, {"body", delivery.body}});
    if ((status < 200 || status > 299) && --delivery.attempts > 0) {
      wake_.wait_for(guard, std::chrono::milliseconds(200), [this] { return stopping_; });
      waiting_.push_front(std::move(delivery));
    }
  }
}

}  // namespace dovetail::sandbox::huma
