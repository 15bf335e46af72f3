// How findings look: docs/diagnostics.md.
#include <catch2/catch.hpp>

#include <string>

#include "dsl/render/json.hpp"
#include "dsl/render/text.hpp"

using namespace dovetail::dsl;

namespace {

// Of the first occurrence.
Span find(const SourceFile& file, std::string_view text) {
  const auto at = static_cast<Offset>(file.text().find(text));
  return {at, at + static_cast<Offset>(text.size())};
}

}  // namespace

TEST_CASE("a finding shows its line, the other end, notes and help") {
  const SourceFile file("netvisor.map", "field \"Fødselsdato\" a <-> b\n\n\n\nfield \"Fødselsdato\" c <-> d\n");
  const Span first = find(file, "\"Fødselsdato\"");
  const Span second{first.begin + 32, first.end + 32};
  const Diagnostic found = Diagnostic::of(DiagnosticId::duplicate_field, file, second, "field is defined twice")
                               .labelled("second definition")
                               .with({&file, first, "first definition"})
                               .noted("only in the first: `a`")
                               .helped("keep one");
  CHECK(to_text(found) ==
        "error[duplicate-field]: field is defined twice\n"
        " --> netvisor.map:5:7\n"
        "  |\n"
        "1 | field \"Fødselsdato\" a <-> b\n"
        "  |       ------------- first definition\n"
        "...\n"
        "5 | field \"Fødselsdato\" c <-> d\n"
        "  |       ^^^^^^^^^^^^^ second definition\n"
        "  |\n"
        "  = note: only in the first: `a`\n"
        "  = help: keep one\n");
}

TEST_CASE("a place in another file stands below") {
  const SourceFile map("a.map", "x <-> y\n");
  const SourceFile schema("b.schema.map", "\n\nmember y text\n");
  const Diagnostic found = Diagnostic::of(DiagnosticId::read_only_write, map, {6, 7}, "`y` can't be written")
                               .with({&schema, {9, 10}, "read only"});
  CHECK(to_text(found) ==
        "error[read-only-write]: `y` can't be written\n"
        " --> a.map:1:7\n"
        "  |\n"
        "1 | x <-> y\n"
        "  |       ^\n"
        " ::: b.schema.map:3:8\n"
        "  |\n"
        "3 | member y text\n"
        "  |        - read only\n");
}

TEST_CASE("tabs and wide characters do not move the underline, long lines are cut around it") {
  const SourceFile file("a.map", "\t名 x\n" + std::string(300, 'a') + " here " + std::string(300, 'b') + "\n");
  const auto text = to_text(Diagnostic::of(DiagnosticId::unknown_path, file, find(file, "x"), "m"));
  CHECK(text.find("1 |     名 x\n  |        ^\n") != std::string::npos);
  const auto cut = to_text(Diagnostic::of(DiagnosticId::unknown_path, file, find(file, "here"), "m"), {.columns = 40});
  CHECK(cut.find("2 | …aaaaaaaaaaaa here bbbbbbbbbbbbbbbbbbbbbb…\n  |               ^^^^\n") != std::string::npos);
}

TEST_CASE("what could move a terminal is never printed") {
  const SourceFile file("a.map", "\x1b[31mred\x07\n");
  const auto text = to_text(Diagnostic::of(DiagnosticId::unexpected_token, file, {0, 1}, "found `\x1b`"));
  CHECK(text.find('\x1b') == std::string::npos);
  CHECK(text.find('\x07') == std::string::npos);
}

TEST_CASE("a finding as JSON has every part") {
  const SourceFile file("a.map", "field \"Ø\" a <-> b\n");
  const Diagnostic found = Diagnostic::of(DiagnosticId::unknown_path, file, {11, 12}, "no `a` in \"x\"")
                               .labelled("here")
                               .noted("one")
                               .helped("two")
                               .fixed({{{11, 12}, "c\n"}});
  CHECK(
      to_json({&found, 1}) ==
      "[\n"
      R"({"file":"a.map","line":1,"column":11,"end_line":1,"end_column":12,"severity":"error","code":"unknown-path",)"
      R"("message":"no `a` in \"x\"","label":"here","labels":[],"notes":["one"],"help":"two",)"
      R"("fix":{"kind":"suggested","edits":[{"line":1,"column":11,"end_line":1,"end_column":12,"replacement":"c\u000a"}]}})"
      "\n]\n");
  CHECK(to_json({}) == "[]\n");
}

TEST_CASE("the last line counts") {
  const SourceFile file("a.map", "");
  const Diagnostic error = Diagnostic::of(DiagnosticId::unknown_path, file, {}, "m");
  const Diagnostic warning = Diagnostic::of(DiagnosticId::unused_setting, file, {}, "m");
  const Diagnostic both[] = {error, warning, error};
  CHECK(summary(both) == "2 errors, 1 warning");
  CHECK(summary({}) == "nothing found");
}
