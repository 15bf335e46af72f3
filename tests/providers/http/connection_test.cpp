#include "providers/toolkit/http/connection.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <catch2/catch.hpp>

#include "providers/toolkit/http/reach.hpp"
#include "tests/providers/http/raw_server.hpp"

using namespace dovetail;
using namespace dovetail::providers;
using namespace std::chrono_literals;
using test::http;
using test::RawServer;

namespace {

std::expected<Response, NotAnswered> ask(const RawServer& server, Endpoint endpoint = {},
                                         Request request = {.operation = "read", .target = "/a?b=%20c"}) {
  endpoint.base = server.url() + "/api/";
  Result<std::unique_ptr<Transport>> transport = connect(endpoint);
  REQUIRE(transport.has_value());
  return (*transport)->send(request);
}

}  // namespace

TEST_CASE("a request goes out byte for byte, and its answer comes back as a value") {
  RawServer server(
      [](const std::string&) { return RawServer::Reply{.bytes = http(201, "hello", "X-Kind: greeting\r\n")}; });
  const auto answer = ask(server, {},
                          {.operation = "write",
                           .method = "PATCH",
                           .target = "/a%2Fb?c=%e4&d=x+y",
                           .headers = {{"X-Key", "k"}},
                           .content_type = "application/json",
                           .body = "{}"});
  REQUIRE(answer.has_value());
  CHECK(answer->status == 201);
  CHECK(answer->body == "hello");
  REQUIRE(answer->find_header("x-kind") != nullptr);
  CHECK(*answer->find_header("x-kind") == "greeting");
  const std::string asked = server.requests().at(0);
  CHECK(asked.starts_with("PATCH /api/a%2Fb?c=%e4&d=x+y HTTP/1.1\r\n"));
  CHECK(asked.find("X-Key: k\r\n") != asked.npos);
  CHECK(asked.ends_with("\r\n\r\n{}"));
}

TEST_CASE("that a system cannot be reached is said with the reason") {
  std::string url;
  {
    const RawServer gone([](const std::string&) { return RawServer::Reply{.bytes = http(200, "x")}; });
    url = gone.url();
  }
  Result<std::unique_ptr<Transport>> transport = connect({.base = url});
  REQUIRE(transport.has_value());
  const auto refused = (*transport)->send({.operation = "read", .target = "/"});
  REQUIRE_FALSE(refused.has_value());
  CHECK_THAT(refused.error().error.what,
             Catch::EndsWith("cannot be reached: nothing listens there (connection refused)"));
  CHECK(why_out_of_reach("no host has blanks in its name", 80) == "no such host");
  rlimit before{};
  REQUIRE(::getrlimit(RLIMIT_NOFILE, &before) == 0);
  rlimit none = before;
  none.rlim_cur = 0;
  REQUIRE(::setrlimit(RLIMIT_NOFILE, &none) == 0);
  const std::string why = why_out_of_reach("127.0.0.1", 80);
  REQUIRE(::setrlimit(RLIMIT_NOFILE, &before) == 0);
  CHECK_THAT(why, Catch::StartsWith("Too many open files: this process may open no more; raise its limit (ulimit -n"));
}

TEST_CASE("a connection is kept for the next request") {
  RawServer server([](const std::string&) { return RawServer::Reply{.bytes = http(200, "x"), .keep = true}; });
  Result<std::unique_ptr<Transport>> transport = connect({.base = server.url()});
  REQUIRE(transport.has_value());
  for (int i = 0; i < 5; ++i) CHECK((*transport)->send({.operation = "read", .target = "/"}).has_value());
  CHECK(server.connections() == 1);
}

TEST_CASE("a redirect is an answer that is not followed") {
  RawServer server(
      [](const std::string&) { return RawServer::Reply{.bytes = http(302, "", "Location: /elsewhere\r\n")}; });
  const auto answer = ask(server);
  REQUIRE(answer.has_value());
  CHECK(answer->status == 302);
  CHECK(server.requests().size() == 1);
}

TEST_CASE("an answer that is too large is cut off, counted after decompression") {
  const std::string large(100'000, 'x');
  std::string chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
  for (int i = 0; i < 100; ++i) chunked += "3e8\r\n" + large.substr(0, 1000) + "\r\n";
  chunked += "0\r\n\r\n";
  const std::string bytes = GENERATE_COPY(http(200, large), chunked, "HTTP/1.1 200 OK\r\n\r\n" + large);
  RawServer server([bytes](const std::string&) { return RawServer::Reply{.bytes = bytes}; });
  const auto answer = ask(server, {.base = "", .largest_answer = 50'000});
  REQUIRE_FALSE(answer.has_value());
  CHECK(answer.error().error.kind == Error::Kind::data);
  CHECK_THAT(answer.error().error.what, Catch::EndsWith("the answer is larger than 50000 bytes"));
  const auto enough = ask(server, {.base = "", .largest_answer = 100'000});
  REQUIRE(enough.has_value());
  CHECK(enough->body == large);
}

TEST_CASE("a broken answer is no answer, and may have had its effect") {
  const std::string bytes =
      GENERATE(as<std::string>(), "", "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc",
               "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab", "HTTP/1.1 20", "garbage\r\n\r\n");
  const bool reset = GENERATE(false, true);
  RawServer server([bytes, reset](const std::string&) { return RawServer::Reply{.bytes = bytes, .reset = reset}; });
  const auto answer = ask(server);
  INFO(bytes);
  REQUIRE_FALSE(answer.has_value());
  CHECK(answer.error().error.kind == Error::Kind::transient);
  CHECK(answer.error().sent);
}

TEST_CASE("bytes that drip are waited for no longer than the whole time allowed") {
  RawServer server([](const std::string&) {
    return RawServer::Reply{.bytes = http(200, std::string(500, 'x')), .between_bytes = 20ms};
  });
  const auto answer = ask(server, {.base = "", .whole_timeout = 300ms});
  REQUIRE_FALSE(answer.has_value());
  CHECK_THAT(answer.error().error.what, Catch::EndsWith("no complete answer within 300 ms"));
  CHECK(answer.error().sent);
}

TEST_CASE("silence ends with the read timeout") {
  RawServer server([](const std::string&) {
    return RawServer::Reply{.bytes = "HTTP/1.1 200 OK\r\n\r\nab", .between_bytes = 400ms};
  });
  const auto answer = ask(server, {.base = "", .read_timeout = 100ms});
  REQUIRE_FALSE(answer.has_value());
  CHECK(answer.error().sent);
}

TEST_CASE("a request that nobody takes off the wire ends with the write timeout, and may have had its effect") {
  const int listener = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  REQUIRE(::bind(listener, reinterpret_cast<sockaddr*>(&address), size) == 0);
  REQUIRE(::listen(listener, 1) == 0);  // connections are made, and never accepted
  REQUIRE(::getsockname(listener, reinterpret_cast<sockaddr*>(&address), &size) == 0);
  Result<std::unique_ptr<Transport>> transport =
      connect({.base = fmt::format("http://127.0.0.1:{}", ntohs(address.sin_port)), .write_timeout = 100ms});
  REQUIRE(transport.has_value());
  const auto answer = (*transport)
                          ->send({.operation = "write",
                                  .method = "POST",
                                  .target = "/",
                                  .content_type = "text/plain",
                                  .body = std::string(std::size_t{64} << 20U, 'x')});
  ::close(listener);
  REQUIRE_FALSE(answer.has_value());
  CHECK(answer.error().error.kind == Error::Kind::transient);
  CHECK_THAT(answer.error().error.what, Catch::EndsWith("nothing more was taken for 100 ms"));
  CHECK(answer.error().sent);
}

TEST_CASE("bytes that nobody asked for are never the next call's answer") {
  const std::string second = http(200, "second");
  const std::string bytes = GENERATE_COPY(http(200, "first") + second,  // answered twice
                                          "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nfirst" + second,  // and longer
                                          "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nfirstborn");
  std::atomic<int> asked{0};
  RawServer server([&asked, bytes](const std::string&) {
    return RawServer::Reply{.bytes = asked++ == 0 ? bytes : http(200, "third"), .keep = true};
  });
  Result<std::unique_ptr<Transport>> transport = connect({.base = server.url()});
  REQUIRE(transport.has_value());
  const auto first = (*transport)->send({.operation = "read", .target = "/1"});
  REQUIRE(first.has_value());
  CHECK(first->body == "first");
  const auto next = (*transport)->send({.operation = "read", .target = "/2"});
  REQUIRE(next.has_value());
  CHECK(next->body == "third");
}

TEST_CASE("a provisional answer is not the answer, and the one behind it not the next call's") {
  const std::string provisional =
      GENERATE(as<std::string>(), "HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n", "HTTP/1.1 102 Processing\r\n\r\n");
  std::atomic<int> asked{0};
  RawServer server([&asked, provisional](const std::string&) {
    return RawServer::Reply{.bytes = asked++ == 0 ? provisional + http(200, "first") : http(200, "second"),
                            .keep = true};
  });
  Result<std::unique_ptr<Transport>> transport = connect({.base = server.url()});
  REQUIRE(transport.has_value());
  const auto first = (*transport)->send({.operation = "read", .target = "/1"});
  if (first)
    CHECK(first->body == "first");
  else
    CHECK(first.error().sent);
  const auto next = (*transport)->send({.operation = "read", .target = "/2"});
  REQUIRE(next.has_value());
  CHECK(next->body == "second");
}

TEST_CASE("an answer may come compressed, in odd chunks, or without a length") {
  const std::string bytes =
      GENERATE(as<std::string>(),
               "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3;name=value\r\nhel\r\n02\r\nlo\r\n0\r\n\r\n",
               "HTTP/1.0 200 OK\r\n\r\nhello", "HTTP/1.1 200\r\nContent-Length: 5\r\n\r\nhello");
  RawServer server([bytes](const std::string&) { return RawServer::Reply{.bytes = bytes}; });
  const auto answer = ask(server);
  INFO(bytes);
  REQUIRE(answer.has_value());
  CHECK(answer->body == "hello");
}

TEST_CASE("where nobody listens nothing was sent") {
  std::string url;
  {
    RawServer server([](const std::string&) { return RawServer::Reply{}; });
    url = server.url();
  }
  Result<std::unique_ptr<Transport>> transport = connect({.base = url});
  REQUIRE(transport.has_value());
  const auto answer = (*transport)->send({.operation = "read", .target = "/"});
  REQUIRE_FALSE(answer.has_value());
  CHECK_FALSE(answer.error().sent);
  CHECK(answer.error().error.kind == Error::Kind::transient);
}

TEST_CASE("a proxy is asked for the whole address") {
  RawServer proxy([](const std::string&) { return RawServer::Reply{.bytes = http(200, "through")}; });
  Result<std::unique_ptr<Transport>> transport =
      connect({.base = "http://localhost:9", .proxy = "http://user:pass@" + proxy.url().substr(7)});
  REQUIRE(transport.has_value());
  const auto answer = (*transport)->send({.operation = "read", .target = "/a"});
  REQUIRE(answer.has_value());
  CHECK(answer->body == "through");
  CHECK(proxy.requests().at(0).starts_with("GET http://localhost:9/a HTTP/1.1"));
  CHECK_THAT(proxy.requests().at(0), Catch::Contains("Proxy-Authorization: Basic dXNlcjpwYXNz"));
}

TEST_CASE("an address that cannot be used is refused with what to do") {
  const auto refused = [](Endpoint endpoint) {
    const Result<std::unique_ptr<Transport>> transport = connect(endpoint);
    REQUIRE_FALSE(transport.has_value());
    CHECK(transport.error().kind == Error::Kind::input);
    return transport.error().what;
  };
  CHECK(refused({.base = "payroll.example"}) ==
        "`payroll.example` is not a base URL: write https://host[:port][/path]");
  CHECK(refused({.base = "http://payroll.example"}) ==
        "http://payroll.example: plain http would show credentials to the network; use https");
  CHECK(refused({.base = "https://user:secret@payroll.example"}) ==
        "`(with credentials)` is not a base URL: write https://host[:port][/path]");
  CHECK_THAT(refused({.base = "https://payroll.example:0"}), Catch::Contains("is not a base URL"));
  CHECK_THAT(refused({.base = "https://payroll.example", .ca_file = "/nowhere.pem"}), Catch::Contains("no such file"));
  CHECK_THAT(refused({.base = "https://payroll.example", .proxy = "socks://x"}),
             Catch::Contains("the proxy must be given as"));
}
