// What the parser says about files with mistakes: each of them once, at the right place; and that it survives any
// bytes.
#include <catch2/catch.hpp>

#include <algorithm>
#include <filesystem>
#include <random>
#include <string>
#include <vector>

#include "dsl/grammar/parse.hpp"
#include "dsl/render/text.hpp"
#include "tests/golden.hpp"
#include "tests/places.hpp"

using namespace dovetail;

namespace {

const std::filesystem::path root(DOVETAIL_SOURCE_DIR);

std::vector<std::filesystem::path> files_below(const std::filesystem::path& folder) {
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    if (entry.path().extension() == ".map") files.push_back(entry.path());
  }
  std::ranges::sort(files);
  return files;
}

std::vector<dsl::Diagnostic> parsed(const dsl::SourceFile& source) {
  std::vector<dsl::Diagnostic> found;
  (void)dsl::parse(source, found);
  return found;
}

// "3:7 unexpected-token"
std::vector<std::string> places(const std::string& text) {
  const dsl::SourceFile source("x.map", text);
  auto found = parsed(source);
  dsl::sort(found);
  std::vector<std::string> places;
  for (const dsl::Diagnostic& one : found) {
    const dsl::Place at = source.place(one.primary.span.begin);
    places.push_back(std::to_string(at.line) + ":" + std::to_string(at.column) + " " + std::string(name(one.id)));
  }
  return places;
}

const std::string header = "map x version 1 syntax 1\n";

using Places = std::vector<std::string>;

}  // namespace

TEST_CASE("files with many mistakes get every message once") {
  // A mistake is marked in the file itself: the golden text stands beside it.
  for (const auto& file : files_below(root / "tests" / "golden" / "parse")) {
    const std::string name = file.stem().string();
    const dsl::SourceFile source(name + ".map", test::read_text(file));
    auto found = parsed(source);
    dsl::sort(found);
    test::compare_golden("parse/" + name + ".txt", dsl::to_text(found));
  }
}

TEST_CASE("the rule files of the tree have no syntax errors") {
  for (const auto& file : files_below(root / "rules")) {
    const dsl::SourceFile source(file.filename().string(), test::read_text(file));
    INFO(file);
    CHECK(dsl::to_text(parsed(source)).empty());
  }
}

TEST_CASE("a block that is never closed is found by the indentation") {
  const std::string inner = header +
                            "group \"A\" {\n"
                            "    field \"B\" {\n"
                            "        a -> b\n"
                            "        max length 3 in x\n"
                            "    field \"C\" c -> d\n"
                            "}\n"
                            "field \"D\" e -> f\n";
  CHECK(places(inner) == Places{"3:15 unclosed-block"});
  const std::string outer = header +
                            "group \"A\" {\n"
                            "    field \"B\" {\n"
                            "        a -> b\n"
                            "    }\n"
                            "field \"D\" e -> f { unique in both }\n"
                            "test \"t\" {\n"
                            "    push\n"
                            "}\n";
  CHECK(places(outer) == Places{"2:11 unclosed-block"});
  const std::string last = header + "values v {\n    a <-> b\n";
  CHECK(places(last) == Places{"2:10 unclosed-block"});
  const std::string brace_of_outer = header +
                                     "group \"A\" {\n"
                                     "    field \"B\" {\n"
                                     "        a -> b\n"
                                     "}\n"
                                     "field \"D\" e -> f\n";
  CHECK(places(brace_of_outer) == Places{"3:15 unclosed-block"});
  const std::string on_one_line = header + "field \"B\" a -> b { unique in both\nfield \"D\" e -> f\n";
  CHECK(places(on_one_line) == Places{"2:18 unclosed-block"});
  const std::string flush = header + "field \"B\" {\na -> b\nunique in both\nfield \"D\" e -> f\n";
  CHECK(places(flush) == Places{"2:11 unclosed-block"});
}

TEST_CASE("every unclosed block is said once, however deep") {
  std::string text = "schema x version 1 syntax 1\n";
  for (int i = 0; i < 10; ++i)
    text += std::string(static_cast<std::size_t>(i) * 4, ' ') + "object o" + std::to_string(i) + " {\n";
  CHECK(places(text).size() == 10);
}

TEST_CASE("a brace too many closes nothing") {
  CHECK(places(header + "values v {\n    a <-> b\n}\n}\nhold\n") ==
        Places{"5:1 unexpected-token", "6:1 unexpected-token"});
}

TEST_CASE("a misspelt word is taken for the one it means") {
  CHECK(places(header + "feild \"A\" requird a <-> b { uniqe in both, max lenght 3 in x }\n") ==
        Places{"2:1 unknown-keyword", "2:11 unknown-keyword", "2:29 unknown-keyword", "2:48 unknown-keyword"});
  CHECK(places(header + "fill x.a wth ask \"q\" sugest setting s on crate\n") ==
        Places{"2:10 unknown-keyword", "2:22 unknown-keyword", "2:42 unknown-keyword"});
}

TEST_CASE("pasted characters are found, and taken for what they look like") {
  CHECK(places(header + "field “A”\u00A0a \u2192 b\n") ==
        Places{"2:7 lookalike-characters", "2:10 lookalike-characters", "2:13 lookalike-characters"});
  CHECK(places(header + "field \"A\" a <\u2013> b\n") == Places{"2:13 lookalike-characters"});
  CHECK(places(header + "field \"A\" \u0430ddress <-> b\n") == Places{"2:11 lookalike-characters"});
}

TEST_CASE("line breaks, tabs and a byte order mark are as any editor leaves them") {
  std::string text = "\xEF\xBB\xBF" + header + "\tfield \"A\"\ta <-> b {\r\n\t\tunique in both\r\n\t}\r\n";
  CHECK(places(text).empty());
}

TEST_CASE("an item goes on where the language says so, and only there") {
  CHECK(places(header + "field \"A\" a\n\n  # here it goes on\n  <-> b using t.u\n via trim\n").empty());
  CHECK(places(header + "field \"A\" a <->\n b {\n unique in both, max length 3 in x }\n").empty());
  CHECK(places(header + "field \"A\" (a,\n b) <-> c[d = 1,\n e = \"f\"].g\n").empty());
  CHECK(places(header + "field \"A\" a <-> b\nwhen setting s\n") == Places{"3:1 unknown-keyword"});
  CHECK(places(header + "field \"A\" a <-> b\n{\n unique in both }\n") == Places{"3:1 unexpected-token"});
}

TEST_CASE("a word of the language is a name only in backticks") {
  CHECK(places(header + "field \"A\" {\n unique <-> b\n}\n") == Places{"3:2 reserved-name"});
  CHECK(places(header + "field \"A\" {\n `unique` <-> b\n}\n").empty());
  CHECK(places(header + "hub both \"B\" from \"b.map\"\n") == Places{"2:5 reserved-name"});
}

TEST_CASE("a text that is not closed ends where its line makes sense again") {
  CHECK(places(header + "field \"A  required a <-> b { unique in both }\n") == Places{"2:7 unterminated-string"});
  CHECK(places(header + "setup {\n step \"A\n step \"B\"\n}\n") == Places{"3:7 unterminated-string"});
  CHECK(places(header + "test \"t\" {\n given x { a = \"b }\n push\n}\n") == Places{"3:16 unterminated-string"});
}

TEST_CASE("blocks in blocks have a limit") {
  std::string text = "schema x version 1 syntax 1\n";
  for (int i = 0; i < 50000; ++i) text += "object o {\n";
  for (int i = 0; i < 50000; ++i) text += "}\n";
  CHECK(places(text) == Places{"18:10 nesting-too-deep"});
}

TEST_CASE("a file in another encoding is said once") {
  CHECK(places(header + "section \"F\xF8"
                        "dsel\" \"\xE5\"\n") == Places{"2:11 invalid-encoding"});
  CHECK(places(std::string("\xFF\xFE"
                           "m\0a\0p\0",
                           8)) == Places{"1:1 invalid-encoding"});
}

TEST_CASE("without a header a file is read all the same") {
  CHECK(places("field \"A\" a <-> b\nfeild \"B\" c <-> d\n") == Places{"1:1 missing-header", "2:1 unknown-keyword"});
  CHECK(places("") == Places{"1:1 missing-header"});
  CHECK(places("map x version 1 syntax 2\nfoo bar\n") == Places{"1:24 unsupported-syntax"});
}

TEST_CASE("however a rule file is broken, the parser ends, and every message has its place in the file") {
  std::mt19937 random(20260301);
  const auto pick = [&](std::size_t count) { return std::uniform_int_distribution<std::size_t>(0, count - 1)(random); };
  for (const auto& file : files_below(root / "rules")) {
    const std::string whole = test::read_text(file);
    for (int round = 0; round < 60; ++round) {
      std::string text = whole;
      for (std::size_t change = pick(6) + 1; change > 0 && !text.empty(); --change) {
        const std::size_t at = pick(text.size());
        switch (pick(5)) {
          case 0:
            text.erase(at, pick(30));
            break;
          case 1:
            text.insert(at, whole.substr(pick(whole.size()), pick(40)));
            break;
          case 2:
            text.resize(at);
            break;
          case 3:
            text.insert(at, 1, "{}()[]\"#,\n<->`=\\\t\xC3"[pick(18)]);
            break;
          default:
            text[at] = static_cast<char>(pick(256));
        }
      }
      const dsl::SourceFile source("x.map", text);
      for (const dsl::Diagnostic& one : parsed(source)) {
        REQUIRE(one.primary.span.begin <= one.primary.span.end);
        REQUIRE(one.primary.span.end <= text.size());
        for (const dsl::Label& label : one.labels) REQUIRE(label.span.end <= text.size());
        REQUIRE(!dsl::to_text(one).empty());
      }
    }
  }
}
