// A system that gives no ids: the rules write one for each new record, in files.
#include <fmt/format.h>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "tests/places.hpp"
#include "tests/run.hpp"

using namespace dovetail::test;
using Json = nlohmann::json;

namespace {

const char* const hr_schema = R"(schema hr version 1 syntax 1
adapter memory
identity id
document json records "people"
omitted is unset
member id     text   read only  wire "id"
member email  email             wire "email"
member name   text              wire "name"
member staff  text              wire "staff"
)";

const char* const pay_schema = R"(schema pay version 1 syntax 1
adapter memory
identity ref
document json records "workers"
omitted is unset
member ref    text   set once  required on create  not nullable  wire "Ref"
member email  email             wire "Mail"
member name   text              wire "Name"
)";

const char* const as_field = "field \"Staff number\" required staff <-> ref { cannot unset or update in pay }\n";
const char* const as_fill = "fill pay.ref with hr.staff on create\n";

class Newcomers {
 public:
  explicit Newcomers(const char* how) {
    std::filesystem::create_directories(folder.path() / "schemas");
    folder.write("schemas/hr.schema.map", hr_schema);
    folder.write("schemas/pay.schema.map", pay_schema);
    folder.write("pay.map", std::string(R"(map pay version 1 syntax 1
hub      hr   "Hr"   from "schemas/hr.schema.map"
provider pay  "Pay"  from "schemas/pay.schema.map"
match by "Email"
field "Email"  required  email <->  email { unique in both }
field "Name"             name  <->  name
)") + how);
  }

  void people(const Json& all) const { folder.write("hr.json", Json{{"people", all}}.dump()); }
  void workers(const Json& all) const { folder.write("pay.json", Json{{"workers", all}}.dump()); }
  Json workers() const { return Json::parse(folder.read("pay.json"))["workers"]; }
  Json plan() const { return ran("plan"); }
  Json sync() const { return ran("sync --create provider --decide hub"); }
  Json links() const {
    const Json base = Json::parse(folder.read("base.json"));
    Json all;
    for (const Json& link : base["links"]) all[link["hub"].get<std::string>()] = link["provider"];
    return all;
  }

  Folder folder;

 private:
  Json ran(const std::string& command) const {
    const Answer told = answer(fmt::format(
        "DOVETAIL_RULES='{}' dovetail {} --map '{}' --hub '{}' --provider '{}' --base '{}' --format json --today "
        "2026-11-23",
        DOVETAIL_SOURCE_DIR "/rules", command, folder.file("pay.map"), folder.file("hr.json"), folder.file("pay.json"),
        folder.file("base.json")));
    INFO(told.err);
    REQUIRE(told.exit != 2);
    return Json::parse(told.out);
  }
};

Json person(const char* id, const char* name, const char* staff) {
  return {{"id", id}, {"email", fmt::format("{}@example.com", id)}, {"name", name}, {"staff", staff}};
}

Json created(const Json& told) {
  Json ids = Json::array();
  for (const Json& operation : told["operations"]) {
    if (operation["action"] == "create") ids.push_back(operation.value("created_id", ""));
  }
  return ids;
}

}  // namespace

TEST_CASE("a new record is linked by the id that the rules give it") {
  for (const char* how : {as_field, as_fill}) {
    INFO(how);
    const Newcomers newcomers(how);
    // Each has the id that would be made up for the other.
    newcomers.people({person("h1", "Anna", "2"), person("h2", "Bo", "1")});
    newcomers.workers(Json::array());
    CHECK(created(newcomers.sync()) == Json{"2", "1"});
    CHECK(newcomers.links() == Json({{"h1", "2"}, {"h2", "1"}}));

    CHECK(newcomers.plan()["entries"].empty());
    newcomers.people({person("h1", "Anne", "2"), person("h2", "Bo", "1")});
    newcomers.sync();
    const Json expected = {{{"Ref", "2"}, {"Mail", "h1@example.com"}, {"Name", "Anne"}},
                           {{"Ref", "1"}, {"Mail", "h2@example.com"}, {"Name", "Bo"}}};
    CHECK(newcomers.workers() == expected);
  }
}

TEST_CASE("a new record whose id another one has is not written") {
  const Newcomers newcomers(as_fill);
  newcomers.people({person("h1", "Anna", "7"), person("h2", "Bo", "8")});
  const Json other = {{"Ref", "7"}, {"Mail", "z@example.com"}, {"Name", "Liv"}};
  newcomers.workers(Json::array({other}));
  const Json told = newcomers.sync();
  CHECK(created(told) == Json{"", "8"});
  for (const Json& operation : told["operations"]) {
    if (operation["outcome"] == "done") continue;
    CHECK(operation["outcome"] == "refused");
    CHECK_THAT(operation["what"].get<std::string>(),
               Catch::EndsWith("the new record is to have the `ref` 7, and that is another's"));
  }
  REQUIRE(newcomers.workers().size() == 2);
  CHECK(newcomers.workers()[0] == other);
  CHECK(newcomers.workers()[1]["Ref"] == "8");
  CHECK(newcomers.links() == Json({{"h2", "8"}}));
}
