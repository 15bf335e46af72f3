// A run that dies while it writes, and files that change under it.
#include <fmt/format.h>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "tests/places.hpp"
#include "tests/run.hpp"

using namespace dovetail::test;
using Json = nlohmann::json;

namespace {

const char* const names[] = {"huma.json", "finago.json", "base.json"};  // in the order in which they are replaced

class Run {
 public:
  Run() {
    for (const char* name : {"huma.json", "finago.json"}) {
      folder.write(name, read_text(std::string(DOVETAIL_SOURCE_DIR "/tests/samples/finago/") + name));
    }
    REQUIRE(dovetail("sync", "--decide leave --create none").exit != 2);
    // Both sides change, so that both exports are written.
    for (const char* name : {"huma.json", "finago.json"}) edit(name);
  }

  Answer dovetail(const std::string& command, const std::string& more = {}, const std::string& before = {}) const {
    return answer(fmt::format(
        "{} dovetail {} --map finago --hub '{}' --provider '{}' --base '{}' --test-system --today "
        "2026-11-21 {}",
        before, command, folder.file("huma.json"), folder.file("finago.json"), folder.file("base.json"), more));
  }
  std::string text(const char* name) const { return folder.read(name); }

  Folder folder;

 private:
  void edit(const std::string& name) const {
    Json json = Json::parse(folder.read(name));
    std::size_t number = 0;
    for (Json& person : json.begin().value()) {
      ++number;
      if (name == "huma.json" && number % 2 == 0) person["givenName"]["value"] = fmt::format("Hanna {}", number);
      if (name == "finago.json" && number % 2 == 1) person["lastname"] = fmt::format("Lien {}", number);
    }
    folder.write(name, json.dump(2));
  }
};

}  // namespace

TEST_CASE("a run that dies between two renames leaves whole files, and the base never ahead of the exports") {
  const Run whole;
  REQUIRE(whole.dovetail("sync", "--decide preselected").exit != 2);
  for (int stop = 1; stop <= 3; ++stop) {
    INFO("before rename " << stop);
    const Run run;
    const std::string before[] = {run.text(names[0]), run.text(names[1]), run.text(names[2])};
    const std::string preload = fmt::format(
        "ASAN_OPTIONS=verify_asan_link_order=0 LD_PRELOAD='" DOVETAIL_STOP_AT_RENAME "' STOP_AT_RENAME={}", stop);
    CHECK(run.dovetail("sync", "--decide preselected", preload).exit == 128 + 9);
    for (int file = 0; file < 3; ++file) {
      INFO(names[file]);
      CHECK((run.text(names[file]) == before[file]) == (file + 1 >= stop));
      CHECK_NOTHROW(Json::parse(run.text(names[file])));
    }
    REQUIRE(run.dovetail("sync", "--decide preselected").exit != 2);
    for (const char* name : {"huma.json", "finago.json"}) CHECK(run.text(name) == whole.text(name));
    CHECK(Json::parse(run.dovetail("plan", "--format json").out)["operations"].empty());
  }
}

TEST_CASE("a file that cannot be replaced keeps the base as it was") {
  const Run run;
  const std::string before = run.text("base.json");
  std::filesystem::create_directories(run.folder.path() / "out" / "in the way");
  const Answer stopped = run.dovetail("sync", "--decide preselected --out-provider '" + run.folder.file("out") + "'");
  CHECK(stopped.exit == 2);
  CHECK_THAT(stopped.err, Catch::Contains("out: a folder stands there"));
  CHECK(run.text("base.json") == before);
}

namespace {

// PowerOffice Go's three lists, with people who get a first address, a first account, or exist in Huma only.
class ApartRun {
 public:
  ApartRun() {
    const Answer made = answer("make_people --apart --system poweroffice_go --seed 4 --count 60 --out '" +
                               folder.path().string() + "'");
    REQUIRE(made.exit == 0);
  }
  Answer sync(const std::string& before = {}) const {
    std::string files;
    for (const char* name : {"employees.json", "addresses.json", "bank_accounts.json"})
      files += folder.file(name) + ",";
    return answer(
        fmt::format("{} dovetail sync --map poweroffice_go --hub '{}' --provider '{}' --base '{}' "
                    "--test-system --today 2026-11-21 --decide hub --create provider",
                    before, folder.file("huma.json"), files, folder.file("base.json")));
  }

  Folder folder;
};

}  // namespace

TEST_CASE("a run that dies between the files of one system is made good by the next") {
  const char* const files[] = {"bank_accounts.json", "employees.json", "addresses.json", "huma.json"};
  const ApartRun whole, started;
  REQUIRE(whole.sync().exit != 2);
  for (const char* name : files) CHECK((whole.folder.read(name) == started.folder.read(name)) == (name == files[3]));
  for (int stop = 1; stop <= 4; ++stop) {
    INFO("before rename " << stop);
    const ApartRun run;
    const std::string preload = fmt::format(
        "ASAN_OPTIONS=verify_asan_link_order=0 LD_PRELOAD='" DOVETAIL_STOP_AT_RENAME "' STOP_AT_RENAME={}", stop);
    CHECK(run.sync(preload).exit == 128 + 9);
    for (int file = 0; file < 3; ++file) {
      INFO(files[file]);
      CHECK((run.folder.read(files[file]) == whole.folder.read(files[file])) == (file + 1 < stop));
    }
    const Answer again = run.sync();
    REQUIRE(again.exit != 2);
    for (const char* name : files) {
      INFO(name);
      CHECK(Json::parse(run.folder.read(name)) == Json::parse(whole.folder.read(name)));
    }
  }
}

TEST_CASE("a disk that is full leaves exports and base as they were, and says so") {
  const Run whole;
  REQUIRE(whole.dovetail("sync", "--decide preselected").exit != 2);
  const Run run;
  const std::string before[] = {run.text(names[0]), run.text(names[1]), run.text(names[2])};
  // No file may grow over so many blocks of 512 or 1024 bytes: none of the three has room, or not the last one.
  for (const int blocks : {1, 8, 30}) {
    INFO(blocks << " blocks");
    const Answer full =
        run.dovetail("sync", "--decide preselected", fmt::format("trap '' XFSZ; ulimit -f {};", blocks));
    CHECK(full.exit == 2);
    CHECK_THAT(full.err, Catch::Contains("File too large"));
    CHECK(run.text(names[2]) == before[2]);
    for (const char* name : {"huma.json", "finago.json"}) CHECK_NOTHROW(Json::parse(run.text(name)));
  }
  CHECK(run.text(names[0]) == before[0]);
  REQUIRE(run.dovetail("sync", "--decide preselected").exit != 2);
  for (const char* name : {"huma.json", "finago.json"}) CHECK(run.text(name) == whole.text(name));
}
