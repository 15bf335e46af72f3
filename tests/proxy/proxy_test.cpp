#include "tests/proxy/proxy.hpp"

#include <httplib.h>

#include <atomic>
#include <catch2/catch.hpp>

using namespace dovetail::test;

namespace {

// A server that counts what it carried out, and a client that reaches it through the proxy.
struct Setting {
  Setting() {
    server.set_tcp_nodelay(true);
    server.set_keep_alive_timeout(1);
    server.Post("/things", [this](const httplib::Request& request, httplib::Response& response) {
      ++carried_out;
      response.set_content("received " + request.body, "text/plain");
    });
    const int port = server.bind_to_any_port("127.0.0.1");
    listener = std::thread([this] { server.listen_after_bind(); });
    proxy = std::make_unique<Proxy>(port);
  }
  ~Setting() {
    proxy.reset();
    server.stop();
    listener.join();
  }
  httplib::Result post(std::chrono::milliseconds timeout = std::chrono::seconds(5)) {
    httplib::Client client("127.0.0.1", proxy->port());
    client.set_tcp_nodelay(true);
    client.set_read_timeout(timeout);
    return client.Post("/things", "a thing", "text/plain");
  }

  httplib::Server server;
  std::atomic<int> carried_out = 0;
  std::thread listener;
  std::unique_ptr<Proxy> proxy;
};

}  // namespace

TEST_CASE("the proxy passes on what no trouble strikes") {
  Setting setting;
  httplib::Client client("127.0.0.1", setting.proxy->port());
  client.set_keep_alive(true);
  client.set_tcp_nodelay(true);
  for (int each = 0; each < 3; ++each) {
    const auto answer = client.Post("/things", "a thing", "text/plain");
    REQUIRE(answer);
    CHECK(answer->body == "received a thing");
  }
  CHECK(setting.proxy->requests() == 3);
}

TEST_CASE("a reset before commit leaves the server untouched, one after it does not") {
  Setting setting;
  setting.proxy->order({.kind = TroubleKind::reset_before_commit});
  CHECK_FALSE(setting.post());
  CHECK(setting.carried_out == 0);
  setting.proxy->order({.kind = TroubleKind::reset_after_commit});
  CHECK_FALSE(setting.post());
  CHECK(setting.carried_out == 1);
  setting.proxy->order({.kind = TroubleKind::closed_after_commit});
  CHECK_FALSE(setting.post());
  CHECK(setting.carried_out == 2);
  CHECK(setting.post());
  CHECK(setting.carried_out == 3);
}

TEST_CASE("an answer can be lost in silence, truncated, or slow") {
  Setting setting;
  setting.proxy->order({.kind = TroubleKind::silent_after_commit, .pause = std::chrono::milliseconds(600)});
  CHECK_FALSE(setting.post(std::chrono::milliseconds(200)));
  CHECK(setting.carried_out == 1);
  setting.proxy->order({.kind = TroubleKind::truncated, .bytes = 30});
  CHECK_FALSE(setting.post());
  setting.proxy->order({.kind = TroubleKind::reset_within_answer, .bytes = 90});
  CHECK_FALSE(setting.post());
  setting.proxy->order({.kind = TroubleKind::slow, .bytes = 20, .pause = std::chrono::milliseconds(5)});
  const auto slow = setting.post();
  REQUIRE(slow);
  CHECK(slow->body == "received a thing");
  CHECK(setting.carried_out == 4);
}

TEST_CASE("troubles wait for their turn") {
  Setting setting;
  setting.proxy->order({.kind = TroubleKind::reset_before_commit, .skip = 1, .times = 2});
  CHECK(setting.post());
  CHECK_FALSE(setting.post());
  CHECK_FALSE(setting.post());
  CHECK(setting.post());
  CHECK(setting.carried_out == 2);
}
