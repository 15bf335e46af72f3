// Webhooks that are sent again, by the hub or by whoever kept one: Huma signs neither a time nor a number of the
// delivery, so they are believed, and must do no harm.
#include <catch2/catch.hpp>

#include <algorithm>

#include "tests/engine/api/office.hpp"

namespace dovetail::test {
namespace {

using Catch::Matchers::Contains;

struct Listening {
  Listening() {
    office.connect("norway", "poweroffice_go");
    office.ok({{"call", "connection.set"}, {"name", "norway"}, {"settings", {{"create_on_add", "true"}}}});
    office.ok({{"call", "connection.set_credentials"},
               {"name", "norway"},
               {"of", "hub"},
               {"credentials", {{"webhook_token", "tok"}}}});
    bring_together("both");
    sandbox::Json stranger = office.system("huma").rows("users").begin().value();
    stranger["id"] = nobody;
    stranger["email"] = "nobody.new@example.com";
    stranger["phone"] = "+4791111111";
    stranger["employmentId"] = "7001";
    stranger["identifications"] = sandbox::Json::array();
    office.system("huma").put_row("users", nobody, stranger);
    bring_together("none");
    const Json links = office.ok({{"call", "links"}, {"connection", "norway"}});
    for (const Json& link : links["links"]) {
      if (link["hub"] != "" && link["provider"] != "") person = link["hub"];
    }
    REQUIRE_FALSE(person.empty());
  }

  void bring_together(const char* create) {
    const Json run = office.ok({{"call", "run.start"}, {"connection", "norway"}, {"by", "ada"}})["run"];
    const Json decisions = {{"dovetail", "decisions"}, {"version", 1}, {"bulk", "hub"}, {"create", create}};
    office.ok({{"call", "run.decide"}, {"connection", "norway"}, {"run", run}, {"decisions", decisions}});
    office.ok({{"call", "run.apply"}, {"connection", "norway"}, {"run", run}});
  }
  Json webhook(const std::string& topic, const std::string& id) const {
    const Json body = {{"topic", topic}, {"users", Json::array({{{"id", id}}})}};
    return {{"call", "webhook"},
            {"connection", "norway"},
            {"headers", {{"Authorization", "Bearer tok"}, {"huma-topic", topic}}},
            {"body", body.dump()}};
  }
  void rename(const std::string& name) { office.system("huma").patch_row("users", person, {{"familyName", name}}); }
  std::size_t writes() {
    std::size_t count = 0;
    for (const auto& call : office.system("poweroffice_go").calls()) {
      count += call.call.method != "GET" && call.call.path.find("oken") == std::string::npos ? 1U : 0U;
    }
    return count;
  }
  void work() { office.ok({{"call", "work.until_idle"}}); }

  Office office;
  const std::string nobody = "5a5a5a5a-0000-4000-8000-000000000001";  // in the hub only: nobody is to be added
  std::string person;                                                 // linked
};

TEST_CASE("a webhook that is sent again, late and often, brings no old value back and adds nobody") {
  Listening here;
  const Json of_first = here.webhook("users-update", here.person);
  here.rename("Strand");
  here.office.ok(of_first);
  here.work();
  here.rename("Lindqvist");
  here.office.ok(here.webhook("users-update", here.person));
  here.work();
  here.office.system("poweroffice_go").forget_calls();

  const std::size_t employees = here.office.system("poweroffice_go").rows("employees").size();
  for (int i = 0; i < 25; ++i) {
    here.office.ok(of_first);
    here.office.ok(here.webhook("users-create", here.nobody));
    here.office.ok(here.webhook("users-create", here.person));
    here.office.ok(here.webhook("users-delete", here.person));
  }
  CHECK(here.office.ok({{"call", "status"}, {"connection", "norway"}})["people"].size() == 2);  // one look for each
  here.work();
  CHECK(here.writes() == 0);
  CHECK(here.office.system("poweroffice_go").rows("employees").size() == employees);
  const Json links = here.office.ok({{"call", "links"}, {"connection", "norway"}, {"person", here.person}})["links"];
  REQUIRE(links.size() == 1);
  CHECK(links[0]["state"] == "linked");
}

TEST_CASE("a webhook that cannot be read is refused with the reason") {
  Listening here;
  Json request = here.webhook("users-update", here.person);
  request["body"] = "{";
  CHECK_THAT(here.office.failure(request), Contains("webhook: the body cannot be read: "));
  const Json large = {{"topic", "users-update"}, {"note", std::string(2'200'000, 'x')}};
  request["body"] = large.dump();
  CHECK_THAT(here.office.failure(request), Contains("a text longer than 2 MiB"));
}

}  // namespace
}  // namespace dovetail::test
