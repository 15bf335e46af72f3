// Decisions about what was taken out of the synchronisation: they have no effect, and that is said.
#include <fmt/format.h>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "tests/places.hpp"
#include "tests/run.hpp"

using namespace dovetail::test;
using Json = nlohmann::json;

namespace {

const char* const schema = R"(schema {} version 1 syntax 1
adapter memory
identity id
document json records "people"
omitted is unset
member id     text   read only  wire "id"
member email  email             wire "email"
member name   text              wire "name"
member phone  text              wire "phone"
)";

const char* const map = R"(map pay version 1 syntax 1
hub      hr   "Hr"   from "schemas/hr.schema.map"
provider pay  "Pay"  from "schemas/pay.schema.map"
match by "Email"
field "Email"  required  email <->  email { unique in both }
field "Name"             name  <->  name
field "Phone"            phone <->  phone
)";

// Two people, of whom nothing is excluded yet; h2's phone differs, and so do all of h1's values.
class Scene {
 public:
  Scene() {
    std::filesystem::create_directories(folder.path() / "schemas");
    for (const std::string name : {"hr", "pay"}) {
      folder.write("schemas/" + name + ".schema.map", fmt::format(fmt::runtime(schema), name));
      Json people = Json::array();
      for (const char* number : {"1", "2"}) {
        people.push_back({{"id", name.substr(0, 1) + number},
                          {"email", fmt::format("{}@example.com", number)},
                          {"name", number == std::string("2") ? "Bo" : name},
                          {"phone", name}});
      }
      folder.write(name + ".json", Json{{"people", people}}.dump());
    }
    folder.write("pay.map", map);
    REQUIRE(ran("sync").exit != 2);
  }

  Answer ran(const std::string& command) const {
    return answer(fmt::format(
        "DOVETAIL_RULES='{}' dovetail {} --map '{}' --hub '{}' --provider '{}' --base '{}' --today 2026-11-23",
        DOVETAIL_SOURCE_DIR "/rules", command, folder.file("pay.map"), folder.file("hr.json"), folder.file("pay.json"),
        folder.file("base.json")));
  }

  // Changes what the base says of that person.
  void change(const char* hub, const Json& patch) const {
    Json base = Json::parse(folder.read("base.json"));
    for (Json& link : base["links"]) {
      if (link["hub"] == hub) link.update(patch);
    }
    folder.write("base.json", base.dump());
  }

  std::string told(const Json& decisions) const {
    folder.write("x.json",
                 Json{{"dovetail", "decisions"}, {"version", 1}, {"map", "pay"}, {"decisions", decisions}}.dump());
    return ran(fmt::format("plan --decisions '{}'", folder.file("x.json"))).err;
  }

  Folder folder;
};

}  // namespace

TEST_CASE("a decision about somebody who is excluded has no effect, and that is said") {
  const Scene scene;
  const Json decisions = {{{"hub", "h1"}, {"field", "Phone"}, {"choice", "hub"}},
                          {{"provider", "p1"}, {"choice", "provider"}},
                          {{"hub", "h2"}, {"provider", "p2"}, {"field", "Phone"}, {"choice", "hub"}},
                          {{"field", "Phone"}, {"choice", "hub"}}};
  CHECK(scene.told(decisions).empty());
  scene.change("h1", {{"state", "excluded"}});
  CHECK(scene.told(decisions) ==
        "dovetail: /decisions/0: h1 is excluded from the synchronisation: it has no effect\n"
        "dovetail: /decisions/1: p1 is excluded from the synchronisation: it has no effect\n");
}

TEST_CASE("a decision about a field that is excluded for this person has no effect, and that is said") {
  const Scene scene;
  const Json decisions = {{{"hub", "h1"}, {"field", "Phone"}, {"choice", "hub"}},
                          {{"hub", "h1"}, {"field", "Name"}, {"choice", "hub"}},
                          {{"provider", "p1"}, {"choice", "hub"}},
                          {{"hub", "h2"}, {"provider", "p2"}, {"field", "Phone"}, {"choice", "hub"}},
                          {{"field", "Phone"}, {"choice", "hub"}}};
  scene.change("h1", {{"excluded_fields", {"Phone"}}});
  CHECK(scene.told(decisions) ==
        "dovetail: /decisions/0: \"Phone\" of h1 is excluded from the synchronisation: it has no effect\n");
}
