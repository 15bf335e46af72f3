// XML exports that hold what belongs to the records of another: joined when they are read, written each to its own.
#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>

#include "providers/file/export_file.hpp"
#include "tests/dsl/rule_files.hpp"

using namespace dovetail;
using namespace dovetail::providers;
using namespace dovetail::test;

namespace {

namespace fs = std::filesystem;

constexpr const char* hub_schema = R"(schema hub version 1 syntax 1
adapter memory
identity id
member id   text  read only  wire "id"
member mail email unique     wire "mail"
)";
constexpr const char* pay_schema = R"(schema pay version 1 syntax 1
adapter memory
identity no
document xml records "employee"
document xml records "period" as "periods/period" of "employeeno"
omitted is unset
member no   integer  read only     wire "no"
member mail email unique  required on create  wire "mail"
list periods key key ordered by start wire "periods/period" {
    member key   integer read only  wire "@key"
    member start date required on create  wire "from"
    member title text               wire "title"
}
)";
constexpr const char* map_text = R"(map main version 1 syntax 1
hub hub "Hub" from "hub.schema.map"
provider pay "Pay" from "pay.schema.map"
match by "Mail"
on deactivate in hub { stay in pay, lock }
field "Mail" required mail <-> mail { unique in both }
)";

class Folder {
 public:
  Folder() {
    std::string name = (fs::temp_directory_path() / "dovetail-XXXXXX").string();
    path = ::mkdtemp(name.data());
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  ~Folder() { fs::remove_all(path); }
  std::string write(const std::string& name, const std::string& text) const {
    std::ofstream(path / name, std::ios::binary) << text;
    return (path / name).string();
  }

  fs::path path;
};

}  // namespace

TEST_CASE("the elements of XML records may stand in an export of their own") {
  const auto map =
      compile_files({{"main.map", map_text}, {"hub.schema.map", hub_schema}, {"pay.schema.map", pay_schema}});
  REQUIRE(map->compiled.rules);
  const ir::Schema& schema = map->rules().schema(ir::Side::provider);
  const CheckContext context{.tables = &reference_tables(), .today = std::nullopt, .region = {}, .test_system = true};
  const Folder folder;
  const std::string people =
      "<all><employee><no>1</no><mail>a@example.com</mail></employee>\n"
      "<employee><no>2</no><mail>b@example.com</mail></employee></all>\n";
  const std::string first = folder.write("people.xml", people);
  const std::string second = folder.write("periods.xml",
                                          "<periods><period key=\"6\"><employeeno>2</employeeno><from>2021-01-01</from>"
                                          "<title>Cook</title></period>\n"
                                          "<period key=\"5\"><employeeno>1</employeeno><from>2020-01-01</from></period>"
                                          "</periods>\n");
  for (const std::vector<std::string>& places : {std::vector{first, second}, std::vector{second, first}}) {
    auto opened = ExportFile::open(places, schema, context);
    INFO((opened ? "" : opened.error().what));
    REQUIRE(opened);
    Snapshot snapshot(ir::Layout::whole(schema));
    REQUIRE((*opened)->list(snapshot));
    REQUIRE(snapshot.size() == 2);
    for (RecordIndex record = 0; record < 2; ++record) {
      const Snapshot::List list = snapshot.list(record, 0);
      REQUIRE(list.count == 1);
      const ir::SlotId start = snapshot.layout().slot(schema.id(*schema.find("periods[].start")));
      const bool is_first = snapshot.at(record, snapshot.layout().slot(schema.identity)).text == "1";
      CHECK(snapshot.element(0, list.first, start).text == (is_first ? "2020-01-01" : "2021-01-01"));
    }
  }
  auto opened = ExportFile::open({first, second}, schema, context);
  REQUIRE(opened);
  const auto change = [&](const char* path, std::string value, std::string element) {
    return Change{.member = schema.id(*schema.find(path)),
                  .element = std::move(element),
                  .clear = false,
                  .value = std::move(value),
                  .previous = {}};
  };
  REQUIRE(
      (*opened)->update("1", {change("periods[].title", "Clerk", "5"), change("periods[].start", "2024-01-01", "+1")}));
  StagedFiles files;
  REQUIRE((*opened)->stage(files, std::nullopt));
  REQUIRE(files.commit());
  CHECK(read_file(first).value() == people);
  const std::string periods = read_file(second).value();
  CHECK_THAT(periods, Catch::Contains("<from>2020-01-01</from><title>Clerk</title>"));
  CHECK_THAT(periods, Catch::Contains("key=\"7\"") && Catch::Contains("<employeeno>1</employeeno>") &&
                          Catch::Contains("<from>2024-01-01</from>"));
  CHECK_THAT(periods, Catch::Contains("<employeeno>2</employeeno><from>2021-01-01</from><title>Cook</title></period>"));
}
