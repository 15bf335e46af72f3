// What a base file keeps of national ids and bank accounts, and the key that it needs for that.
#include <fmt/format.h>
#include <sys/stat.h>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>
#include <set>

#include "tests/places.hpp"
#include "tests/run.hpp"

using namespace dovetail::test;
using Json = nlohmann::json;

namespace {

constexpr const char* some_key = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";
constexpr const char* other_key = "ff0102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";

std::string sample(const std::string& name) {
  return read_text(std::string(DOVETAIL_SOURCE_DIR "/tests/samples/poweroffice_go/") + name);
}

// The samples of PowerOffice Go, which withholds everybody's national id.
class Payroll {
 public:
  Payroll() {
    folder.write("huma.json", sample("huma.json"));
    folder.write("poweroffice_go.json", sample("poweroffice_go.json"));
  }

  Answer dovetail(const std::string& command, const std::string& more = {}, const std::string& before = {}) const {
    return answer(fmt::format(
        "{} dovetail {} --map poweroffice_go --hub '{}' --provider '{}' --base '{}' --test-system --today "
        "2026-11-21 {}",
        before, command, folder.file("huma.json"), folder.file("poweroffice_go.json"), folder.file("base.json"), more));
  }

  Json hub() const { return Json::parse(folder.read("huma.json")); }
  Json provider() const { return Json::parse(folder.read("poweroffice_go.json")); }
  Json base() const { return Json::parse(folder.read("base.json")); }
  void put(const std::string& name, const Json& json) const { folder.write(name, json.dump(1)); }

  // As the system answers: what was written is withheld.
  void mask() const {
    Json all = provider();
    for (Json& employee : all["employees"]) {
      if (employee["NationalIdNumber"].is_string()) employee["NationalIdNumber"] = "hidden";
    }
    put("poweroffice_go.json", all);
  }

  Folder folder;
};

std::set<std::string> secrets(const Json& hub, const Json& provider) {
  std::set<std::string> found;
  for (const Json& user : hub["items"]) {
    for (const Json& of : user["identifications"].value("value", Json::array())) found.insert(of["value"]);
    const Json account = user["bankAccount"].value("value", Json::object());
    for (const char* name : {"number", "iban"}) {
      if (account.contains(name) && account[name].is_string()) found.insert(account[name]);
    }
  }
  for (const Json& employee : provider["employees"]) {
    const Json& account = employee["SalaryBankAccount"];
    if (account.is_object() && account["BankAccountNumber"].is_string()) found.insert(account["BankAccountNumber"]);
  }
  return found;
}

// Calls `each` with every field of a base and the link that it belongs to.
template <typename Each>
void for_fields(Json& base, const std::string& label, Each each) {
  for (Json& link : base["links"]) {
    if (!link.contains("fields")) continue;
    for (Json& field : link["fields"]) {
      if (field["field"] == label) each(link, field);
    }
  }
}

}  // namespace

TEST_CASE("a base holds no national id and no bank account, and its key is the owner's alone") {
  const Payroll payroll;
  const Answer ran = payroll.dovetail("sync", "--decide hub");
  CHECK_THAT(ran.err, Catch::Contains("base.json.key: made, the key that secrets in the base are hashed with"));
  struct stat facts{};
  REQUIRE(::stat(payroll.folder.file("base.json.key").c_str(), &facts) == 0);
  CHECK((facts.st_mode & 07777U) == 0600U);
  REQUIRE(::stat(payroll.folder.file("base.json").c_str(), &facts) == 0);
  CHECK((facts.st_mode & 07777U) == 0600U);  // names and birth dates stand in it in clear
  const std::string text = payroll.folder.read("base.json");
  const std::set<std::string> all = secrets(payroll.hub(), payroll.provider());
  CHECK(all.size() > 20);
  for (const std::string& secret : all) CHECK(text.find(secret) == text.npos);
  std::size_t hashed = 0;
  Json base = payroll.base();
  for (const char* label : {"Identifications", "Bank account number"}) {
    for_fields(base, label, [&](const Json&, const Json& field) {
      for (const Json& part : field["provider"]) hashed += part.value("hashed", false) ? 1U : 0U;
    });
  }
  CHECK(hashed > 20);
  const std::string key = payroll.folder.read("base.json.key");
  CHECK_THAT(payroll.dovetail("sync").err, !Catch::Contains("made, the key"));
  CHECK(payroll.folder.read("base.json.key") == key);
}

TEST_CASE("a withheld national id that was written once is in sync, until the hub changes it") {
  const Payroll payroll;
  payroll.dovetail("sync", "--decide hub");
  payroll.mask();
  const std::string about = "--field Identifications --kind held --kind change";
  CHECK(payroll.dovetail("plan", about + " --format json").out.find("target-masked") == std::string::npos);
  Json quiet = Json::parse(payroll.dovetail("plan", "--format json --all").out);
  for (const Json& operation : quiet["operations"]) CHECK(operation["action"] == "link");

  Json hub = payroll.hub();
  std::string id, mail;
  for (Json& user : hub["items"]) {
    Json& list = user["identifications"]["value"];
    if (!list.is_array() || list.empty() || list[0]["value"] != "19819043453") continue;
    id = user["id"];
    mail = user["email"]["value"];
    list[0]["value"] = "19819010075";
  }
  REQUIRE_FALSE(id.empty());
  payroll.put("huma.json", hub);
  const Json plan = Json::parse(payroll.dovetail("plan", "--format json --field Identifications").out);
  REQUIRE(plan["operations"].size() == 0);  // preselected, not decided
  REQUIRE(plan["entries"].size() == 1);
  CHECK(plan["entries"][0]["kind"] == "change");
  CHECK(plan["entries"][0]["preselected"] == "hub");
  CHECK(plan.dump().find("19819010075") == std::string::npos);
  CHECK(payroll.dovetail("sync", "--decide preselected --field Identifications").exit != 2);
  std::string written;
  const Json after = payroll.provider();
  for (const Json& employee : after["employees"]) {
    if (employee["EmailAddress"] == mail) written = employee["NationalIdNumber"];
  }
  CHECK(written == "19819010075");
  payroll.mask();
  CHECK(Json::parse(payroll.dovetail("plan", "--format json --field Identifications").out)["entries"].empty());
}

TEST_CASE("the key may come from a file or the environment, without it, or with another, nothing is done") {
  const Payroll payroll;
  payroll.folder.write("key", std::string(some_key) + "\n");
  payroll.folder.write("other", std::string(other_key) + "\n");
  const std::string from_file = "--key-file '" + payroll.folder.file("key") + "'";
  const Answer first = payroll.dovetail("sync", "--decide leave " + from_file);
  CHECK_THAT(first.err, Catch::Contains("key: others can read this key; chmod 600 it"));
  CHECK_FALSE(std::filesystem::exists(payroll.folder.file("base.json.key")));
  CHECK(payroll.dovetail("plan", "", fmt::format("DOVETAIL_KEY={}", some_key)).exit != 2);

  const Answer missing = payroll.dovetail("sync", "--decide hub");
  CHECK(missing.exit == 2);
  CHECK_THAT(missing.err, Catch::Contains("base.json: its secrets are hashed, and the key is missing: put it into ") &&
                              Catch::Contains("base.json.key, or give it by --key-file or DOVETAIL_KEY"));
  for (const Answer& wrong : {payroll.dovetail("plan", "--key-file '" + payroll.folder.file("other") + "'"),
                              payroll.dovetail("sync", "--decide hub", fmt::format("DOVETAIL_KEY={}", other_key))}) {
    CHECK(wrong.exit == 2);
    CHECK_THAT(wrong.err, Catch::Contains("base.json: its secrets are hashed with another key than "));
    CHECK_THAT(wrong.err, !Catch::Contains(other_key));
  }
  payroll.folder.write("other", "not a key\n");
  const Answer none = payroll.dovetail("plan", "--key-file '" + payroll.folder.file("other") + "'");
  CHECK(none.exit == 2);
  CHECK_THAT(none.err,
             Catch::Contains("other: not a key: it must be 64 hexadecimal digits") && !Catch::Contains("not a key\n"));
  CHECK(payroll.dovetail("plan", "--key-file '" + payroll.folder.file("gone") + "'").exit == 2);
  CHECK(payroll.hub() == Json::parse(sample("huma.json")));
}

TEST_CASE("an older base with secrets in clear is read, and hashed when it is written again") {
  const Payroll payroll;
  payroll.dovetail("sync", "--decide hub");
  Json base = payroll.base();
  base.erase("key");
  std::map<std::string, Json> users;
  const Json hub = payroll.hub();
  for (const Json& user : hub["items"]) users.emplace(user["id"], user);
  std::size_t opened = 0;
  for_fields(base, "Identifications", [&](const Json& link, Json& field) {
    if (!users.contains(link["hub"])) return;
    const Json list = users.at(link["hub"])["identifications"].value("value", Json::array());
    for (const char* side : {"hub", "provider"}) {
      for (Json& part : field[side]) {
        if (!part.value("hashed", false)) continue;
        part.erase("hashed");
        part["value"] = list[0]["value"];
        ++opened;
      }
    }
  });
  REQUIRE(opened > 20);
  for_fields(base, "Bank account number",
             [&](const Json&, Json& field) { field["hub"] = field["provider"] = Json::array(); });
  payroll.put("base.json", base);
  std::filesystem::remove(payroll.folder.file("base.json.key"));
  payroll.mask();
  CHECK(Json::parse(payroll.dovetail("plan", "--format json --field Identifications").out)["entries"].empty());
  CHECK(payroll.dovetail("sync").err.find("made, the key") != std::string::npos);
  const std::string text = payroll.folder.read("base.json");
  for (const std::string& secret : secrets(payroll.hub(), payroll.provider())) CHECK(text.find(secret) == text.npos);
  CHECK(Json::parse(payroll.dovetail("plan", "--format json --field Identifications").out)["entries"].empty());
}
