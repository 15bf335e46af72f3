// What the tests of the sandboxes share: a running one, and a bare HTTP client.
#pragma once

#include <httplib.h>

#include <catch2/catch.hpp>
#include <memory>
#include <string>
#include <string_view>

#include "tools/sandbox/server/sandbox.hpp"
#include "tools/sandbox/systems.hpp"

namespace dovetail::sandbox::test {

inline std::unique_ptr<Sandbox> start(const std::string& system, int people = 0) {
  Population population;
  population.count = people;
  auto started = Sandbox::start(make_system(system, population));
  REQUIRE(started);
  return std::move(*started);
}

inline httplib::Client client_of(const Sandbox& sandbox) {
  httplib::Client client("127.0.0.1", sandbox.port());
  client.set_tcp_nodelay(true);
  client.set_keep_alive(true);
  client.set_follow_location(false);
  client.set_url_encode(false);
  return client;
}

// Sends a request with any method; fails the test when no answer comes.
inline httplib::Response call(httplib::Client& client, const std::string& method, const std::string& target,
                              const httplib::Headers& headers = {}, const std::string& body = {},
                              const std::string& content_type = {}) {
  httplib::Request request;
  request.method = method;
  request.path = target;
  request.headers = headers;
  request.body = body;
  if (!content_type.empty()) request.set_header("Content-Type", content_type);
  const auto result = client.send(request);
  INFO(method << ' ' << target);
  REQUIRE(result);
  return *result;
}

inline Json json_of(const httplib::Response& response) {
  INFO(response.body);
  const Json json = Json::parse(response.body, nullptr, false);
  REQUIRE_FALSE(json.is_discarded());
  return json;
}

}  // namespace dovetail::sandbox::test
