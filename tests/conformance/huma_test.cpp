#include "providers/huma/huma.hpp"

#include <catch2/catch.hpp>

#include "providers/huma/bodies.hpp"
#include "providers/huma/webhook.hpp"
#include "providers/toolkit/http/mac.hpp"
#include "tests/conformance/bench.hpp"

using namespace dovetail;
using namespace dovetail::providers::huma;
using test::Bench;
using Calls = std::map<std::string, int>;
using Kind = ChangeOutcome::Kind;

TEST_CASE("an address is written whole, a bank account by its one sort") {
  const ir::Schema& schema = test::shipped_schema("huma");
  const auto change = [&schema](const char* path, const char* value) {
    return Change{.member = schema.id(*schema.find(path)),
                  .element = {},
                  .clear = value == nullptr,
                  .value = value == nullptr ? "" : value,
                  .previous = {}};
  };
  const auto record = *providers::JsonAnswer::read(
      "x",
      R"({"homeAddress":{"value":{"line1":"Gata 1","postalCode":"0150","city":"Oslo","country":"NO"}},"bankAccount":{"value":{"type":"national","number":"86011117947","country":"NO"}}})");
  const auto body = [&](const std::vector<Change>& changes) {
    return user_body(schema, unwrapped_writes(schema, changes), record->root());
  };
  CHECK(
      body({change("homeAddress.city", "Bergen"), change("givenName", "Kari")}) ==
      R"({"homeAddress":{"city":"Bergen","country":"NO","line1":"Gata 1","line2":null,"line3":null,"postalCode":"0150"},"givenName":"Kari"})");
  CHECK(body({change("bankAccount.iban", "FI2112345600000785"), change("bankAccount.bic", "NDEAFIHH")}) ==
        R"({"bankAccount":{"bic":"NDEAFIHH","iban":"FI2112345600000785","type":"international"}})");
  CHECK(body({change("bankAccount.number", nullptr), change("bankAccount.country", nullptr)}) ==
        R"({"bankAccount":null})");
}

TEST_CASE("Huma: everybody is read in pages of fifty, with two calls a person") {
  Bench bench("huma", 18);  // of each of three countries
  const Snapshot all = bench.list();
  CHECK(all.size() == 54);
  CHECK(bench.count_calls() == Calls{{"token", 1}, {"users", 2}, {"user", 54}, {"positions", 54}});
}

TEST_CASE("Huma: a job title is matched ignoring case, and added only where there is none") {
  Bench bench("huma", 1);
  const Snapshot before = bench.list();
  const std::string id = bench.value(before, 0, "id").text, position = bench.value(before, 0, "positions[].id").text;
  std::string title = bench.value(before, 0, "positions[].title").text;
  for (char& c : title) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  bench.count_calls();
  auto outcomes = bench.system->update(id, {bench.set("positions[].title", title, position)});
  REQUIRE(outcomes.has_value());
  CHECK(bench.count_calls() == Calls{{"job titles", 1}, {"position change", 1}});
  Change planned = bench.set("positions[].title", "Overseer of Everything", position);
  outcomes = bench.system->update(id, {planned, bench.set("givenName", "Uusi")});
  REQUIRE(outcomes.has_value());
  CHECK(outcomes->at(0).kind == Kind::refused);
  CHECK(outcomes->at(0).reason ==
        "Huma has no job title `Overseer of Everything`, and adding it was not planned: plan again, or add it in Huma");
  CHECK(outcomes->at(1).kind == Kind::done);
  CHECK_FALSE(bench.count_calls().contains("job title add"));
  planned.may_add = true;
  outcomes = bench.system->update(id, {planned});
  REQUIRE(outcomes.has_value());
  CHECK(bench.count_calls().at("job title add") == 1);
  CHECK(bench.value(bench.get(id), 0, "positions[].title").text == "Overseer of Everything");
}

TEST_CASE("Huma: a field that it refuses is dropped, and the others go on") {
  Bench bench("huma", 1);
  const Snapshot before = bench.list();
  const std::string taken = bench.value(before, 1, "phone").text, id = bench.value(before, 0, "id").text;
  const auto outcomes = bench.system->update(id, {bench.set("phone", taken), bench.set("givenName", "Uusi")});
  REQUIRE(outcomes.has_value());
  CHECK(outcomes->at(0).kind == Kind::refused);
  CHECK_THAT(outcomes->at(0).reason, Catch::Contains("already"));
  CHECK(outcomes->at(1).kind == Kind::done);
  CHECK(bench.value(bench.get(id), 0, "givenName").text == "Uusi");
}

TEST_CASE("Huma: a new e-mail that must be confirmed first is pending") {
  Bench bench("huma", 1);
  bench.sandbox->set_knob("email_change", "pending");
  const std::string id = bench.value(bench.list(), 0, "id").text;
  const auto outcomes = bench.system->update(id, {bench.set("email", "another@example.com")});
  REQUIRE(outcomes.has_value());
  CHECK(outcomes->at(0).kind == Kind::pending);
}

TEST_CASE("Huma: identifications are added, changed whole, and removed") {
  Bench bench("huma", 1);
  const std::string id = bench.value(bench.list(), 0, "id").text;
  auto outcomes = bench.system->update(
      id, {bench.set("identifications[].type", "passport", "+1"), bench.set("identifications[].country", "NO", "+1"),
           bench.set("identifications[].value", "AB12345", "+1")});
  REQUIRE(outcomes.has_value());
  Snapshot now = bench.get(id);
  const std::string passport = bench.value(now, 0, "identifications[].id", 1).text;
  CHECK(bench.value(now, 0, "identifications[].value", 1).text == "AB12345");
  outcomes = bench.system->update(id, {bench.set("identifications[].value", "CD67890", passport)});
  REQUIRE(outcomes.has_value());
  now = bench.get(id);
  CHECK(bench.value(now, 0, "identifications[].value", 1).text == "CD67890");
  CHECK(bench.value(now, 0, "identifications[].type", 1).text == "passport");
  outcomes = bench.system->update(id, {bench.clear("identifications[].value", passport)});
  REQUIRE(outcomes.has_value());
  CHECK(bench.value(bench.get(id), 0, "identifications[].value", 1).state == State::absent);
}

TEST_CASE("a webhook is believed only with the right token and code, in hex or base64") {
  const std::string body = R"({"topic":"users-update","users":[{"id":"4d0f","email":"kari@example.com"}]})";
  const WebhookKeys keys{.access_token = "token", .client_secret = "secret"};
  const std::string code = providers::hmac_sha256("secret", body);
  const auto headers = [](std::string sent, std::string bearer = "Bearer token", std::string topic = "users-update") {
    return std::vector<providers::Header>{
        {"Authorization", std::move(bearer)}, {"huma-hmac-sha256", std::move(sent)}, {"Huma-Topic", std::move(topic)}};
  };
  for (const std::string& sent : {providers::hex(code), providers::base64(code)}) {
    const Result<UserEvent> event = read_webhook(headers(sent), body, keys);
    REQUIRE(event.has_value());
    CHECK(event->topic == UserEvent::Topic::update);
    CHECK(event->users == std::vector<std::string>{"4d0f"});
  }
  const auto refusal = [&](const std::vector<providers::Header>& sent, const WebhookKeys& with) {
    const Result<UserEvent> event = read_webhook(sent, body, with);
    REQUIRE_FALSE(event);
    return std::pair(event.error().kind, event.error().what);
  };
  const std::string hex = providers::hex(code);
  CHECK(refusal(headers("00"), keys).first == Error::Kind::auth);
  CHECK(refusal(headers(hex, "Bearer other"), keys).first == Error::Kind::auth);
  CHECK(read_webhook(headers(hex), body + " ", keys).error().kind == Error::Kind::auth);
  const auto other_topic = refusal(headers(hex, "Bearer token", "users-delete"), keys);
  CHECK(other_topic.first == Error::Kind::data);
  CHECK_THAT(other_topic.second, Catch::Contains("different topics"));
  const auto no_topic = refusal({{"Authorization", "Bearer token"}, {"huma-hmac-sha256", hex}}, keys);
  CHECK(no_topic.first == Error::Kind::data);
  CHECK_THAT(no_topic.second, Catch::Contains("the header huma-topic is missing"));
}

TEST_CASE("of a webhook only what was set for it is asked for") {
  const std::string body = R"({"topic":"users-update","users":[{"id":"4d0f","email":"kari@example.com"}]})";
  const auto code_by = [&](const std::string& secret) { return providers::hex(providers::hmac_sha256(secret, body)); };
  const auto kind = [&](std::vector<providers::Header> headers, const WebhookKeys& keys) {
    headers.emplace_back("huma-topic", "users-update");
    const Result<UserEvent> event = read_webhook(headers, body, keys);
    return event ? std::optional<Error::Kind>() : event.error().kind;
  };
  const WebhookKeys token{.access_token = "token", .client_secret = {}, .api_secret = "api"};
  CHECK(kind({{"Authorization", "Bearer token"}}, token) == std::nullopt);
  CHECK(kind({{"huma-hmac-sha256", code_by("api")}}, token) == Error::Kind::auth);
  const WebhookKeys secret{.access_token = {}, .client_secret = "secret", .api_secret = "api"};
  CHECK(kind({{"huma-hmac-sha256", code_by("secret")}}, secret) == std::nullopt);
  CHECK(kind({{"huma-hmac-sha256", code_by("api")}}, secret) == Error::Kind::auth);
  CHECK(kind({}, secret) == Error::Kind::auth);
  const WebhookKeys neither{.access_token = {}, .client_secret = {}, .api_secret = "api"};
  CHECK(kind({{"huma-hmac-sha256", code_by("api")}}, neither) == std::nullopt);
  CHECK(kind({}, neither) == Error::Kind::auth);
  CHECK(kind({{"Authorization", "Bearer "}}, {}) == Error::Kind::auth);
  CHECK(kind({{"huma-hmac-sha256", code_by("")}}, {}) == Error::Kind::auth);
  CHECK_THAT(read_webhook({{"huma-topic", "users-update"}}, body, {}).error().what,
             Catch::Contains("neither webhook_token nor webhook_secret is set"));
}
