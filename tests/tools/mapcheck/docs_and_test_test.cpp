// mapcheck docs and mapcheck test, as they are called.
#include <sys/wait.h>

#include <catch2/catch.hpp>
#include <cstdlib>
#include <fstream>
#include <string>

#include "tests/golden.hpp"

using dovetail::test::read_text;

namespace {

namespace fs = std::filesystem;

struct Answer {
  std::string out, err;
  int exit = -1;
};

Answer mapcheck(const std::string& arguments, const std::string& before = {}) {
  const fs::path scratch = fs::path(DOVETAIL_BINARY_DIR) / "mapcheck_docs_test";
  fs::create_directories(scratch);
  const std::string command = before + " " DOVETAIL_BINARY_DIR "/bin/mapcheck " + arguments + " > " +
                              (scratch / "out").string() + " 2> " + (scratch / "err").string();
  const int status = std::system(command.c_str());
  return {read_text(scratch / "out"), read_text(scratch / "err"), WIFEXITED(status) ? WEXITSTATUS(status) : -1};
}

const std::string rules = DOVETAIL_SOURCE_DIR "/rules/";

// A copy of the rules in which one text is replaced in the map.
fs::path changed_rules(const std::string& map, const std::string& from, const std::string& to) {
  const fs::path folder = fs::path(DOVETAIL_BINARY_DIR) / "mapcheck_docs_test" / "rules";
  fs::remove_all(folder);
  fs::copy(rules, folder, fs::copy_options::recursive);
  std::string text = read_text(folder / map);
  const std::size_t at = text.find(from);
  REQUIRE(at != std::string::npos);
  text.replace(at, from.size(), to);
  std::ofstream(folder / map, std::ios::binary) << text;
  return folder / map;
}

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
  const fs::path broken =
      changed_rules("netvisor.map", "employeebaseinformation.email", "employeebaseinformation.emial");
  const Answer wrong = mapcheck("docs " + broken.string());
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
  const fs::path map = changed_rules("netvisor.map", "    max length 10 in netvisor\n", "");
  const Answer answer = mapcheck("test --quiet " + map.string());
  CHECK(answer.exit == 1);
  CHECK_THAT(answer.out, Catch::Contains("FAIL  an employment ID of eleven characters is not sent"));
  CHECK_THAT(answer.out, Catch::Contains("error[failing-test]"));
  CHECK_THAT(answer.out, Catch::Contains("because `max length 10 in netvisor`"));
}

TEST_CASE("tests can't run without the tables that judge values") {
  const Answer answer = mapcheck("test " + rules + "netvisor.map", "DOVETAIL_RULES=/nowhere");
  CHECK(answer.exit == 2);
  CHECK_THAT(answer.err, Catch::Contains("DOVETAIL_RULES"));
  CHECK(mapcheck("docs " + rules + "netvisor.map", "DOVETAIL_RULES=/nowhere").exit == 0);
}
