// Mistakes as people make them, one to a file: each is said once, and nothing that follows from it.
#include <catch2/catch.hpp>

#include <string>
#include <vector>

#include "dsl/grammar/parse.hpp"

using namespace dovetail;

namespace {

using Places = std::vector<std::string>;

// "3:7 unexpected-token", of a map whose first line is line 1.
Places places(const std::string& items) {
  const dsl::SourceFile source("x.map", "map x version 1 syntax 1\n" + items);
  std::vector<dsl::Diagnostic> found;
  (void)dsl::parse(source, found);
  dsl::sort(found);
  Places places;
  for (const dsl::Diagnostic& one : found) {
    const dsl::Place at = source.place(one.primary.span.begin);
    places.push_back(std::to_string(at.line) + ":" + std::to_string(at.column) + " " + std::string(name(one.id)));
  }
  return places;
}

}  // namespace

TEST_CASE("an opening brace that is missing is put where the indentation says") {
  CHECK(places("test \"t\"\n    given huma { a = 1 }\n    push\n}\nvalues v {\n a <-> b\n}\n") ==
        Places{"2:9 unexpected-token"});
  CHECK(places("values v\n    male <-> male\n    keep <- unset\n}\n") == Places{"2:9 unexpected-token"});
  CHECK(places("field \"A\" a <-> b\n    unique in both\n}\n") == Places{"2:18 unexpected-token"});
  CHECK(places("each a <-> b when setting s\n    match by \"L\"\n    add missing in both, never remove\n}\n") ==
        Places{"2:28 unexpected-token"});
}

TEST_CASE("a closing brace too many is the one that stands where none belongs") {
  CHECK(places("test \"t\" {\n    given huma {\n        a = 1\n    }\n    }\n    push\n    expect held x\n}\n") ==
        Places{"6:5 unexpected-token"});
  CHECK(places("each a <-> b {\n    field \"A\" a <-> b { hold }}\n    field \"B\" c <-> d\n}\n") ==
        Places{"3:31 unexpected-token"});
}

TEST_CASE("a text without its opening quote is one mistake") {
  CHECK(places("test \"t\" {\n    given huma { a = Oulu\" }\n    expect huma.a = Bergström\"\n}\n") ==
        Places{"3:26 unterminated-string", "4:30 unterminated-string"});
  CHECK(places("section How it works\" \"Well, and well.\"\nfield \"A\" a <-> b\n") == Places{"2:9 unexpected-token"});
  CHECK(places("setup {\n    step Open it, and go on, and save.\"\n    step \"B\"\n}\n") ==
        Places{"3:10 unexpected-token"});
}

TEST_CASE("semicolons are taken for what they stand for") {
  CHECK(
      places(
          "field \"A\" a <-> b { unique in both; hold };\nfield \"B\" {\n    either \"x\" {\n        a <-> b\n    };\n"
          "    or \"y\" {\n        a <-> c\n    }\n}\n") ==
      Places{"2:35 unexpected-token", "2:43 unexpected-token", "6:6 unexpected-token"});
}

TEST_CASE("a line that goes on the one before does so with its word misspelt") {
  CHECK(places("fill x.a\n    With y.b usign t\n    Else ask \"q\"\n    whenevr x.c is written\n") ==
        Places{"3:5 unknown-keyword", "3:14 unknown-keyword", "4:5 unknown-keyword", "5:5 unknown-keyword"});
  CHECK(places("field \"A\" a <-> b\n    usng t.x\n") == Places{"3:5 unknown-keyword"});
}

TEST_CASE("a shape whose brace is missing ends before the next") {
  CHECK(places("field \"A\" {\n    either \"x\" {\n        a <-> b\n    or \"y\" {\n        a <-> c\n    }\n}\n") ==
        Places{"3:16 unclosed-block"});
  CHECK(places("field \"A\" {\n    or \"y\" {\n        a <-> c\n    }\n}\n") == Places{"3:5 unexpected-token"});
}

TEST_CASE("nothing is kept of a pair that is not understood, and everything around it") {
  const dsl::SourceFile source("x.map",
                               "map x version 1 syntax 1\nfield \"A\" {\n    a <-> b.\n    c <-> d\n    e f\n}\n");
  std::vector<dsl::Diagnostic> found;
  const auto file = dsl::parse(source, found);
  REQUIRE(found.size() == 2);
  CHECK(source.place(found[0].primary.span.begin).column == 13);
  const auto& field = std::get<dsl::ast::Field>(file.items.front());
  CHECK(field.pairs.size() == 1);
  CHECK(field.broken);
}

TEST_CASE("a word written twice is one mistake, and the item goes on") {
  CHECK(places("field \"A\" a <-> b using using t\n") == Places{"2:25 unexpected-token"});
  CHECK(places("field \"A\" required required a <-> b { unique unique in in both }\n") ==
        Places{"2:20 unexpected-token", "2:46 unexpected-token", "2:56 unexpected-token"});
  CHECK(places("match by by \"A\"\n    else else propose by \"B\"\n") ==
        Places{"2:10 unexpected-token", "3:10 unexpected-token"});
  CHECK(places("field \"A\" required using <-> using\nsetting setting \"S\" text\n").empty());
}

TEST_CASE("signs of other languages are one mistake each") {
  CHECK(places("field \"A\" a[k == x, l = \"y\"].v <-> b\n") == Places{"2:15 unexpected-token"});
  CHECK(places("test \"t\" {\n    given huma { a == 1 }\n    push\n    expect huma.a == 1\n}\n") ==
        Places{"3:20 unexpected-token", "5:19 unexpected-token"});
  CHECK(places("setup (\n    step \"A\"\n    step \"B\"\n)\nfield \"A\" a <-> b\n") == Places{"2:7 unexpected-token"});
  CHECK(places("setup (\n    step \"A\"\n}\nfield \"A\" a <-> b\n") == Places{"2:7 unexpected-token"});
}

TEST_CASE("a shape whose first word is missing or the wrong one is read all the same") {
  CHECK(places("field \"A\" {\n    either \"x\" {\n        a <-> b\n    }\n    \"y\" {\n        a <-> c\n    }\n}\n") ==
        Places{"6:5 unexpected-token"});
  CHECK(places("field \"A\" {\n    either \"x\" {\n        a <-> b\n    }\n    \"y\" {\n        a <-> c\n    }\n"
               "    or \"z\" {\n        a <-> d\n    }\n}\n") == Places{"6:5 unexpected-token"});
  CHECK(places("field \"A\" {\n    \"x\" {\n        a <-> b\n    }\n    or \"y\" {\n        a <-> c\n    }\n}\n") ==
        Places{"3:5 unexpected-token"});
}

TEST_CASE("the occasion of a fill on a line of its own may be misspelt") {
  CHECK(places("fill pay.a\n    with \"x\"\n    on creat\nfield \"A\" a <-> b\n") == Places{"4:8 unknown-keyword"});
  CHECK(places("fill pay.a\n    with \"x\" on create\non deactivate in hr { lock }\n").empty());
}

TEST_CASE("mistakes past a limit are counted, not shown") {
  std::string items;
  for (int i = 0; i < 5000; ++i) items += "junk\n";
  const dsl::SourceFile source("x.map", "map x version 1 syntax 1\n" + items);
  std::vector<dsl::Diagnostic> found;
  (void)dsl::parse(source, found);
  REQUIRE(found.size() == dsl::most_shown);
  CHECK(found.back().left_out == 5000 - dsl::most_shown);
  REQUIRE_FALSE(found.back().notes.empty());
  CHECK(found.back().notes.back() == "3000 more errors are not shown");
}

TEST_CASE("a file of another kind is one mistake") {
  const auto found_in = [](const std::string& text) {
    const dsl::SourceFile source("rules/x.map", text);
    std::vector<dsl::Diagnostic> found;
    (void)dsl::parse(source, found);
    std::vector<std::string> names;
    for (const dsl::Diagnostic& one : found) names.emplace_back(name(one.id));
    return names;
  };
  using Names = std::vector<std::string>;
  CHECK(found_in("{\"version\": 3, \"sources\": []}\n") == Names{"missing-header"});
  CHECK(found_in("name: x\nfields:\n  - a\n  - b\n") == Names{"missing-header"});
  CHECK(found_in("map x version 1 syntax 1\rfield \"A\" a <-> b\r") == Names{"invalid-encoding"});
  CHECK(found_in("map x version 1 syntax 1\nadapter x\nidentity id\nmember id text wire \"id\"\n") ==
        Names{"unexpected-token"});
  CHECK(found_in(std::string("map x version 1 syntax 1\nconflict") + '\0' + "ask\n") == Names{"invalid-encoding"});
}
