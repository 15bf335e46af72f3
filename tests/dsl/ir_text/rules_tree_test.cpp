#include "dsl/ir_text/rules_tree.hpp"

#include "tests/dsl/rule_files.hpp"

TEST_CASE("the checked rules of every map print as their golden text") {
  for (const char* name : dovetail::test::all_maps) {
    const auto map = dovetail::test::compile_map(name);
    REQUIRE(map->compiled.rules.has_value());
    const std::string text = dovetail::dsl::to_text(dovetail::dsl::rules_tree(map->rules()));
    dovetail::test::compare_golden("ir/" + std::string(name) + ".txt", text);
  }
}

TEST_CASE("the checked rules print as JSON") {
  const auto map = dovetail::test::compile_map("poweroffice");
  REQUIRE(map->compiled.rules.has_value());
  dovetail::test::compare_golden("ir/poweroffice.json",
                                 dovetail::dsl::to_json(dovetail::dsl::rules_tree(map->rules())));
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
