// Rules that change while a connection is in use.
#include <catch2/catch.hpp>

#include <filesystem>

#include "engine/api/rule_change.hpp"
#include "engine/store/keyed_hash.hpp"
#include "tests/places.hpp"
#include "tests/runtime/stage.hpp"

using namespace dovetail;
using namespace dovetail::test;

namespace {

Ran dovetail_on(Stage& stage, const std::string& command) {
  stage.store.close();
  const Ran ran = run("DOVETAIL_KEY=" + key_text(stage.store.key()) + " dovetail " + command + " --store '" +
                      stage.store.where() + "'");
  stage.store.open();
  stage.opener = std::make_unique<ConnectionOpener>(*stage.store);  // as a new start: the files are read again
  return ran;
}

void replace(const Folder& folder, const std::string& file, const std::string& what, const std::string& with) {
  std::string text = folder.read(file);
  const std::size_t at = text.find(what);
  REQUIRE(at != std::string::npos);
  text.replace(at, what.size(), with);
  folder.write(file, text);
}

}  // namespace

TEST_CASE("protection lost with its line: delete a `cannot unset`, and its impact is shown and approval demanded") {
  Folder folder;
  std::filesystem::copy(DOVETAIL_SOURCE_DIR "/rules", folder.path(), std::filesystem::copy_options::recursive);
  replace(folder, "poweroffice_go.map", "phone       <->  phoneNumber  { unique in huma }",
          "phone       <->  phoneNumber  { unique in huma, cannot unset in poweroffice_go }");
  Stage stage({.people = 3, .map = folder.file("poweroffice_go.map")});
  stage.activate();
  const std::string id = stage.hub_ids().front();
  const std::string phone = stage.employee_of(id)["PhoneNumber"];
  REQUIRE_FALSE(phone.empty());
  CHECK(dovetail_on(stage, "rules impact payroll").exit == 0);

  replace(folder, "poweroffice_go.map", ", cannot unset in poweroffice_go }", " }");
  stage.opener = std::make_unique<ConnectionOpener>(*stage.store);
  stage.hub->patch_row("users", id, {{"phone", nullptr}, {"givenName", "Synnøve"}});
  stage.tell(id);
  stage.work();
  CHECK(stage.employee_of(id)["FirstName"] == "Synnøve");  // it goes on, by the old rules
  CHECK(stage.employee_of(id)["PhoneNumber"] == phone);

  const Ran impact = dovetail_on(stage, "rules impact --all");
  INFO(impact.out);
  CHECK(impact.exit == 1);
  CHECK(impact.out.find("Phone number: `cannot unset` no longer holds in PowerOffice Go") != std::string::npos);
  CHECK(impact.out.find("goes on by the old rules until this is approved") != std::string::npos);
  CHECK(dovetail_on(stage, "rules approve payroll </dev/null").exit == 2);
  const Ran approved = dovetail_on(stage, "rules approve payroll --yes");
  INFO(approved.out);
  CHECK(approved.exit == 0);
  CHECK(dovetail_on(stage, "rules impact payroll").exit == 0);
  stage.tell(id);
  stage.work();
  CHECK(stage.employee_of(id)["PhoneNumber"] != phone);
}

TEST_CASE(
    "protection lost with its line waits for a yes, also where another version of the program hashed the old rules") {
  Folder folder;
  std::filesystem::copy(DOVETAIL_SOURCE_DIR "/rules", folder.path(), std::filesystem::copy_options::recursive);
  replace(folder, "poweroffice_go.map", "phone       <->  phoneNumber  { unique in huma }",
          "phone       <->  phoneNumber  { unique in huma, cannot unset in poweroffice_go }");
  Stage stage({.people = 3, .map = folder.file("poweroffice_go.map")});
  stage.activate();
  const std::string id = stage.hub_ids().front();
  const std::string phone = stage.employee_of(id)["PhoneNumber"];
  const std::string then = "as another version hashed them", is = stage.connection().rules_hash;
  stage.store.write([&](Transaction& now) -> Result<void> {
    const auto kept = now.rules(is);
    if (!kept || !*kept) return std::unexpected(Error{.what = "no rules are kept"});
    StoredRules other = **kept;
    other.hash = then;
    return now.put_rules(other);
  });
  stage.change_connection([&](Connection& changed) { changed.rules_hash = then; });
  replace(folder, "poweroffice_go.map", ", cannot unset in poweroffice_go }", " }");
  stage.opener = std::make_unique<ConnectionOpener>(*stage.store);
  stage.hub->patch_row("users", id, {{"phone", nullptr}, {"givenName", "Synnøve"}});
  stage.tell(id);
  stage.work();
  CHECK(stage.employee_of(id)["FirstName"] == "Synnøve");
  CHECK(stage.employee_of(id)["PhoneNumber"] == phone);
  CHECK(stage.open()->rules_hash == then);
  const Ran impact = dovetail_on(stage, "rules impact payroll");
  INFO(impact.out);
  CHECK(impact.exit == 1);
  CHECK(impact.out.find("Phone number: `cannot unset` no longer holds in PowerOffice Go") != std::string::npos);
}

TEST_CASE("rules that only protect more, or say the same elsewhere, need nobody's yes") {
  Folder folder;
  std::filesystem::copy(DOVETAIL_SOURCE_DIR "/rules", folder.path(), std::filesystem::copy_options::recursive);
  Stage stage({.people = 3, .map = folder.file("poweroffice_go.map")});
  stage.activate();
  stage.forget_calls();
  replace(folder, "poweroffice_go.map", "phone       <->  phoneNumber  { unique in huma }",
          "phone       <->  phoneNumber  { unique in huma, cannot unset in poweroffice_go }");
  const Ran impact = dovetail_on(stage, "rules impact payroll");
  INFO(impact.out);
  CHECK(impact.exit == 0);
  CHECK(impact.out.find("weaker") == std::string::npos);
  for (const std::string& id : stage.hub_ids()) stage.tell(id);
  stage.work();
  CHECK(stage.writes() == 0);  // new rules do not replay the world
  const std::string id = stage.hub_ids().front();
  stage.hub->patch_row("users", id, {{"phone", nullptr}});
  stage.tell(id);
  stage.work();
  CHECK(stage.writes() == 0);  // they count at once
}

TEST_CASE("a value table that says something else, and people matched otherwise, wait for a yes") {
  Folder folder;
  std::filesystem::copy(DOVETAIL_SOURCE_DIR "/rules", folder.path(), std::filesystem::copy_options::recursive);
  replace(folder, "poweroffice_go.map", "otherwise   ->  unset", "otherwise   ->  keep");
  Stage stage({.people = 3, .map = folder.file("poweroffice_go.map")});
  stage.activate();
  SECTION("a word becomes another") {
    replace(folder, "poweroffice_go.map", "otherwise   ->  keep", "otherwise   ->  unset");
    const Ran impact = dovetail_on(stage, "rules impact payroll");
    INFO(impact.out);
    CHECK(impact.exit == 1);
    CHECK(impact.out.find("the table pogo_gender: every other value becomes no value in PowerOffice Go, and was left "
                          "alone") != std::string::npos);
  }
  SECTION("a way to propose links is gone") {
    replace(folder, "poweroffice_go.map", "    else propose by \"Employment ID\"\n", "");
    const Ran impact = dovetail_on(stage, "rules impact payroll");
    INFO(impact.out);
    CHECK(impact.exit == 1);
    CHECK(impact.out.find("links are no longer proposed by Employment ID") != std::string::npos);
  }
}
