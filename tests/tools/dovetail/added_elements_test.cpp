// List elements that a synchronisation of files adds get their ids from the other system: the base holds them until
// then.
#include <fmt/format.h>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "tests/run.hpp"

using namespace dovetail::test;
using Json = nlohmann::json;

namespace {

Json position(const std::string& id, const std::string& day) {
  return {{"id", id},
          {"contractStartDate", {{"value", day}}},
          {"contractEndDate", Json::object()},
          {"probationEndDate", Json::object()},
          {"title", {{"value", {{"name", "Cook"}}}}},
          {"contractType", {{"value", "Permanent"}}},
          {"endReason", Json::object()}};
}

Json employment(const std::string& id, const std::string& day) {
  return {
      {"employment_id", id}, {"primary_employment", "1"}, {"startdate", day}, {"enddate", ""}, {"enddate_reason", ""}};
}

// One person, in Huma's and in Finago's export.
class Exports {
 public:
  void write(const std::vector<Json>& positions, const std::vector<Json>& employments) const {
    const Json person = {{"id", "h1"},
                         {"status", {{"active", true}}},
                         {"email", {{"value", "a@example.com"}}},
                         {"givenName", {{"value", "A"}}},
                         {"familyName", {{"value", "B"}}},
                         {"phone", {{"value", ""}}},
                         {"homeAddress", {{"value", nullptr}}},
                         {"bankAccount", {{"value", nullptr}}},
                         {"identifications", {{"value", Json::array()}}},
                         {"positions", positions}};
    Json employee = {{"empId", "1"}, {"email", "a@example.com"}, {"firstname", "A"}, {"lastname", "B"}};
    for (const char* name :
         {"telefon", "postaddress", "zipcode", "city", "countryCode", "account", "clearingno", "bic"})
      employee[name] = "";
    employee["internationalID"] = {{"ID", ""}, {"countryCode", ""}, {"type", ""}};
    employee["employments"] = employments;
    folder_.write("hub.json", Json{{"items", {person}}}.dump());
    folder_.write("provider.json", Json{{"employees", {employee}}}.dump());
  }
  Json plan(const std::string& options) const { return told("plan " + options); }
  void sync(const std::string& options) const {
    told(fmt::format("sync {} --out-hub '{}' --out-provider '{}'", options, folder_.file("h"), folder_.file("p")));
  }
  Json base() const { return Json::parse(folder_.read("base.json")); }
  std::string command(const std::string& what) const {
    return fmt::format(
        "dovetail {} --format json --map finago --hub '{}' --provider '{}' --base '{}' --today 2026-11-23 "
        "--test-system "
        "--answer 'Job title of positions added to Huma=Cook' "
        "--answer 'Contract type of positions added to Huma=permanent'",
        what, folder_.file("hub.json"), folder_.file("provider.json"), folder_.file("base.json"));
  }

 private:
  Json told(const std::string& what) const {
    const Ran ran = run(command(what) + " 2>/dev/null");
    CAPTURE(what, ran.out.substr(0, 300));
    REQUIRE(ran.exit <= 1);
    return Json::parse(ran.out.substr(ran.out.find('{')));
  }
  Folder folder_;
};

Json of_field(const Json& plan, const std::string& field) {
  for (const Json& entry : plan.at("entries")) {
    if (entry.at("field") == field) return entry;
  }
  return nullptr;
}

}  // namespace

TEST_CASE(
    "an element that was added to the provider is found by what it was made of, and held by its id from then on") {
  const Exports exports;
  exports.write({position("q0", "2020-01-01")}, {employment("70", "2020-01-01")});
  exports.sync("");
  exports.write({position("q0", "2020-01-01"), position("q1", "2024-05-01")}, {employment("70", "2020-01-01")});
  exports.sync("--decide hub");
  const std::vector<Json> given = {employment("70", "2020-01-01"), employment("71", "2024-05-01")};
  exports.write({position("q0", "2020-01-01"), position("q1", "2024-06-01")}, given);
  const Json plan = exports.plan("");
  const Json start = of_field(plan, "Employment start date");
  REQUIRE(start.is_object());
  CHECK(start.at("kind") == "change");
  CHECK(start.at("hub_element") == "q1");
  CHECK(start.at("provider_element") == "71");
  CHECK(plan.at("entries").size() == 1);
  exports.sync("--decide preselected");
  CHECK(exports.base().dump().find("\"+") == std::string::npos);
}

TEST_CASE("an element that was added to the hub is found by what it was made of, and what was agreed stays with it") {
  const Exports exports;
  exports.write({}, {employment("70", "2020-01-01")});
  exports.sync("--decide provider");
  exports.write({position("q0", "2020-02-01")}, {employment("70", "2020-01-01")});
  CHECK(exports.plan("").at("totals").at("findings").contains("missing"));  // it may be another one
  exports.write({position("q0", "2020-01-01")}, {employment("70", "2020-03-01")});
  const Json plan = exports.plan("");
  CHECK_FALSE(plan.at("totals").at("findings").contains("change"));
  exports.write({position("q0", "2020-01-01")}, {employment("70", "2020-01-01")});
  exports.sync("");
  CHECK(exports.base().dump().find("\"+") == std::string::npos);
  exports.write({position("q0", "2020-01-01")}, {employment("70", "2020-03-01")});
  CHECK(of_field(exports.plan(""), "Employment start date").at("kind") == "drift");
}

TEST_CASE("an element that was added and is not there is offered again") {
  const Exports exports;
  exports.write({position("q1", "2024-05-01")}, {});
  exports.sync("--decide hub");
  for (int i = 0; i < 2; ++i) {
    CHECK(exports.plan("").at("totals").at("findings").at("missing") == 1);
    exports.sync("--decide leave");
  }
}

TEST_CASE("an element whose partner is gone is added again, and has one partner in the base") {
  const Exports exports;
  const std::vector<Json> positions = {position("q0", "2020-01-01"), position("q1", "2024-05-01")};
  exports.write(positions, {employment("70", "2020-01-01"), employment("71", "2024-05-01")});
  exports.sync("");
  exports.write(positions, {employment("70", "2020-01-01")});
  exports.sync("--decide hub");
  CHECK(exports.base().at("links").at(0).at("elements").size() == 2);
  exports.write(positions, {employment("70", "2020-01-01"), employment("72", "2024-05-01")});
  CHECK(exports.plan("").at("entries").empty());
}
