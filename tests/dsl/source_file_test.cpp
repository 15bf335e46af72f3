#include "dsl/syntax/source_file.hpp"

#include <catch2/catch.hpp>

using dovetail::dsl::SourceFile;

TEST_CASE("columns count characters, not bytes") {
  const SourceFile file("a.map", "field \"Fødselsdato\" x\r\nnext");
  CHECK(file.place(21).line == 1);
  CHECK(file.place(21).column == 21);
  CHECK(file.place(24).line == 2);
  CHECK(file.place(24).column == 1);
  CHECK(file.line(1) == "field \"Fødselsdato\" x");
  CHECK(file.line(2) == "next");
}

TEST_CASE("a place past the end is after the last character") {
  const SourceFile file("a.map", "ab\n");
  CHECK(file.place(100).line == 2);
  CHECK(file.place(100).column == 1);
}

TEST_CASE("every offset is found again from its place") {
  const SourceFile file("a.map", "field \"Fødselsdato\" x\n\nnæste");
  for (dovetail::dsl::Offset offset = 0; offset <= file.text().size(); ++offset) {
    const bool inside_character =
        offset < file.text().size() && (static_cast<unsigned char>(file.text()[offset]) & 0xC0U) == 0x80U;
    if (!inside_character) CHECK(file.offset(file.place(offset)) == offset);
  }
  CHECK(file.offset({1, 99}) == 22);
  CHECK(file.offset({99, 1}) == file.text().size());
}
