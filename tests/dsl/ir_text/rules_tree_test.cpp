#include "dsl/ir_text/rules_tree.hpp"

#include "tests/dsl/check/checked_files.hpp"
#include "tests/places.hpp"

namespace {

const std::filesystem::path root = std::filesystem::path(DOVETAIL_SOURCE_DIR) / "tests" / "golden" / "check";

}  // namespace

TEST_CASE("the checked rules of a map with every construct print as their golden text and JSON") {
  const auto checked = dovetail::test::check_file(root, "whole/whole.map");
  CHECK(checked.text().empty());
  REQUIRE(checked.result.rules.has_value());
  const dovetail::dsl::Tree tree = dovetail::dsl::rules_tree(*checked.result.rules);
  dovetail::test::compare_golden("check/whole/rules.txt", dovetail::dsl::to_text(tree));
  dovetail::test::compare_golden("check/whole/rules.json", dovetail::dsl::to_json(tree));
}

TEST_CASE("texts that could be read as something else stand in quotes") {
  dovetail::dsl::Tree tree;
  tree.add("plain", "a path.of[x = y]");
  tree.add("quoted", "two\nlines, \"and\" more");
  tree.add("nothing", "");
  CHECK(dovetail::dsl::to_text(tree) == "plain: a path.of[x = y]\nquoted: \"two\\nlines, \\\"and\\\" more\"\n");
  CHECK(dovetail::dsl::to_json(tree) ==
        "{\n  \"plain\": \"a path.of[x = y]\",\n  \"quoted\": \"two\\nlines, \\\"and\\\" more\"\n}\n");
}
