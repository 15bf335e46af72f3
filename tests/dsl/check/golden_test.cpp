// Every check has a file that it finds something in, one that it finds nothing in, and the text that people see.
#include <algorithm>
#include <set>

#include "tests/dsl/check/checked_files.hpp"
#include "tests/places.hpp"

namespace {

namespace fs = std::filesystem;
using dovetail::dsl::Diagnostic;
using dovetail::dsl::DiagnosticId;
using dovetail::dsl::DiagnosticKind;

const fs::path root = fs::path(DOVETAIL_SOURCE_DIR) / "tests" / "golden" / "check";

// Found by the stages after the checker, which have tests of their own.
bool is_found_later(DiagnosticId id) {
  return id == DiagnosticId::failing_test || id == DiagnosticId::vacuous_test || id == DiagnosticId::unformatted;
}

// docs/checks.md says the same of each: listed there as not checked yet.
const std::set<std::string_view> not_checked_yet = {"old-syntax", "unfilterable-match-key"};

std::string file_of(const std::string& name, const std::string& which) {
  const std::string schema = name + "/" + which + ".schema.map";
  return fs::exists(root / schema) ? schema : name + "/" + which + ".map";
}

// A pedantic check's example with its pedantic findings: the examples of two of them need tests for that.
dovetail::test::CheckedFile check_example(const DiagnosticKind& kind, const std::string& which) {
  const bool pedantic = kind.severity == dovetail::dsl::Severity::pedantic;
  return dovetail::test::check_file(root, file_of(std::string(kind.name), which), nullptr, nullptr, pedantic);
}

}  // namespace

TEST_CASE("every check finds its bad example, and nothing else there") {
  for (const DiagnosticKind& kind : dovetail::dsl::diagnostic_kinds()) {
    const std::string name(kind.name);
    if (is_found_later(kind.id) || not_checked_yet.contains(kind.name)) continue;
    INFO(name);
    REQUIRE(fs::exists(root / file_of(name, "bad")));
    const auto bad = check_example(kind, "bad");
    CHECK(std::ranges::any_of(bad.result.diagnostics, [&](const Diagnostic& found) { return found.id == kind.id; }));
    for (const Diagnostic& found : bad.result.diagnostics) CHECK(dovetail::dsl::name(found.id) == kind.name);
    dovetail::test::compare_golden("check/" + name + "/expected.txt", bad.text());
  }
}

TEST_CASE("every check is content with its good example") {
  for (const DiagnosticKind& kind : dovetail::dsl::diagnostic_kinds()) {
    const std::string name(kind.name);
    if (is_found_later(kind.id) || not_checked_yet.contains(kind.name)) continue;
    INFO(name);
    REQUIRE(fs::exists(root / file_of(name, "good")));
    CHECK(check_example(kind, "good").text().empty());
  }
}

TEST_CASE("no error waits for its check") {
  for (const std::string_view name : not_checked_yet) {
    const DiagnosticKind* kind = dovetail::dsl::find_diagnostic(name);
    INFO(name);
    REQUIRE(kind != nullptr);
    CHECK(kind->severity != dovetail::dsl::Severity::error);
  }
}

TEST_CASE("a suppression with its reason silences a finding, and an error is never silenced") {
  const std::string name = "unhandled-unset/bad.map";
  std::string text = dovetail::test::read_text(root / name);
  text.insert(text.find("field \"Group\""), "# mapcheck: allow(unhandled-unset) because \"the table says so\"\n");
  CHECK(dovetail::test::check_file(root, name, &text).text().empty());

  const std::string error = "unknown-path/bad.map";
  text = dovetail::test::read_text(root / error);
  text.insert(text.find("field \"Given name\""), "# mapcheck: allow(unknown-path) because \"it will come\"\n");
  const auto checked = dovetail::test::check_file(root, error, &text);
  CHECK_THAT(checked.text(), Catch::Contains("error[unknown-path]"));
  CHECK_THAT(checked.text(), Catch::Contains("warning[unused-allow]"));
}
