#include "providers/file/export_file.hpp"

#include <fmt/format.h>

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
  CHECK_THAT(refusal(folder.path(), schema), Catch::EndsWith("no .json or .ndjson file in this folder"));
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

namespace {

// Records and their elements have ids of that type.
ir::Schema schema_with_ids(const std::string& type) {
  test::SchemaBuilder b;
  b.schema.name = "payroll";
  b.schema.document = ir::DocumentFormat::json;
  b.schema.records = "items";
  b.schema.identity = b.scalar("id", "Id", ir::no_member, type);
  b.scalar("name", "Name");
  const ir::MemberId jobs = b.list("jobs", "Jobs");
  b.schema.members[jobs].key = b.scalar("no", "No", jobs, type);
  b.scalar("title", "Title", jobs);
  return b.schema;
}

// Two people, each with two elements, made in an export that holds nobody; the export as it is written.
std::string filled(const Folder& folder, const ir::Schema& schema) {
  const auto file = ExportFile::open(folder.write("x.json", "{\"items\":[]}"), schema, {}).value();
  for (const char* name : {"Aino", "Eero"}) {
    const auto created = file->create({set(schema, "name", name), set(schema, "jobs[].title", "Cook", "+1"),
                                       set(schema, "jobs[].title", "Baker", "+2")},
                                      name);
    REQUIRE(created);
    for (const ChangeOutcome& outcome : created->outcomes) CHECK(outcome.kind == ChangeOutcome::Kind::done);
  }
  StagedFiles files;
  REQUIRE(file->stage(files, std::nullopt));
  REQUIRE(files.commit());
  return folder.read("x.json");
}

}  // namespace

TEST_CASE("what a new element has no value for is read as unset, so that it can be written later") {
  const Folder folder;
  test::SchemaBuilder b;
  b.schema = schema_with_ids("text");
  const ir::MemberId grade = b.scalar("grade", "Grade", b.schema.id(*b.schema.find("jobs")));
  const ir::MemberId end = b.scalar("end", "End/value", b.schema.id(*b.schema.find("jobs")));
  for (const bool omitted_is_unset : {false, true}) {
    b.schema.omitted_is_unset = omitted_is_unset;
    const fs::path path = folder.write("x.json", R"({"items":[{"Id":"7","Jobs":[]}]})");
    const auto file = ExportFile::open(path, b.schema, {}).value();
    REQUIRE(file->update("7", {set(b.schema, "jobs[].title", "Cook", "+1")})->front().kind ==
            ChangeOutcome::Kind::done);
    Snapshot all(ir::Layout::whole(b.schema));
    REQUIRE(file->list(all));
    REQUIRE(all.list(0, 0).count == 1);
    CHECK(all.element(0, all.list(0, 0).first, all.layout().slot(grade)).state == State::unset);
    CHECK(all.element(0, all.list(0, 0).first, all.layout().slot(end)).state == State::unset);
  }
}

TEST_CASE("ids in an export that holds none yet are of the schema's type, and are read again") {
  const Folder folder;
  const ir::Schema numbers = schema_with_ids("integer");
  CHECK(filled(folder, numbers) ==
        R"({"items":[{"Id":1,"Name":"Aino","Jobs":[{"No":1,"Title":"Cook"},{"No":2,"Title":"Baker"}]},)"
        R"({"Id":2,"Name":"Eero","Jobs":[{"No":3,"Title":"Cook"},{"No":4,"Title":"Baker"}]}]})");
  const ir::Schema texts = schema_with_ids("text");
  filled(folder, texts);
  Snapshot all(ir::Layout::whole(texts));
  REQUIRE(ExportFile::open(folder.path() / "x.json", texts, {}).value()->list(all));
  REQUIRE(all.size() == 2);
  for (const RecordIndex record : {0U, 1U}) {
    CHECK(all.at(record, all.layout().slot(texts.identity)).text.size() == 36);
    CHECK(all.list(record, 0).count == 2);
  }
  ir::Schema short_texts = texts;
  short_texts.members[short_texts.identity].max_length = 10;
  CHECK_THAT(filled(folder, short_texts), Catch::Contains(R"("Id":"1")") && Catch::Contains(R"("Id":"2")"));
}

TEST_CASE("a record that is written with an id has that one") {
  struct Written {
    std::string file, text;
    ir::Schema schema;
    const char *id, *name;
  };
  const std::string xml =
      "<Root><employee><employeebaseinformation><netvisorkey>41</netvisorkey></employeebaseinformation></employee>"
      "</Root>";
  const std::vector<Written> all = {{"x.json", R"({"items":[{"Id":41}]})", schema_with_ids("integer"), "id", "name"},
                                    {"texts.json", R"({"items":[{"Id":"K6"}]})", schema_with_ids("text"), "id", "name"},
                                    {"x.ndjson", "{\"Id\":41}\n", schema_with_ids("integer"), "id", "name"},
                                    {"x.xml", xml, test::xml_schema(), "base.netvisorkey", "base.firstname"}};
  for (const Written& one : all) {
    INFO(one.file);
    const Folder folder;
    const fs::path path = folder.write(one.file, one.text);
    const auto file = ExportFile::open(path, one.schema, {}).value();
    const auto named = [&](const char* name, const char* id) {
      return std::vector<Change>{set(one.schema, one.name, name), set(one.schema, one.id, id)};
    };
    // Each has the id that the first free number would be, were it not given to the other.
    const auto aino = file->create(named("Aino", "43"), "a");
    REQUIRE(aino);
    CHECK(aino->id == "43");
    for (const ChangeOutcome& outcome : aino->outcomes) CHECK(outcome.kind == ChangeOutcome::Kind::done);
    CHECK(file->create(named("Eero", "42"), "b")->id == "42");
    if (one.file != "texts.json") CHECK(file->create({set(one.schema, one.name, "Liv")}, "c")->id == "44");
    REQUIRE(file->update("43", {set(one.schema, one.name, "Aina")}));

    const auto again = file->create(named("Olli", "42"), "d");
    REQUIRE_FALSE(again);
    CHECK(again.error().kind == Error::Kind::data);
    CHECK(again.error().field.empty());
    CHECK_THAT(again.error().what,
               Catch::EndsWith(
                   fmt::format("{}: the new record is to have the `{}` 42, and that is another's", one.file, one.id)));
    StagedFiles files;
    REQUIRE(file->stage(files, std::nullopt));
    REQUIRE(files.commit());
    const auto written = ExportFile::open(path, one.schema, {}).value();
    Snapshot read(ir::Layout::whole(one.schema));
    REQUIRE(written->get("43", read).value());
    CHECK(read.at(0, read.layout().slot(one.schema.id(*one.schema.find(one.name)))).text == "Aina");
    CHECK_THAT(folder.read(one.file), !Catch::Contains("Olli"));
  }
}

TEST_CASE("a new record is not written with an id that could not be read again") {
  const Folder folder;
  const ir::Schema schema = schema_with_ids("integer");
  const std::string text = R"({"items":[{"Id":41}]})";
  const auto file = ExportFile::open(folder.write("x.json", text), schema, {}).value();
  const auto created = file->create({set(schema, "name", "Aino"), set(schema, "id", "K6")}, "a");
  REQUIRE_FALSE(created);
  CHECK(created.error().kind == Error::Kind::data);
  CHECK_THAT(created.error().what, Catch::EndsWith("x.json: `id` takes no \"K6\""));
  StagedFiles files;
  REQUIRE(file->stage(files, std::nullopt));
  REQUIRE(files.commit());
  CHECK(folder.read("x.json") == text);
}

TEST_CASE("the id of a record that is there does not change") {
  const Folder folder;
  const ir::Schema schema = schema_with_ids("integer");
  const fs::path path = folder.write("x.json", R"({"items":[{"Id":41}]})");
  const auto file = ExportFile::open(path, schema, {}).value();
  const auto outcomes = file->update("41", {set(schema, "name", "Aino"), set(schema, "id", "42")});
  REQUIRE(outcomes);
  CHECK(outcomes->front().kind == ChangeOutcome::Kind::done);
  CHECK(outcomes->back().kind == ChangeOutcome::Kind::refused);
  CHECK_THAT(outcomes->back().reason, Catch::EndsWith("`id` says which record this is, and stays 41"));
  CHECK(file->update("41", {set(schema, "id", "41")})->front().kind == ChangeOutcome::Kind::done);
}

TEST_CASE("an id that is not of its type is shown") {
  const Folder folder;
  CHECK_THAT(refusal(folder.write("x.json", R"({"items":[{"Id":"08ba-1"}]})"), schema_with_ids("integer")),
             Catch::EndsWith("x.json:1:11: `id` of this record is \"08ba-1\", which cannot be read as integer"));
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
  folder.write("._2.xml", "another program's");
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

TEST_CASE("an export of a system that speaks XML may have a record of JSON a line") {
  const Folder folder;
  const ir::Schema schema = test::xml_schema();
  const std::string first = R"({"employeebaseinformation":{"netvisorkey":"1","employeenumber":"7"},)";
  // The list itself, or in the element around it, as XML has it.
  const std::string lines = first + R"("employmentperiods":[{"netvisorkey":"5","startdate":"2024-01-01"}]})" + "\n" +
                            R"({"employeebaseinformation":{"netvisorkey":"2"},)" +
                            R"("employmentperiods":{"employmentperiod":[{"netvisorkey":"6","profession":"Cook"}]}})" +
                            "\n";
  const auto file = ExportFile::open(folder.write("x.ndjson", lines), schema, {}).value();
  Snapshot all(ir::Layout::whole(schema));
  REQUIRE(file->list(all));
  REQUIRE(all.size() == 2);
  const auto at = [&](const char* path) { return all.layout().slot(schema.id(*schema.find(path))); };
  CHECK(all.at(0, at("payroll.number")).text == "7");
  CHECK(all.element(0, all.list(0, 0).first, at("periods[].startdate")).text == "2024-01-01");
  CHECK(all.element(0, all.list(1, 0).first, at("periods[].employmentperiod.profession")).text == "Cook");

  REQUIRE(file->update(
      "1", {set(schema, "base.firstname", "Aino"), set(schema, "periods[].startdate", "2025-01-01", "+1")}));
  StagedFiles files;
  REQUIRE(file->stage(files, std::nullopt));
  REQUIRE(files.commit());
  CHECK_THAT(
      folder.read("x.ndjson"),
      Catch::StartsWith(R"({"employeebaseinformation":{"netvisorkey":"1","firstname":"Aino","employeenumber":"7"},)"
                        R"("employmentperiods":[{"netvisorkey":"5","startdate":"2024-01-01"},)"
                        R"({"netvisorkey":"7","startdate":"2025-01-01","profession":null,"enddate":null}]})"));
}
