// Credentials that cannot be used: which, why, and what to do; never what stands in them.
#include <fmt/format.h>

#include <catch2/catch.hpp>

#include "tests/run.hpp"

using namespace dovetail::test;

TEST_CASE("credentials that are none are refused, and never repeated") {
  const Folder folder;
  const auto refusal = [&](const std::string& name) {
    Ran ran = run(
        fmt::format("dovetail plan --map netvisor --hub huma:http://127.0.0.1:9 --provider netvisor:http://127.0.0.1:9 "
                    "--credentials '{}'",
                    folder.file(name)));
    CHECK(ran.exit == 2);
    CHECK_THAT(ran.out, !Catch::Contains("a secret"));
    const std::string place = folder.path().string() + "/";
    for (std::size_t at = ran.out.find(place); at != ran.out.npos; at = ran.out.find(place))
      ran.out.erase(at, place.size());
    return ran.out;
  };
  const auto of = [&](const std::string& text) {
    folder.write("keys.json", text);
    std::filesystem::permissions(folder.file("keys.json"), std::filesystem::perms::owner_all);
    return refusal("keys.json");
  };
  CHECK(refusal("nowhere.json") == "dovetail: nowhere.json: cannot open: No such file or directory\n");
  std::filesystem::create_directory(folder.path() / "keys");
  CHECK(refusal("keys") == "dovetail: keys: cannot read: Is a directory\n");
  CHECK(of("") == "dovetail: keys.json: is empty, where credentials by system should be\n");
  CHECK_THAT(of("{\"huma\": {\"client_id\": a secret"),
             Catch::StartsWith("dovetail: keys.json: ") && Catch::Contains("line 1, column 24"));
  CHECK_THAT(of("\xff\xfes"), Catch::StartsWith("dovetail: keys.json: ") && Catch::Contains("UTF-8"));
  CHECK(of("[\"a secret\"]") == "dovetail: keys.json: not a JSON object of credentials by system\n");
  CHECK(of(R"({"huma": "a secret"})") == "dovetail: keys.json: `huma` must hold an object of credentials\n");
  CHECK(of(R"({"huma": {"client_id": ["a secret"]}})") == "dovetail: keys.json: `client_id` of huma must be a text\n");
  CHECK_THAT(of(R"({"huma": {"client_id": "a secret", "client_id": "a secret"}})"), Catch::Contains("client_id"));
  const std::string id =
      "dovetail: huma needs the credential `client_id`: set DOVETAIL_HUMA_CLIENT_ID, or give it in keys.json, where "
      "`huma` ";
  CHECK(of(R"({"netvisor": {"key": "a secret"}})") == id + "holds nothing\n");
  CHECK(of(R"({"huma": {"client_secret": "a secret"}})") == id + "does not hold it\n");
  CHECK(of(R"({"huma": {"client_secret": "a secret", "client_id": ""}})") == id + "does not hold it\n");
}

TEST_CASE("credentials that others can read are used, and that is said once") {
  const Folder folder;
  folder.write("keys.json", R"({"huma": {"client_id": "1", "client_secret": "2"}})");
  for (const auto readers : {std::filesystem::perms::group_read, std::filesystem::perms::others_read}) {
    std::filesystem::permissions(folder.file("keys.json"), readers | std::filesystem::perms::owner_read);
    const Ran ran =
        run("dovetail plan --map netvisor --hub huma:http://127.0.0.1:9 --provider netvisor: --credentials '" +
            folder.file("keys.json") + "'");
    CHECK(ran.exit == 2);
    CHECK_THAT(ran.out, Catch::Contains("cannot be reached"));
    const std::size_t said = ran.out.find("others can read these credentials; chmod 600 it");
    REQUIRE(said != ran.out.npos);
    CHECK(ran.out.find("others can read", said + 1) == ran.out.npos);
  }
}
