// One hub, two companies in providers: what a run reads from one into the hub goes on to the other, and comes to rest
// there.
#include <catch2/catch.hpp>

#include <map>

#include "tests/engine/api/office.hpp"
#include "tools/sandbox/systems.hpp"

namespace dovetail::test {
namespace {

class TwoProviders {
 public:
  TwoProviders() {
    office.connect("here", "poweroffice_go");
    auto started = sandbox::Sandbox::start(sandbox::make_system("poweroffice_go", {.count = 5}));
    REQUIRE(started.has_value());
    other = std::move(*started);
    connect_other();
    run("here", "hub");
    run("there", "hub");
    const auto records_here = linked("here"), records_there = linked("there");
    REQUIRE(!records_here.empty());
    person = records_here.begin()->first;
    REQUIRE(records_there.contains(person));
    record_here = records_here.at(person);
    record_there = records_there.at(person);
    office.ok({{"call", "work.until_idle"}});
  }

  // A manual run in which that side wins.
  void run(const std::string& connection, const std::string& winner) {
    const Json started = office.ok({{"call", "run.start"}, {"connection", connection}, {"by", "ada"}})["run"];
    const Json decisions = {{"dovetail", "decisions"}, {"version", 1}, {"bulk", winner}, {"create", "none"}};
    office.ok({{"call", "run.decide"}, {"connection", connection}, {"run", started}, {"decisions", decisions}});
    office.ok({{"call", "run.apply"}, {"connection", connection}, {"run", started}});
  }
  // In the one provider, and read into Huma.
  void rename(const std::string& name) {
    office.system("poweroffice_go").patch_row("employees", record_here, {{"FirstName", name}});
    run("here", "provider");
    REQUIRE(office.system("huma").row("users", person)["givenName"] == name);
  }
  std::string name_there() { return other->row("employees", record_there)["FirstName"]; }
  void work() { office.ok({{"call", "work.until_idle"}}); }

  std::size_t writes() {
    std::size_t count = 0;
    for (sandbox::Sandbox* provider : {&office.system("poweroffice_go"), other.get()}) {
      for (const sandbox::RecordedCall& call : provider->calls()) {
        const bool asks_for_token = call.call.target.find("oken") != std::string::npos;
        if (call.call.method != "GET" && !asks_for_token) ++count;
      }
      provider->forget_calls();
    }
    return count;
  }

  Office office;
  std::unique_ptr<sandbox::Sandbox> other;
  std::string person, record_here, record_there;

 private:
  void connect_other() {
    Json request = office.wanted("there", "poweroffice_go");
    request["provider"] = "poweroffice_go:" + other->url();
    request["provider_credentials"] = credentials_of("poweroffice_go", *other);
    request["call"] = "connection.introduce";
    const Json who = office.ok(request);
    request["call"] = "connection.add";
    request["company"] = who["provider"]["id"];
    office.ok(request);
  }
  std::map<std::string, std::string> linked(const std::string& connection) {
    std::map<std::string, std::string> found;
    const Json links = office.ok({{"call", "links"}, {"connection", connection}})["links"];
    for (const Json& link : links) {
      if (link["hub"] != "" && link["provider"] != "") found[link["hub"]] = link["provider"];
    }
    return found;
  }
};

TEST_CASE("what a run reads from one provider into the hub goes to the other provider, without a webhook or a sweep") {
  TwoProviders both;
  both.rename("Kirsti");
  both.work();
  CHECK(both.name_there() == "Kirsti");
  both.writes();
  for (const char* connection : {"here", "there", "here"}) {  // as the hub's own webhooks would
    both.office.ok({{"call", "event"}, {"connection", connection}, {"person", both.person}});
    both.work();
  }
  CHECK(both.writes() == 0);
  CHECK(both.office.system("huma").row("users", both.person)["givenName"] == "Kirsti");
}

TEST_CASE("two providers that take turns with a value are held by the breaker, not by each other") {
  TwoProviders both;
  for (const char* name : {"Kirsti", "Ingrid", "Kirsti", "Ingrid", "Kirsti"}) {
    both.rename(name);
    both.work();
  }
  const Json log = both.office.ok({{"call", "log"}, {"connection", "there"}})["problems"];
  REQUIRE(log.size() == 1);
  CHECK(log[0]["reason"] == "quarantined");
  CHECK(log[0]["field"] == "Given name");
  CHECK(both.name_there() == "Ingrid");
}

TEST_CASE("an undo in the hub is told to the other provider, and a connection that is paused keeps the event") {
  TwoProviders both;
  const std::string before = both.name_there();
  both.rename("Kirsti");
  both.work();
  REQUIRE(both.name_there() == "Kirsti");
  both.office.ok({{"call", "connection.pause"}, {"name", "there"}, {"why", "test"}});
  const Json kept = both.office.ok({{"call", "undo.list"}, {"connection", "here"}})["kept"];
  REQUIRE(!kept.empty());
  both.office.ok({{"call", "undo"}, {"connection", "here"}, {"by", "ada"}, {"write", kept[0]["write"]}});
  both.work();
  CHECK(both.name_there() == "Kirsti");
  both.office.ok({{"call", "connection.resume"}, {"name", "there"}});
  both.work();
  CHECK(both.name_there() == before);
}

}  // namespace
}  // namespace dovetail::test
