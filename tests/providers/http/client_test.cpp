#include "providers/toolkit/http/client.hpp"

#include <catch2/catch.hpp>

#include "providers/toolkit/http/token.hpp"
#include "tests/providers/http/fake_clock.hpp"
#include "tests/providers/http/scripted_transport.hpp"

using namespace dovetail;
using namespace dovetail::providers;
using namespace std::chrono_literals;
using test::ScriptedTransport;

namespace {

struct Counting : Dialect {
  int signatures = 0, renewals = 0;
  bool renewable = true;
  Result<void> sign(Request& attempt, Transport&) override {
    attempt.headers.push_back({"X-Attempt", std::to_string(++signatures)});
    return {};
  }
  bool renew(const Request&) override {
    ++renewals;
    return renewable;
  }
  std::optional<Refusal> judge(Response& response) const override {
    response.absent = response.status == 404 && response.body == "no such employee";
    if (response.absent) return std::nullopt;
    return Dialect::judge(response);
  }
};

struct Bench {
  test::FakeClock clock;
  Budgets budgets;
  ScriptedTransport transport;
  Counting dialect;
  std::vector<Trace> traces;
  Client client{transport, dialect, {}, {.clock = clock, .budgets = budgets, .trace = [this](const Trace& t) {
                                           traces.push_back(t);
                                         }}};

  Result<Response> send(Repeat repeat, bool may_be_absent = false) {
    return client.send({.operation = "read", .target = "/x", .repeat = repeat, .may_be_absent = may_be_absent});
  }
};

}  // namespace

TEST_CASE("each status is found, absent or a failure of its own kind, and never another") {
  struct Row {
    int status;
    std::optional<Error::Kind> kind;  // nullopt: an answer
  };
  const Row row = GENERATE(values<Row>({{200, std::nullopt},
                                        {201, std::nullopt},
                                        {204, std::nullopt},
                                        {301, Error::Kind::transient},
                                        {302, Error::Kind::transient},
                                        {307, Error::Kind::transient},
                                        {400, Error::Kind::data},
                                        {401, Error::Kind::auth},
                                        {403, Error::Kind::auth},
                                        {404, Error::Kind::data},
                                        {405, Error::Kind::data},
                                        {409, Error::Kind::data},
                                        {422, Error::Kind::data},
                                        {423, Error::Kind::deferred},
                                        {429, Error::Kind::rate},
                                        {500, Error::Kind::transient},
                                        {502, Error::Kind::transient},
                                        {503, Error::Kind::transient},
                                        {504, Error::Kind::transient}}));
  Bench bench;
  bench.dialect.renewable = false;
  for (int i = 0; i < 4; ++i) bench.transport.answers.push_back(ScriptedTransport::status(row.status));
  const Result<Response> answer = bench.send(Repeat::safe, true);
  INFO(row.status);
  REQUIRE(answer.has_value() == !row.kind.has_value());
  if (answer) CHECK_FALSE(answer->absent);
  if (!answer) CHECK(answer.error().kind == *row.kind);
}

TEST_CASE("a success that is not all that was asked for is no answer to a read") {
  const int status = GENERATE(202, 203, 205, 206);
  Bench bench;
  for (int attempt = 0; attempt < 10; ++attempt) bench.transport.answers.push_back(ScriptedTransport::status(status));
  const Result<Response> read = bench.client.send({.operation = "read", .target = "/x"});
  REQUIRE_FALSE(read.has_value());
  CHECK(read.error().kind == Error::Kind::transient);
  CHECK_THAT(read.error().what, Catch::Contains(std::to_string(status)));
  bench.transport.answers = {ScriptedTransport::status(status)};
  CHECK(bench.client.send({.operation = "write", .method = "POST", .target = "/x"}).has_value());
}

TEST_CASE("what a system says is shown as one line of UTF-8, no longer than a person reads") {
  struct Talkative : Counting {
    std::string words;
    std::optional<Refusal> judge(Response&) const override {
      return Refusal{.error = {.kind = Error::Kind::data, .what = words}};
    }
  } dialect;
  const auto [words, shown] = GENERATE(
      table<std::string, std::string>({{"a\x1b[31mred\a\n", "read: a [31mred  "},
                                       {"T\xf8nsberg and more", "read: Tønsberg and more"},
                                       {"Tønsberg", "read: Tønsberg"},
                                       {"BankAccountNumber is already in use. '12345678903' is used on Id = 7.",
                                        "read: BankAccountNumber is already in use. '…' is used on Id = 7."},
                                       {"kari@firm.example in T\xf8nsberg has one", "read: … in Tønsberg has one"},
                                       {std::string(999, 'x') + "ø", "read: " + std::string(999, 'x') + "…"},
                                       {std::string(1'000'000, 'x'), "read: " + std::string(1000, 'x') + "…"}}));
  dialect.words = words;
  Bench bench;
  bench.transport.answers = {Response{.status = 400}};
  const auto refused = Client(bench.transport, dialect, {}, {.clock = bench.clock, .budgets = bench.budgets})
                           .send({.operation = "read", .target = "/x"});
  REQUIRE_FALSE(refused.has_value());
  CHECK(refused.error().what == shown);
}

TEST_CASE("only the documented not-found answer is absent, and only where the call allows it") {
  Bench bench;
  bench.transport.answers = {ScriptedTransport::status(404, {}, "no such employee"),
                             ScriptedTransport::status(404, {}, "no such employee"),
                             ScriptedTransport::status(404, {}, "no such page")};
  const Result<Response> allowed = bench.send(Repeat::safe, true);
  REQUIRE(allowed.has_value());
  CHECK(allowed->absent);
  CHECK_FALSE(bench.send(Repeat::safe, false).has_value());
  CHECK_FALSE(bench.send(Repeat::safe, true).has_value());
}

TEST_CASE("a safe call is tried again with growing pauses, signed anew each time") {
  Bench bench;
  bench.transport.answers = {ScriptedTransport::status(503), std::unexpected(ScriptedTransport::lost(true)),
                             ScriptedTransport::status(500), ScriptedTransport::status(200)};
  REQUIRE(bench.send(Repeat::safe).has_value());
  CHECK(bench.dialect.signatures == 4);
  REQUIRE(bench.clock.slept.size() == 3);
  const std::vector<std::chrono::milliseconds> full = {500ms, 1000ms, 2000ms};
  for (std::size_t i = 0; i < 3; ++i) {
    CHECK(bench.clock.slept[i] >= full[i] / 2);
    CHECK(bench.clock.slept[i] <= full[i]);
  }
  REQUIRE(bench.traces.size() == 4);
  CHECK(bench.traces[1].status == 0);
  CHECK(bench.traces[3].attempt == 4);
}

TEST_CASE("an unsafe call whose fate is unknown is not repeated") {
  Bench bench;
  SECTION("no answer came") {
    bench.transport.answers = {std::unexpected(ScriptedTransport::lost(true)), ScriptedTransport::status(200)};
  }
  SECTION("the server failed") {
    bench.transport.answers = {ScriptedTransport::status(500), ScriptedTransport::status(200)};
  }
  SECTION("a gateway gave up") {
    bench.transport.answers = {ScriptedTransport::status(504), ScriptedTransport::status(200)};
  }
  const Result<Response> answer = bench.send(Repeat::unsafe);
  REQUIRE_FALSE(answer.has_value());
  CHECK(answer.error().kind == Error::Kind::in_doubt);
  CHECK(bench.transport.asked.size() == 1);
}

TEST_CASE("an unsafe call that surely had no effect is repeated") {
  Bench bench;
  SECTION("it was never sent") {
    bench.transport.answers = {std::unexpected(ScriptedTransport::lost(false)), ScriptedTransport::status(200)};
  }
  SECTION("there were too many calls") {
    bench.transport.answers = {ScriptedTransport::status(429), ScriptedTransport::status(200)};
  }
  SECTION("the token had expired") {
    bench.transport.answers = {ScriptedTransport::status(401), ScriptedTransport::status(200)};
  }
  CHECK(bench.send(Repeat::unsafe).has_value());
  CHECK(bench.transport.asked.size() == 2);
}

TEST_CASE("a 401 renews exactly once") {
  Bench bench;
  bench.transport.answers = {ScriptedTransport::status(401), ScriptedTransport::status(401),
                             ScriptedTransport::status(200)};
  const Result<Response> answer = bench.send(Repeat::safe);
  REQUIRE_FALSE(answer.has_value());
  CHECK(answer.error().kind == Error::Kind::auth);
  CHECK(bench.dialect.renewals == 1);
  CHECK(bench.transport.asked.size() == 2);
}

TEST_CASE("Retry-After is honoured, in seconds and as a date, and handed on where it is long") {
  Bench bench;
  SECTION("seconds") {
    bench.transport.answers = {ScriptedTransport::status(429, {{"retry-after", "7"}}), ScriptedTransport::status(200)};
    REQUIRE(bench.send(Repeat::safe).has_value());
    CHECK(bench.clock.slept == std::vector<std::chrono::milliseconds>{7s});
  }
  SECTION("a date") {  // the clock stands at 2025-06-01 09:08:07.123
    bench.transport.answers = {ScriptedTransport::status(503, {{"Retry-After", "Sun, 01 Jun 2025 09:08:17 GMT"}}),
                               ScriptedTransport::status(200)};
    REQUIRE(bench.send(Repeat::safe).has_value());
    CHECK(bench.clock.slept == std::vector<std::chrono::milliseconds>{9877ms});
  }
  SECTION("none: at least a second after too many calls") {
    bench.transport.answers = {ScriptedTransport::status(429), ScriptedTransport::status(200)};
    REQUIRE(bench.send(Repeat::safe).has_value());
    CHECK(bench.clock.slept == std::vector<std::chrono::milliseconds>{1s});
  }
  SECTION("an hour is not waited for here") {
    bench.transport.answers = {ScriptedTransport::status(429, {{"Retry-After", "3600"}})};
    const Result<Response> answer = bench.send(Repeat::safe);
    REQUIRE_FALSE(answer.has_value());
    CHECK(answer.error().kind == Error::Kind::rate);
    CHECK(answer.error().retry_after == std::optional<std::chrono::milliseconds>(1h));
    CHECK_THAT(answer.error().what, Catch::EndsWith("; it asked us to wait until 2025-06-01 10:08:07 UTC"));
    CHECK(bench.clock.slept.empty());
  }
  SECTION("years are asked about once a day, which is said") {
    const auto [header, until] = GENERATE(table<std::string, std::string>(
        {{"315360000", "2035-05-30 09:08:07"},
         {"Fri, 31 Dec 9999 23:59:59 GMT", "2125-05-08 09:08:07"},  // as good as for ever
         {"99999999999999999999999", "2125-05-08 09:08:07"}}));
    bench.transport.answers = {ScriptedTransport::status(429, {{"Retry-After", header}})};
    const Result<Response> answer = bench.send(Repeat::safe);
    REQUIRE_FALSE(answer.has_value());
    CHECK(answer.error().retry_after == std::optional<std::chrono::milliseconds>(24h));
    CHECK_THAT(answer.error().what, Catch::EndsWith("; it asked us to wait until " + until +
                                                    " UTC, which is more than a day: it is asked again in a day"));
    CHECK(bench.clock.slept.empty());
  }
}

TEST_CASE("a redirect is reported and not tried again") {
  Bench bench;
  bench.transport.answers = {ScriptedTransport::status(302, {{"Location", "https://elsewhere.example"}})};
  const Result<Response> answer = bench.send(Repeat::safe);
  REQUIRE_FALSE(answer.has_value());
  CHECK(answer.error().what ==
        "read: HTTP status 302: the system redirects elsewhere, which is not followed: check the base URL");
  CHECK(bench.transport.asked.size() == 1);
}

TEST_CASE("a credential that would break the header is refused before anything is sent") {
  struct Splitting : Dialect {
    Result<void> sign(Request& attempt, Transport&) override {
      attempt.headers.push_back({"Authorization", "Bearer a\r\nX: b"});
      return {};
    }
  } dialect;
  test::FakeClock clock;
  Budgets budgets;
  ScriptedTransport transport;
  Client client(transport, dialect, {}, {.clock = clock, .budgets = budgets});
  const Result<Response> answer = client.send({.operation = "read", .target = "/"});
  REQUIRE_FALSE(answer.has_value());
  CHECK(answer.error().kind == Error::Kind::input);
  CHECK(transport.asked.empty());
}

TEST_CASE("a token is fetched once, renewed before its end, and again after it was refused") {
  test::FakeClock clock;
  int fetched = 0;
  ScriptedTransport over;
  TokenKeeper keeper(
      [&fetched](Transport&) -> Result<Token> { return Token{.text = std::to_string(++fetched), .lifetime = 1200s}; },
      clock);
  CHECK(keeper.current(over) == "1");
  clock.pass(1139s);
  CHECK(keeper.current(over) == "1");
  clock.pass(2s);
  CHECK(keeper.current(over) == "2");
  CHECK_FALSE(keeper.drop("1"));
  CHECK(keeper.drop("2"));
  CHECK(keeper.current(over) == "3");
  CHECK(keeper.drop("2"));  // said by a call that was under way before
  CHECK(keeper.current(over) == "3");
}

TEST_CASE("a token answer is read by its members, and a wrong one is an error") {
  const auto text = [](std::string body) { return token_of({.status = 200, .body = std::move(body)}); };
  const Result<Token> token = text(R"({"access_token":"eyJ","token_type":"bearer","expires_in":1200})");
  REQUIRE(token.has_value());
  CHECK(token->text == "eyJ");
  CHECK(token->lifetime == 1200s);
  CHECK(text(R"({"access_token":"eyJ"})")->lifetime == 300s);
  CHECK_FALSE(text("<html>").has_value());
  CHECK_FALSE(text(R"({"access_token":""})").has_value());
  CHECK_FALSE(text(R"([])").has_value());
}
