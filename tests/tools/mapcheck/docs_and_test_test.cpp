// mapcheck docs and mapcheck test, as they are called.
#include <catch2/catch.hpp>

#include "tests/places.hpp"
#include "tests/run.hpp"

using dovetail::test::Answer;
using dovetail::test::Folder;
using dovetail::test::read_text;

namespace {

namespace fs = std::filesystem;

Answer mapcheck(const std::string& arguments, const std::string& before = {}) {
  return dovetail::test::answer(before + " mapcheck " + arguments);
}

const std::string rules = DOVETAIL_SOURCE_DIR "/rules/";

// A copy of the rules in which one text is replaced in the map.
class ChangedRules {
 public:
  ChangedRules(const std::string& map, const std::string& from, const std::string& to) : map_(map) {
    fs::copy(rules, folder_.path(), fs::copy_options::recursive);
    std::string text = folder_.read(map);
    const std::size_t at = text.find(from);
    REQUIRE(at != std::string::npos);
    folder_.write(map, text.replace(at, from.size(), to));
  }
  std::string map() const { return folder_.file(map_); }

 private:
  Folder folder_;
  std::string map_;
};

}  // namespace

TEST_CASE("the documentation is Markdown, or one page of HTML, by path or by name") {
  const std::string markdown = read_text(fs::path(DOVETAIL_SOURCE_DIR) / "tests/golden/docs/netvisor.md");
  CHECK(mapcheck("docs " + rules + "netvisor.map").out == markdown);
  CHECK(mapcheck("docs netvisor --format markdown").out == markdown);
  const Answer html = mapcheck("docs netvisor --format html");
  CHECK(html.exit == 0);
  CHECK(html.err.empty());
  CHECK(html.out == read_text(fs::path(DOVETAIL_SOURCE_DIR) / "tests/golden/docs/netvisor.html"));
}

TEST_CASE("what is no map has no documentation, and the exit code says why") {
  const Answer missing = mapcheck("docs nowhere.map");
  CHECK(missing.exit == 2);
  CHECK(missing.out.empty());
  CHECK(missing.err == "mapcheck: nowhere.map: no such file\n");
  CHECK(mapcheck("docs " + rules + "schemas/huma.schema.map").exit == 2);
  CHECK(mapcheck("docs netvisor --format pdf").exit == 2);
  CHECK(mapcheck("docs").exit == 2);
  const ChangedRules broken("netvisor.map", "employeebaseinformation.email", "employeebaseinformation.emial");
  const Answer wrong = mapcheck("docs " + broken.map());
  CHECK(wrong.exit == 1);
  CHECK(wrong.out.empty());
  CHECK_THAT(wrong.err, Catch::Contains("error[unknown-path]"));
}

TEST_CASE("a documentation that can't be written is no success") {
  if (fs::exists("/dev/full")) {
    const Answer full = mapcheck("docs netvisor > /dev/full; exit $?; :");
    CHECK(full.exit == 2);
  }
}

TEST_CASE("the tests of the maps that came along pass, with nothing left unguarded") {
  const Answer all = mapcheck("test netvisor finago twentyfoursevenoffice poweroffice_go poweroffice --strict");
  CHECK(all.exit == 0);
  CHECK(all.err.empty());
  CHECK_THAT(all.out, Catch::Contains("guarded by tests: 15 of 15 fields"));
}

TEST_CASE("a clause that is taken away makes a test fail, with the line of what it expected") {
  const ChangedRules changed("netvisor.map", "    max length 10 in netvisor\n", "");
  const Answer answer = mapcheck("test --quiet " + changed.map());
  CHECK(answer.exit == 1);
  CHECK_THAT(answer.out, Catch::Contains("FAIL  an employment ID of eleven characters is not sent"));
  CHECK_THAT(answer.out, Catch::Contains("error[failing-test]"));
  CHECK_THAT(answer.out, Catch::Contains("because `max length 10 in netvisor`"));
}

TEST_CASE("tests can't run without the tables that judge values") {
  const Folder folder;
  fs::create_directories(folder.path() / "own");
  for (const char* part : {"schemas", "library", "netvisor.map"}) {
    fs::copy(fs::path(rules) / part, folder.path() / "own" / part, fs::copy_options::recursive);
  }
  const Answer answer = mapcheck("test " + folder.file("own/netvisor.map"), "DOVETAIL_RULES=/nowhere");
  CHECK(answer.exit == 2);
  CHECK_THAT(answer.err, Catch::Contains("DOVETAIL_RULES"));
  CHECK(mapcheck("docs " + rules + "netvisor.map", "DOVETAIL_RULES=/nowhere").exit == 0);
}
