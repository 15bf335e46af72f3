// `document … as …`: what a system lists apart from its records.
#include "tests/dsl/check/checked_files.hpp"
#include "tests/places.hpp"

namespace fs = std::filesystem;
using namespace dovetail;

namespace {

const fs::path root = fs::path(DOVETAIL_SOURCE_DIR) / "tests" / "golden" / "documents";

}  // namespace

TEST_CASE("what is wrong with lists apart from the records is said at its place") {
  const test::CheckedFile checked = test::check_file(root, "parts.schema.map");
  test::compare_golden("documents/parts.txt", checked.text());
}

TEST_CASE("what members say of each other is said at its place where it can't be") {
  const test::CheckedFile checked = test::check_file(root, "members.schema.map");
  test::compare_golden("documents/members.txt", checked.text());
}

TEST_CASE("a list apart may go over several lines, and is in the checked schema") {
  const std::string text =
      "schema parts version 1 syntax 1\nadapter memory\nidentity id\ndocument json records \"a/people\"\n"
      "document json records \"a/cards\" as \"/Card\"\n    key \"Id\"\n    of \"Person\"  # its owner\n"
      "    or \"Owner\"\n    chosen by \"CardId\"\nmember id text read only wire \"Id\"\n"
      "object card wire \"Card\" { member number text wire \"Number\" }\n";
  const test::CheckedFile checked = test::check_file(root, "parts.schema.map", &text);
  CHECK(checked.text().empty());
  REQUIRE(checked.result.schema);
  const std::vector<ir::DocumentPart>& parts = checked.result.schema->parts;
  REQUIRE(parts.size() == 1);
  CHECK(parts[0].name() == "cards");
  CHECK(parts[0].as == "Card");
  CHECK(parts[0].key == "Id");
  CHECK(parts[0].of == std::vector<std::string>{"Person", "Owner"});
  CHECK(parts[0].chosen_by == "CardId");
}
