#include "tests/engine/api/office.hpp"

#include <catch2/catch.hpp>
#include <cstdlib>

#include "tests/places.hpp"
#include "tools/sandbox/systems.hpp"

namespace dovetail::test {

Json credentials_of(const std::string& system, const sandbox::Sandbox& sandbox) {
  static const std::map<std::string, std::string> other_names = {{"customer_id", "user_id"},
                                                                 {"customer_key", "key"},
                                                                 {"organisation_id", "business_id"},
                                                                 {"access_token", "api_key"}};
  Json named = Json::object();
  const sandbox::Json shown = sandbox.credentials();
  for (const auto& [name, value] : shown.items()) {
    const auto other = other_names.find(name);
    if (value.is_string()) named[other == other_names.end() ? name : other->second] = value.get<std::string>();
  }
  if (system == "huma") named["groups"] = sandbox.rows("groups").begin().key();
  return named;
}

Office::Office() {
  ::setenv("DOVETAIL_RULES", DOVETAIL_SOURCE_DIR "/rules", 1);
  auto opened =
      Runtime::open({.store = "sqlite:" + folder.file("store.db"), .key = key, .create = true, .network = {}});
  INFO((opened ? "" : opened.error().what));
  REQUIRE(opened.has_value());
  runtime = std::move(*opened);
}

void Office::open_again() {
  runtime.reset();
  auto opened = Runtime::open({.store = "sqlite:" + folder.file("store.db"), .key = key, .network = {}});
  REQUIRE(opened.has_value());
  runtime = std::move(*opened);
}

sandbox::Sandbox& Office::system(const std::string& name, int people) {
  auto& known = systems_[name];
  if (!known) {
    auto started = sandbox::Sandbox::start(sandbox::make_system(name, {.count = people}));
    REQUIRE(started.has_value());
    known = std::move(*started);
  }
  return *known;
}

Json Office::wanted(const std::string& name, const std::string& provider) {
  const std::string path = provider == "finago" ? "/api" : "";
  return {{"name", name},
          {"map", provider},
          {"hub", "huma:" + system("huma").url()},
          {"provider", provider + ":" + system(provider).url() + path},
          {"hub_credentials", credentials_of("huma", system("huma"))},
          {"provider_credentials", credentials_of(provider, system(provider))},
          {"test_system", true}};
}

Json Office::connect(const std::string& name, const std::string& provider) {
  Json request = wanted(name, provider);
  request["call"] = "connection.introduce";
  const Json who = ok(request);
  request["call"] = "connection.add";
  request["company"] = who["provider"]["id"];
  return ok(request);
}

Json Office::call(Json request) { return Json::parse(answer(*runtime, request.dump()).json); }

Json Office::ok(Json request) {
  Json answered = call(request);
  INFO(request.dump(1) << answered.dump(1));
  REQUIRE(!answered.contains("error"));
  return answered;
}

std::string Office::failure(Json request) {
  const Json answered = call(request);
  INFO(answered.dump(1));
  REQUIRE(answered.contains("error"));
  return answered["error"]["kind"].get<std::string>() + ": " + answered["error"]["what"].get<std::string>();
}

}  // namespace dovetail::test
