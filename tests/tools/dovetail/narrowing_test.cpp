// Commands narrowed to some findings: what plan shows for them is what sync does, and nobody else is touched.
#include <fmt/format.h>

#include <algorithm>

#include <catch2/catch.hpp>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "tests/places.hpp"
#include "tests/run.hpp"

using namespace dovetail::test;
using Json = nlohmann::json;

namespace {

const std::string samples = DOVETAIL_SOURCE_DIR "/tests/samples/netvisor/";

Json told(const Folder& folder, const std::string& command, const std::string& options) {
  const std::string out =
      command == "sync" ? fmt::format(" --out-hub '{}' --out-provider '{}'", folder.file("h"), folder.file("p")) : "";
  const Ran ran = run(fmt::format(
      "dovetail {} --format json --map netvisor --hub '{}huma.json' --provider '{}netvisor.xml' --test-system "
      "--today 2026-11-22 --answer 'Payroll rule group=Kk' --answer 'Contract type of positions added to "
      "Huma=permanent' "
      "{}{} 2>/dev/null",
      command, samples, samples, options, out));
  CAPTURE(options, ran.out.substr(0, 300));
  REQUIRE(ran.exit <= 1);
  return Json::parse(ran.out.substr(ran.out.find('{')));  // a key that was made is told before
}

// Each write with the person and the finding that it is for, whatever their numbers are. (Who is linked is no decision:
// plan lists it of those who were asked for, sync of everybody.)
std::multiset<std::string> operations(const Json& document) {
  std::map<std::size_t, std::string> entries;
  for (const Json& entry : document.at("entries")) {
    Json about = entry;
    for (const char* number : {"entry", "person"}) about.erase(number);
    entries[entry.at("entry").get<std::size_t>()] = about.dump();
  }
  std::multiset<std::string> all;
  for (Json operation : document.at("operations")) {
    if (operation.at("action") == "link") continue;
    const Json& person = document.at("people").at(operation.at("person").get<std::size_t>());
    const std::string entry = entries[operation.at("entry").get<std::size_t>()];
    for (const char* number : {"person", "entry", "outcome", "what", "created_id"}) operation.erase(number);
    all.insert(operation.dump() + person.at("hub").dump() + person.at("provider").dump() + entry);
  }
  return all;
}

}  // namespace

TEST_CASE("with whatever filter, plan shows the operations that sync carries out") {
  const Folder folder;
  const std::string filters[] = {
      "",
      "--kind create",
      "--kind conflict --kind missing",
      "--field 'Phone number'",
      "--person 94",
      "--person 94 --field 'Family name'",
  };
  const std::string decided[] = {
      "--decide hub --create none", "--decide leave --create provider",   "--decide provider --create both",
      "--decide preselected",       "--decide preselected --create none",
  };
  for (const std::string& filter : filters) {
    for (const std::string& decision : decided) {
      const std::string options = filter + " " + decision;
      CAPTURE(options);
      const Json planned = told(folder, "plan", options), done = told(folder, "sync", options);
      CHECK(operations(planned) == operations(done));
      CHECK(planned.at("totals") == done.at("totals"));
    }
  }
}

TEST_CASE("a settled difference that a decision revises is shown by plan as sync carries it out") {
  const Folder folder;
  const std::string base = fmt::format("--base '{}' ", folder.file("base.json"));
  told(folder, "sync", base + "--decide leave --create none");
  const Json whole = told(folder, "plan", base + "--all");
  const auto settled = std::ranges::find_if(whole.at("entries"), [](const Json& entry) {
    return entry.at("kind") == "known" && entry.contains("offers") && entry.at("offers").contains("hub");
  });
  REQUIRE(settled != whole.at("entries").end());
  const Json person = whole.at("people").at(settled->at("person").get<std::size_t>());
  const Json revised = {{"hub", person.at("hub")}, {"field", settled->at("field")}, {"choice", "hub"}};
  folder.write("decisions.json",
               Json{{"dovetail", "decisions"}, {"version", 1}, {"decisions", Json::array({revised})}}.dump());
  const std::string options = base + fmt::format("--decisions '{}'", folder.file("decisions.json"));
  const Json planned = told(folder, "plan", options), done = told(folder, "sync", options);
  CHECK(operations(planned).size() == 1);
  CHECK(operations(planned) == operations(done));
}

TEST_CASE("a filter lists what it names, and nobody's remembered no") {
  const Folder folder;
  const std::string base = fmt::format("--base '{}' ", folder.file("base.json"));
  told(folder, "sync", base + "--decide leave --create none");
  const Json held = told(folder, "plan", base + "--kind held");
  for (const Json& entry : held.at("entries")) CHECK(entry.at("kind") == "held");
  const Json planned = told(folder, "plan", base + "--person 94");
  for (const Json& entry : planned.at("entries")) CHECK(entry.at("person") == planned.at("entries")[0].at("person"));
}

TEST_CASE("of which kind a finding is, is as before anybody decided") {
  const Folder folder;
  const std::string base = fmt::format("--base '{}' ", folder.file("base.json"));
  told(folder, "sync", base + "--decide hub --create none");
  const auto listed = told(folder, "plan", base + "--kind change").at("entries").size();
  CHECK(listed == 0);  // what was blocked is of another kind, also where the provider's value is taken
  CHECK(operations(told(folder, "plan", base + "--kind change --decide provider")).empty());
}

TEST_CASE("a filter takes nothing from a decision that is more exact") {
  const Folder folder;
  const Json whole = told(folder, "plan", "");
  const auto conflict = std::ranges::find_if(whole.at("entries"), [](const Json& entry) {
    return entry.at("kind") == "conflict" && entry.at("offers").contains("hub");
  });
  REQUIRE(conflict != whole.at("entries").end());
  const std::string hub = whole.at("people").at(conflict->at("person").get<std::size_t>()).at("hub");
  folder.write("decisions.json",
               Json{{"dovetail", "decisions"},
                    {"version", 1},
                    {"map", "netvisor"},
                    {"bulk", "hub"},
                    {"decisions", {{{"hub", hub}, {"field", conflict->at("field")}, {"choice", "leave"}}}}}
                   .dump());
  const std::string file = fmt::format("--decisions '{}' ", folder.file("decisions.json"));
  for (const std::string& filter : {std::string("--kind conflict"), "--person " + hub,
                                    fmt::format("--field '{}'", conflict->at("field").get<std::string>())}) {
    const Json done = told(folder, "sync", file + filter);
    int left = 0, set = 0;
    for (const Json& entry : done.at("entries")) {
      const bool same = done.at("people").at(entry.at("person").get<std::size_t>()).at("hub") == hub &&
                        entry.at("field") == conflict->at("field");
      left += same && entry.at("action") == "leave" ? 1 : 0;
      set += same && entry.at("action") == "set" ? 1 : 0;
    }
    CAPTURE(filter);
    CHECK(left == 1);
    CHECK(set == 0);
  }
}

TEST_CASE("a filter lists nothing of another field: no finding, no question, and nothing that comes besides") {
  const Folder folder;
  const std::string exports = fmt::format(
      "--map netvisor --hub '{0}huma.json' --provider '{0}netvisor.xml' --test-system --today 2026-11-22", samples);
  const auto planned = [&](const std::string& options) {
    const Answer said = answer(fmt::format("dovetail plan {} {}", exports, options));
    INFO(said.err);
    REQUIRE(said.exit == 1);
    return said.out;
  };
  const std::string question = "Contract type of positions added to Huma";
  const std::string filter = "--field 'Phone number'";
  CHECK_THAT(planned(""), Catch::Contains(question));
  CHECK_THAT(planned(filter), !Catch::Contains(question));
  CHECK_THAT(planned(filter + " --decide provider"), !Catch::Contains(question));
  const Json whole = Json::parse(planned("--format json")), narrow = Json::parse(planned("--format json " + filter));
  REQUIRE(whole.at("questions").size() > 0);
  CHECK(narrow.at("questions").empty());
  for (const Json& entry : narrow.at("entries")) CHECK(entry.at("field") == "Phone number");
  for (const Json& notice : narrow.at("notices")) CHECK(notice.at("field") == "Phone number");
  CHECK(narrow.at("totals") == whole.at("totals"));
}
