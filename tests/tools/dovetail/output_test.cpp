// What people read, word for word.
#include <catch2/catch.hpp>

#include <nlohmann/json.hpp>
#include <regex>

#include "tests/golden.hpp"
#include "tests/places.hpp"
#include "tests/run.hpp"

using namespace dovetail::test;

namespace {

const std::string sample =
    " --map rules/netvisor.map --hub tests/samples/netvisor/huma.json --provider tests/samples/netvisor/netvisor.xml"
    " --test-system --today 2026-11-21 ";

// The samples are as old as the source tree.
std::string without_ages(const std::string& text) {
  static const std::regex age(", (less than a minute|[0-9]+ (minute|hour|day)s?) old,");
  static const std::regex taken("\"taken\": \"[-0-9]+T[:0-9]+Z\"");
  return std::regex_replace(std::regex_replace(text, age, ", (age) old,"), taken, "\"taken\": (instant)");
}

}  // namespace

TEST_CASE("a first plan of the sample") {
  const Ran ran = run("dovetail plan" + sample);
  CHECK(ran.exit == 1);
  compare_golden("dovetail/plan.txt", without_ages(ran.out));
}

TEST_CASE("a plan as JSON is laid out alike from the first list to the last, be they empty or long") {
  const auto is_laid_out = [](const std::string& command) {
    const std::string text = run(command).out;
    INFO(command << "\n" << text.substr(0, 2000));
    CHECK(text == nlohmann::ordered_json::parse(text).dump(1) + "\n");
  };
  for (const std::string filter :
       {"", "--kind conflict", "--kind link --all", "--kind create --field \"Given name\""}) {
    is_laid_out("dovetail plan --format json " + filter + sample);
  }
  const Folder folder;
  folder.write("huma.json", R"({"items": []})");
  folder.write("finago.json", R"({"total": 0, "employees": []})");
  is_laid_out("dovetail plan --format json --map finago --hub '" + folder.file("huma.json") + "' --provider '" +
              folder.file("finago.json") + "'");
}

TEST_CASE("a plan says how old both exports are, and when they were taken") {
  const Folder folder;
  folder.write("huma.json", R"({"items": []})");
  folder.write("finago.json", R"({"total": 3, "employees": []})");
  const auto age = [&](const std::string& file, const std::string& when) {
    REQUIRE(run("touch -d '" + when + "' '" + folder.file(file) + "'").exit == 0);
  };
  const std::string command = "dovetail plan --map finago --hub '" + folder.file("huma.json") + "' --provider '" +
                              folder.file("finago.json") + "' ";
  age("huma.json", "90 minutes ago");
  age("finago.json", "2026-03-04 05:06:07 UTC");
  const std::string text = run(command).out;
  CHECK_THAT(text, Catch::Contains("huma.json, 0 people, 1 hour old, complete\n"));
  CHECK_THAT(text, Catch::Matches("(.|\n)*finago.json, 0 people, [0-9]+ days old, INCOMPLETE: (.|\n)*"));
  CHECK_THAT(run(command + "--format json").out, Catch::Contains("\"taken\": \"2026-03-04T05:06:07Z\""));
  age("finago.json", "now + 1 hour");  // a clock that goes wrong makes nothing negative
  CHECK_THAT(run(command).out, Catch::Contains("finago.json, 0 people, less than a minute old, INCOMPLETE"));
}

TEST_CASE("a plan as JSON, filtered to one field and kind") {
  const Ran ran =
      run("dovetail plan --format json --kind conflict --field 'Bank account number' --person tuuli" + sample);
  CHECK(ran.exit == 1);
  compare_golden("dovetail/plan_people.txt", without_ages(ran.out.substr(0, ran.out.find("\"people\""))));
  compare_golden("dovetail/plan_entries.txt", ran.out.substr(ran.out.find("\"entries\"")));
}

TEST_CASE("a synchronisation of the sample, in which the hub wins") {
  const Folder folder;
  const Ran ran =
      run("dovetail sync --decide hub --create both --answer 'Payroll rule group=Kuukausipalkka'"
          " --answer 'Contract type of positions added to Huma=permanent' --out-hub '" +
          folder.file("huma.json") + "' --out-provider '" + folder.file("netvisor.xml") + "'" + sample);
  CHECK(ran.exit == 1);
  compare_golden("dovetail/sync_hub.txt", ran.out);
}

TEST_CASE("why one person's fields are as they are") {
  const Ran ran = run("dovetail explain 168" + sample);
  CHECK(ran.exit == 0);
  compare_golden("dovetail/explain.txt", ran.out);
}

TEST_CASE("what standard output does not take is told, and the command has failed") {
  const auto told = [](const std::string& command, const std::string& output) {
    return run("eval '{ dovetail " + command + " 2>&3 >" + output + "; } 3>&1'");
  };
  for (const std::string& command : {"plan" + sample, "plan --format json" + sample, "explain 168" + sample,
                                     std::string("--help"), std::string("--version")}) {
    INFO(command);
    const Ran full = told(command, "/dev/full");
    CHECK(full.exit == 2);
    CHECK_THAT(full.out, Catch::Contains("dovetail: standard output did not take everything"));
    CHECK_THAT(full.out, !Catch::Contains("internal error"));
    const Ran closed = told(command, "&-");
    CHECK(closed.exit == 2);
    CHECK(closed.out == "dovetail: standard output is closed, so nothing was done\n");
  }
}

TEST_CASE("a closed standard output is not taken for a file, and nothing is written") {
  const Folder folder;
  const std::string hub = read_text(DOVETAIL_SOURCE_DIR "/tests/samples/netvisor/huma.json");
  folder.write("huma.json", hub);
  const Ran ran =
      run("eval '{ dovetail sync --decide hub --base " + folder.file("base.json") + " --map netvisor --hub " +
          folder.file("huma.json") + " --provider tests/samples/netvisor/netvisor.xml --test-system 2>&3 >&-; } 3>&1'");
  CHECK(ran.exit == 2);
  CHECK(folder.read("huma.json") == hub);
  CHECK(std::distance(std::filesystem::directory_iterator(folder.path()), {}) == 1);
}

TEST_CASE("help says what every option is for") {
  compare_golden("dovetail/help.txt", run("dovetail --help").out + run("dovetail plan --help").out +
                                          run("dovetail sync --help").out + run("dovetail explain --help").out);
}
