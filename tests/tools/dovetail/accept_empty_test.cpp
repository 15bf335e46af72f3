// A list apart whose last row was really removed: an administrator says so, once.
#include <fmt/format.h>

#include <catch2/catch.hpp>

#include "tests/run.hpp"

using namespace dovetail::test;
using Catch::Contains;

namespace {

// PowerOffice Go's three lists after a run, and then its addresses are gone.
class Emptied {
 public:
  Emptied() {
    const Answer made = answer("make_people --apart --system poweroffice_go --seed 4 --count 20 --out '" +
                               folder.path().string() + "'");
    REQUIRE(made.exit == 0);
    REQUIRE(dovetail("sync", "--decide hub").exit != 2);
    REQUIRE(folder.read("addresses.json").find("ZipCode") != std::string::npos);
    folder.write("addresses.json", R"({"addresses": []})");
  }
  Answer dovetail(const std::string& command, const std::string& options) const {
    std::string files;
    for (const char* name : {"employees.json", "addresses.json", "bank_accounts.json"})
      files += folder.file(name) + ",";
    return answer(fmt::format(
        "dovetail {} --map poweroffice_go --hub '{}' --provider '{}' --base '{}' --test-system --today 2026-11-21 {}",
        command, folder.file("huma.json"), files, folder.file("base.json"), options));
  }

  Folder folder;
};

}  // namespace

TEST_CASE("a list that counts as not read says how to confirm that it is empty, and another name is refused") {
  const Emptied run;
  const Answer plan = run.dovetail("plan", "");
  CHECK(plan.exit == 1);
  CHECK_THAT(plan.out, Contains("`addresses` tells nothing of anybody") && Contains("--accept-empty addresses"));
  const Answer wrong = run.dovetail("plan", "--accept-empty bankAccounts");
  CHECK(wrong.exit == 2);
  CHECK_THAT(wrong.err, Contains("--accept-empty: bankAccounts is to be taken as empty") && Contains("`addresses`"));
}

TEST_CASE("a list that somebody confirms to be empty is decided about like anything else that is gone, once") {
  const Emptied run;
  const std::string winner = GENERATE("hub", "leave");
  const Answer sync = run.dovetail("sync", "--accept-empty addresses --decide " + winner);
  INFO(sync.out << sync.err);
  REQUIRE(sync.exit != 2);
  CHECK_THAT(sync.err, Contains("note: `addresses` tells nothing of anybody, and is taken to be empty, as was said"));
  CHECK((run.folder.read("addresses.json").find("ZipCode") != std::string::npos) == (winner == "hub"));
  const Answer next = run.dovetail("plan", "");
  CHECK_THAT(next.out, !Contains("counts as not read"));
}
