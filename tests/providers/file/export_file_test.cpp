#include "providers/file/export_file.hpp"

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>

#include "tests/providers/small_schema.hpp"

using namespace dovetail;
using namespace dovetail::providers;

namespace {

namespace fs = std::filesystem;

// A folder of its own for each test, gone afterwards.
class Folder {
 public:
  Folder() {
    std::string name = (fs::temp_directory_path() / "dovetail-XXXXXX").string();
    path_ = ::mkdtemp(name.data());
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  ~Folder() { fs::remove_all(path_); }

  fs::path write(const std::string& name, const std::string& text) const {
    std::ofstream(path_ / name, std::ios::binary) << text;
    return path_ / name;
  }
  std::string read(const std::string& name) const { return read_file(path_ / name).value(); }
  const fs::path& path() const { return path_; }

 private:
  fs::path path_;
};

std::string refusal(const fs::path& file, const ir::Schema& schema) {
  const auto opened = ExportFile::open(file, schema, {});
  return opened ? "accepted" : opened.error().what;
}

Change set(const ir::Schema& schema, const char* path, std::string text, std::string element = {}) {
  return {.member = schema.id(*schema.find(path)),
          .element = std::move(element),
          .clear = false,
          .value = std::move(text),
          .previous = {}};
}

const std::string two =
    "{\n  \"items\": [\n    {\"id\": \"a\", \"email\": {\"value\": \"a@example.com\"}},\n"
    "    {\"id\": \"b\"}\n  ]\n}\n";

}  // namespace

TEST_CASE("a file that is not there, or empty, is named") {
  const Folder folder;
  const ir::Schema schema = test::wrapped_json_schema();
  CHECK_THAT(refusal(folder.path() / "none.json", schema), Catch::EndsWith("cannot open: No such file or directory"));
  CHECK_THAT(refusal(folder.path(), schema), Catch::EndsWith("cannot read: Is a directory"));
  CHECK_THAT(refusal(folder.write("empty.json", " \n"), schema), Catch::EndsWith("empty.json: the file is empty"));
}

TEST_CASE("a file that somebody else changes between reading and writing is not overwritten") {
  const Folder folder;
  const ir::Schema schema = test::wrapped_json_schema();
  const std::string lines = "{\"id\": \"a\"}\n{\"id\": \"b\"}\n";
  for (const auto& [name, text] : {std::pair<std::string, std::string>{"x.json", two}, {"x.ndjson", lines}}) {
    INFO(name);
    const fs::path file = folder.write(name, text);
    const auto opened = ExportFile::open(file, schema, {});
    REQUIRE(opened);
    Snapshot seen(ir::Layout::whole(schema));
    REQUIRE((*opened)->list(seen));
    const std::string theirs = text + "\n";
    folder.write(name, theirs);
    const auto updated = (*opened)->update("a", {set(schema, "email", "new@example.com")});
    StagedFiles files;
    const Result<void> staged = updated ? (*opened)->stage(files, std::nullopt) : std::unexpected(updated.error());
    REQUIRE_FALSE(staged);
    CHECK_THAT(staged.error().what, Catch::Contains(name + ": was changed by somebody else since it was read"));
    CHECK(folder.read(name) == theirs);
  }
}

TEST_CASE("records need an id, and one of their own") {
  const Folder folder;
  const ir::Schema schema = test::wrapped_json_schema();
  CHECK_THAT(refusal(folder.write("x.json", "{\"items\":[{\"email\":{}}]}"), schema),
             Catch::EndsWith("x.json:1:11: a record without `id`"));
  const fs::path doubled = folder.write("y.json", "{\"items\":[{\"id\":\"1\"},\n{\"id\":1}]}");
  CHECK(refusal(doubled, schema) ==
        doubled.string() + ":2:1: a second record with the id 1; the first is at " + doubled.string() + ":1:11");
}

TEST_CASE("a record is found or absent by its id") {
  const Folder folder;
  const ir::Schema schema = test::wrapped_json_schema();
  const auto file = ExportFile::open(folder.write("x.json", two), schema, {}).value();
  Snapshot one(ir::Layout::whole(schema));
  CHECK(file->get("a", one).value());
  CHECK_FALSE(file->get("c", one).value());
  CHECK(one.size() == 1);
}

TEST_CASE("nothing is on disk before the files are committed") {
  const Folder folder;
  const ir::Schema schema = test::wrapped_json_schema();
  const auto file = ExportFile::open(folder.write("x.json", two), schema, {}).value();
  REQUIRE(file->update("b", {set(schema, "email", "b@example.com")}));
  {
    StagedFiles files;
    REQUIRE(file->stage(files, std::nullopt));
    CHECK(folder.read("x.json") == two);
  }
  CHECK(folder.read("x.json") == two);
  CHECK(std::distance(fs::directory_iterator(folder.path()), fs::directory_iterator()) == 1);
  StagedFiles files;
  REQUIRE(file->stage(files, std::nullopt));
  REQUIRE(files.commit());
  CHECK_THAT(folder.read("x.json"), Catch::Contains("b@example.com"));
  CHECK(std::distance(fs::directory_iterator(folder.path()), fs::directory_iterator()) == 1);
}

TEST_CASE("an export may be written to another place, and the one that was read stays") {
  const Folder folder;
  const ir::Schema schema = test::wrapped_json_schema();
  const auto file = ExportFile::open(folder.write("x.json", two), schema, {}).value();
  REQUIRE(file->update("b", {set(schema, "email", "b@example.com")}));
  StagedFiles files;
  REQUIRE(file->stage(files, folder.path() / "out.json"));
  REQUIRE(files.commit());
  CHECK(folder.read("x.json") == two);
  CHECK_THAT(folder.read("out.json"), Catch::Contains("b@example.com"));
}

TEST_CASE("a created record has an id, is active, and reads back") {
  const Folder folder;
  const ir::Schema schema = test::wrapped_json_schema();
  const auto file = ExportFile::open(folder.write("x.json", two), schema, {}).value();
  const auto created =
      file->create({set(schema, "email", "c@example.com"), set(schema, "positions[].title", "Cook", "+1")}, "ref");
  REQUIRE(created);
  Snapshot one(ir::Layout::whole(schema));
  REQUIRE(file->get(*created->id, one).value());
  const auto seen = [&](const char* path) {
    return Value::of(one.at(0, one.layout().slot(schema.id(*schema.find(path)))));
  };
  CHECK(seen("isActive").text == "true");
  CHECK(seen("email").text == "c@example.com");
  CHECK(seen("birthDate").state == State::unset);
  CHECK(one.list(0, 0).count == 1);
}

TEST_CASE("ids of new records follow the numbers that are there") {
  const Folder folder;
  const ir::Schema schema = test::xml_schema();
  const std::string employee =
      "<employee><employeebaseinformation><netvisorkey>41</netvisorkey></employeebaseinformation></employee>";
  const auto file = ExportFile::open(folder.write("x.xml", "<Root>" + employee + "</Root>"), schema, {}).value();
  CHECK(file->create({set(schema, "base.firstname", "Aino")}, "ref")->id == "42");
  CHECK(file->create({set(schema, "base.firstname", "Eero")}, "ref2")->id == "43");
}

TEST_CASE("a folder of XML documents is one export") {
  const Folder folder;
  const ir::Schema schema = test::xml_schema();
  const auto employee = [](const std::string& key) {
    return "<Root><employee><employeebaseinformation><netvisorkey>" + key +
           "</netvisorkey></employeebaseinformation></employee></Root>";
  };
  folder.write("1.xml", employee("1"));
  folder.write("2.xml", employee("2"));
  folder.write("notes.txt", "not an export");
  const auto file = ExportFile::open(folder.path(), schema, {}).value();
  CHECK(file->size() == 2);
  REQUIRE(file->update("2", {set(schema, "base.firstname", "Aino")}));
  StagedFiles files;
  REQUIRE(file->stage(files, std::nullopt));
  REQUIRE(files.commit());
  CHECK(folder.read("1.xml") == employee("1"));
  CHECK_THAT(folder.read("2.xml"), Catch::Contains("<firstname>Aino</firstname>"));
}

TEST_CASE("a folder without XML documents is refused") {
  const Folder folder;
  CHECK_THAT(refusal(folder.path(), test::xml_schema()), Catch::EndsWith("no .xml file in this folder"));
}

TEST_CASE("a record a line is read and written back line by line") {
  const Folder folder;
  const ir::Schema schema = test::wrapped_json_schema();
  const std::string lines = "{\"id\":\"a\",  \"more\":[1.0]}\n{\"id\":\"b\"}\n";
  const auto file = ExportFile::open(folder.write("x.ndjson", lines), schema, {}).value();
  REQUIRE(file->update("b", {set(schema, "email", "b@example.com")}));
  StagedFiles files;
  REQUIRE(file->stage(files, std::nullopt));
  REQUIRE(files.commit());
  CHECK(folder.read("x.ndjson") ==
        "{\"id\":\"a\",  \"more\":[1.0]}\n{\"id\":\"b\",\"email\":{\"value\":\"b@example.com\"}}\n");
}
