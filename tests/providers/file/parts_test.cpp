// Exports that a system lists apart from its records: joined when they are read, and each written to its own file.
#include <algorithm>
#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "providers/file/export_file.hpp"
#include "tests/dsl/rule_files.hpp"

using namespace dovetail;
using namespace dovetail::providers;
using namespace dovetail::test;
using Json = nlohmann::json;

namespace {

namespace fs = std::filesystem;

// Exports of one system in a folder of their own, gone afterwards.
class Exports {
 public:
  explicit Exports(const char* map) : map_(compile_map(map)) {
    std::string name = (fs::temp_directory_path() / "dovetail-XXXXXX").string();
    folder = ::mkdtemp(name.data());
  }
  Exports(const Exports&) = delete;
  Exports& operator=(const Exports&) = delete;
  ~Exports() { fs::remove_all(folder); }

  void write(const std::string& name, const std::string& text) const {
    std::ofstream(folder / name, std::ios::binary) << text;
  }
  std::string read(const std::string& name) const { return read_file(folder / name).value(); }
  Json json(const std::string& name) const { return Json::parse(read(name)); }

  Result<std::unique_ptr<ExportFile>> open(const std::vector<std::string>& names) const {
    std::vector<std::string> places;
    for (const std::string& name : names) {
      const std::size_t equals = name.find('=') + 1;
      places.push_back(name.substr(0, equals) + (folder / name.substr(equals)).string());
    }
    return ExportFile::open(places, schema(), context);
  }
  std::string refusal(const std::vector<std::string>& names) const {
    const auto opened = open(names);
    std::string what = opened ? "accepted" : opened.error().what;
    for (std::size_t at = 0; (at = what.find(folder.string() + "/")) != what.npos;)
      what.erase(at, folder.string().size() + 1);
    return what;
  }
  const ir::Schema& schema() const { return map_->rules().schema(ir::Side::provider); }

  // What a file lists, as texts: "FirstName", "unset", "absent".
  struct Listed {
    Snapshot snapshot;
    Completeness completeness;
    const ir::Schema& schema;
    std::string at(const std::string& id, const char* path) const {
      const ir::Layout& layout = snapshot.layout();
      for (RecordIndex record = 0; record < snapshot.size(); ++record) {
        if (snapshot.at(record, layout.slot(schema.identity)).text != id) continue;
        const Observation seen = snapshot.at(record, layout.slot(schema.id(*schema.find(path))));
        return seen.state == State::value ? std::string(seen.text) : std::string(name(seen.state));
      }
      return "nobody";
    }
    std::string periods(const std::string& id) const {
      const ir::Layout& layout = snapshot.layout();
      const ir::SlotId start = layout.slot(schema.id(*schema.find("employments[].startdate")));
      for (RecordIndex record = 0; record < snapshot.size(); ++record) {
        if (snapshot.at(record, layout.slot(schema.identity)).text != id) continue;
        const Snapshot::List list = snapshot.list(record, 0);
        std::string all = list.state == State::value ? "" : "absent";
        for (ElementIndex i = list.first; i < list.first + list.count; ++i)
          all += std::string(snapshot.element(0, i, start).text) + " ";
        return all;
      }
      return "nobody";
    }
    std::string notes() const {
      std::string all;
      for (const std::string& note : completeness.notes) all += note + "\n";
      return all;
    }
  };
  Listed list(const std::vector<std::string>& names) const {
    const auto opened = open(names);
    INFO((opened ? "" : opened.error().what));
    REQUIRE(opened);
    Snapshot snapshot(ir::Layout::whole(schema()));
    const Result<Completeness> completeness = (*opened)->list(snapshot);
    REQUIRE(completeness);
    return {std::move(snapshot), *completeness, schema()};
  }
  void commit(const ExportFile& file) const {
    StagedFiles files;
    REQUIRE(file.stage(files, std::nullopt));
    REQUIRE(files.commit());
  }
  Change set(const char* path, std::string text, std::string element = {}) const {
    return {.member = schema().id(*schema().find(path)),
            .element = std::move(element),
            .clear = false,
            .value = std::move(text),
            .previous = {}};
  }

  fs::path folder;
  const CheckContext context{.tables = &reference_tables(), .today = std::nullopt, .region = {}, .test_system = true};

 private:
  decltype(compile_map("")) map_;
};

// Two people; the second has no address, and an account that is not the salary's.
void write_poweroffice(const Exports& exports) {
  exports.write("employees.json", R"([
  {"Id": 1, "FirstName": "Kari", "EmailAddress": "kari@example.com", "SalaryBankAccountId": 91},
  {"Id": 2, "FirstName": "Per", "EmailAddress": "per@example.com", "SalaryBankAccountId": null}
])");
  exports.write("addresses.json", R"([
  {"Id": 501, "ContactId": 1, "AddressLine1": "Gata 1", "AddressLine2": null, "ZipCode": "0155", "City": "Oslo",
   "CountryCode": "NO"}
])");
  exports.write("accounts.json", R"([
  {"Id": 90, "ContactId": 1, "BankAccountNumber": "86011117947", "BicSwift": null},
  {"Id": 91, "ContactId": 1, "BankAccountNumber": "86012714310", "BicSwift": null},
  {"Id": 92, "ContactId": 2, "BankAccountNumber": "86016601383", "BicSwift": null}
])");
}

const std::vector<std::string> three = {"employees.json", "addresses.json", "accounts.json"};

}  // namespace

TEST_CASE("what a system lists apart from its people is joined to them, in any order of the files") {
  const Exports exports("poweroffice_go");
  write_poweroffice(exports);
  for (const std::vector<std::string>& names :
       {three, std::vector<std::string>{"accounts.json", "addresses.json", "employees.json"}}) {
    const auto listed = exports.list(names);
    CHECK(listed.notes().empty());
    CHECK(listed.completeness.complete);
    CHECK(listed.at("1", "mailAddress.city") == "Oslo");
    CHECK(listed.at("1", "mailAddress.address2") == "unset");
    CHECK(listed.at("2", "mailAddress.city") == "unset");
    CHECK(listed.at("1", "payrollBankAccountCode") == "86012714310");
    CHECK(listed.at("2", "payrollBankAccountCode") == "unset");
  }
}

TEST_CASE("a list that was not given counts as not read, never as empty") {
  const Exports exports("poweroffice_go");
  write_poweroffice(exports);
  const auto listed = exports.list({"employees.json"});
  CHECK(listed.at("1", "mailAddress.city") == "absent");
  CHECK(listed.at("2", "mailAddress.city") == "absent");
  CHECK(listed.at("1", "payrollBankAccountCode") == "absent");
  CHECK(listed.at("2", "payrollBankAccountCode") == "absent");
  CHECK(listed.at("2", "firstName") == "Per");
  CHECK_THAT(listed.notes(), Catch::Contains("no export of `addresses` was given") &&
                                 Catch::Contains("no export of `bankAccounts` was given"));
  // The same a record a line.
  exports.write("employees.ndjson", "{\"Id\":1,\"FirstName\":\"Kari\"}\n{\"Id\":2,\"MailAddress\":null}\n");
  const auto lines = exports.list({"employees.ndjson"});
  CHECK(lines.at("1", "mailAddress.city") == "unset");
  CHECK(lines.at("1", "payrollBankAccountCode") == "absent");
  CHECK_THAT(lines.notes(), !Catch::Contains("`addresses`") && Catch::Contains("`bankAccounts`"));
}

TEST_CASE("a list without a row for anybody is named, with the members that it would give") {
  const Exports exports("poweroffice_go");
  write_poweroffice(exports);
  exports.write("addresses.json", "[]");
  const auto empty_of = [&](const std::vector<std::string>& names) {
    const auto opened = exports.open(names).value();
    Snapshot snapshot(ir::Layout::whole(exports.schema()));
    REQUIRE(opened->list(snapshot));
    return opened->empty_lists();
  };
  const std::vector<EmptyList> empty = empty_of(three);
  REQUIRE(empty.size() == 1);
  CHECK(empty[0].name == "addresses");
  CHECK(std::ranges::count(empty[0].members, exports.schema().id(*exports.schema().find("mailAddress.city"))) == 1);
  CHECK(std::ranges::count(empty[0].members, exports.schema().id(*exports.schema().find("firstName"))) == 0);
  CHECK(empty_of({"employees.json"}).empty());
  // Rows of people who are not there are no rows of anybody.
  exports.write("addresses.json", "[{\"Id\":2,\"ContactId\":77,\"City\":\"Bergen\",\"ZipCode\":\"5003\"}]");
  CHECK(empty_of(three).size() == 1);
}

TEST_CASE("rows of nobody are named and left aside") {
  const Exports exports("poweroffice_go");
  write_poweroffice(exports);
  exports.write("addresses.json",
                "[\n{\"Id\":1,\"ContactId\":1,\"City\":\"Oslo\",\"ZipCode\":\"0155\"},\n"
                "{\"Id\":2,\"ContactId\":77,\"City\":\"Bergen\",\"ZipCode\":\"5003\"}]");
  const auto listed = exports.list(three);
  CHECK_THAT(listed.notes(), Catch::Contains("addresses.json:3:1: this row of `addresses` belongs to 77"));
  CHECK(listed.at("1", "mailAddress.city") == "Oslo");
  CHECK(listed.at("2", "mailAddress.city") == "unset");
  // Where none belongs to anybody, the list says nothing about those who have none.
  exports.write("addresses.json", "[{\"Id\":2,\"ContactId\":77,\"City\":\"Bergen\",\"ZipCode\":\"5003\"}]");
  const auto nobody = exports.list(three);
  CHECK(nobody.at("2", "mailAddress.city") == "absent");
  CHECK_THAT(nobody.notes(), Catch::Contains("no row of `addresses` belongs to any record"));
}

TEST_CASE("of two rows where one belongs none is taken, and both are named") {
  const Exports exports("poweroffice_go");
  write_poweroffice(exports);
  exports.write("addresses.json",
                "[\n{\"Id\":1,\"ContactId\":1,\"City\":\"Oslo\",\"ZipCode\":\"0155\"},\n"
                "{\"Id\":2,\"ContactId\":1,\"City\":\"Bergen\",\"ZipCode\":\"5003\"}]");
  const auto listed = exports.list(three);
  CHECK(listed.at("1", "mailAddress.city") == "absent");
  CHECK_THAT(listed.notes(), Catch::Contains("2 rows of `addresses` belong to it") &&
                                 Catch::Contains("addresses.json:2:1") && Catch::Contains("addresses.json:3:1"));
  const auto opened = exports.open(three).value();
  const auto outcomes = opened->update("1", {exports.set("mailAddress.city", "Moss")});
  CHECK(outcomes->front().kind == ChangeOutcome::Kind::refused);
}

TEST_CASE("a salary account that is not among the person's accounts counts as not read") {
  const Exports exports("poweroffice_go");
  write_poweroffice(exports);
  exports.write("accounts.json",
                "[{\"Id\":90,\"ContactId\":1,\"BankAccountNumber\":\"86011117947\"},"
                "{\"Id\":91,\"ContactId\":2,\"BankAccountNumber\":\"86012714310\"}]");
  const auto listed = exports.list(three);
  CHECK(listed.at("1", "payrollBankAccountCode") == "absent");
  CHECK(listed.at("2", "payrollBankAccountCode") == "unset");
  CHECK_THAT(listed.notes(), Catch::Contains("`SalaryBankAccountId` is 91, and no row of `bankAccounts`"));
}

TEST_CASE("exports that do not fit together are refused with what is wrong") {
  const Exports exports("poweroffice_go");
  write_poweroffice(exports);
  CHECK(exports.refusal({"addresses.json"}) ==
        "addresses.json: no export of `employees` was given, and what was belongs to such records");
  CHECK(exports.refusal({"employees.json", "addresses.json", "addresses.json"}) == "addresses.json: given twice");
  exports.write("copy.json", exports.read("employees.json"));
  CHECK_THAT(exports.refusal({"employees.json", "copy.json"}), Catch::Contains("a second record with the id 1"));
  exports.write("cut.json", exports.read("accounts.json").substr(0, 90));
  CHECK_THAT(exports.refusal({"employees.json", "cut.json"}), Catch::StartsWith("cut.json:3:5: not valid JSON"));
  exports.write("whose.json", "[\n {\"Id\": 5, \"BankAccountNumber\": \"86012714310\", \"BicSwift\": null}]");
  CHECK(exports.refusal({"employees.json", "bank_accounts=whose.json"}) ==
        "whose.json:2:2: a row of `bankAccounts` without `ContactId` or `EmployeeId`: nothing says whose it is");
  exports.write("odd.json", "[{\"a\": 1}]");
  CHECK(exports.refusal({"employees.json", "odd.json"}) ==
        "odd.json: what it holds does not tell which it is, `employees`, `addresses` or `bankAccounts`: say so, as in "
        "--provider addresses=" +
            (exports.folder / "odd.json").string().substr(exports.folder.string().size() + 1));
  exports.write("both.json", "[{\"Id\":1,\"MailAddress\":{\"City\":\"Oslo\"}}]");
  CHECK_THAT(exports.refusal({"both.json", "addresses.json"}),
             Catch::Contains("holds `MailAddress` itself, and the export of `addresses` was given too"));
  exports.write("none.json", "[]");
  CHECK(exports.refusal({"employees.json", "addresses=none.json"}) == "accepted");
}

TEST_CASE("each value goes back to the file that it came from, and no other file is touched") {
  const Exports exports("poweroffice_go");
  write_poweroffice(exports);
  const std::string employees = exports.read("employees.json"), accounts = exports.read("accounts.json");
  {
    const auto opened = exports.open(three).value();
    const auto outcomes = opened->update("1", {exports.set("mailAddress.city", "Bergen")});
    CHECK(outcomes->front().kind == ChangeOutcome::Kind::done);
    CHECK(outcomes->front().now->text == "Bergen");
    exports.commit(*opened);
  }
  CHECK(exports.read("employees.json") == employees);
  CHECK(exports.read("accounts.json") == accounts);
  CHECK_THAT(exports.read("addresses.json"),
             Catch::Contains("\"AddressLine1\": \"Gata 1\"") && Catch::Contains("\"City\": \"Bergen\""));
}

TEST_CASE("somebody without a row gets one, with the ids that join it") {
  const Exports exports("poweroffice_go");
  write_poweroffice(exports);
  {
    const auto opened = exports.open(three).value();
    const auto outcomes =
        opened->update("2", {exports.set("mailAddress.city", "Moss"), exports.set("mailAddress.zipCode", "1530"),
                             exports.set("payrollBankAccountCode", "86018908176")});
    for (const ChangeOutcome& outcome : *outcomes) CHECK(outcome.kind == ChangeOutcome::Kind::done);
    exports.commit(*opened);
  }
  const Json address = exports.json("addresses.json")[1], account = exports.json("accounts.json")[3];
  CHECK(address["ContactId"] == 2);
  CHECK(address["Id"] == 502);
  CHECK(address["City"] == "Moss");
  CHECK(account["Id"] == 93);
  CHECK(account["ContactId"] == 2);
  CHECK(exports.json("employees.json")[1]["SalaryBankAccountId"] == 93);
  CHECK(exports.list(three).at("2", "payrollBankAccountCode") == "86018908176");
}

TEST_CASE("an account that the person has already becomes the salary's, and is not added again") {
  const Exports exports("poweroffice_go");
  write_poweroffice(exports);
  const auto opened = exports.open(three).value();
  REQUIRE(opened->update("2", {exports.set("payrollBankAccountCode", "86016601383")}));
  exports.commit(*opened);
  CHECK(exports.json("employees.json")[1]["SalaryBankAccountId"] == 92);
  CHECK(exports.json("accounts.json").size() == 3);
}

TEST_CASE("a new person is written into every list") {
  const Exports exports("poweroffice_go");
  write_poweroffice(exports);
  const auto opened = exports.open(three).value();
  const auto created = opened->create({exports.set("firstName", "Liv"), exports.set("mailAddress.city", "Moss"),
                                       exports.set("payrollBankAccountCode", "86018908176")},
                                      "h3");
  REQUIRE(created);
  CHECK(created->id == "3");
  exports.commit(*opened);
  CHECK(exports.json("employees.json")[2]["SalaryBankAccountId"] == 93);
  CHECK_FALSE(exports.json("employees.json")[2].contains("MailAddress"));
  CHECK(exports.json("addresses.json")[1]["ContactId"] == 3);
  CHECK(exports.list(three).at("3", "mailAddress.city") == "Moss");
}

TEST_CASE("the rows of a new person name the id that the person was written with") {
  const Exports exports("poweroffice_go");
  write_poweroffice(exports);
  const auto opened = exports.open(three).value();
  const auto created = opened->create({exports.set("mailAddress.city", "Moss"), exports.set("id", "7"),
                                       exports.set("payrollBankAccountCode", "86018908176")},
                                      "h3");
  REQUIRE(created);
  CHECK(created->id == "7");
  exports.commit(*opened);
  CHECK(exports.json("employees.json")[2]["Id"] == 7);
  CHECK(exports.json("addresses.json")[1]["ContactId"] == 7);
  CHECK(exports.list(three).at("7", "mailAddress.city") == "Moss");
}

TEST_CASE("the elements of a list stand in a file of their own, whatever it is called") {
  const Exports exports("finago");
  exports.write("a.ndjson",
                "{\"empId\":\"26\",\"email\":\"kari@example.com\",\"firstname\":\"Kari\"}\n"
                "{\"empId\":\"27\",\"email\":\"per@example.com\",\"firstname\":\"Per\"}\n");
  exports.write("b.json",
                R"({"employments":[{"empId":"26","employment_id":"32553-1","startdate":"2020-11-01","enddate":""},
                {"empId":"26","employment_id":"32553-2","startdate":"2022-11-01","enddate":""}]})");
  {
    const auto listed = exports.list({"b.json", "a.ndjson"});
    CHECK(listed.periods("26") == "2020-11-01 2022-11-01 ");
    CHECK(listed.periods("27").empty());
    CHECK(exports.list({"a.ndjson"}).periods("26") == "absent");
  }
  const auto opened = exports.open({"a.ndjson", "b.json"}).value();
  const auto outcomes = opened->update("27", {exports.set("employments[].startdate", "2024-02-01", "+1")});
  CHECK(outcomes->front().kind == ChangeOutcome::Kind::done);
  REQUIRE(opened->update("26", {exports.set("employments[].startdate", "2020-12-01", "32553-1")}));
  const std::string people = exports.read("a.ndjson");
  exports.commit(*opened);
  CHECK(exports.read("a.ndjson") == people);
  const Json rows = exports.json("b.json")["employments"];
  REQUIRE(rows.size() == 3);
  CHECK(rows[0]["startdate"] == "2020-12-01");
  CHECK(rows[2]["empId"] == "27");
  CHECK(rows[2]["enddate"] == "");  // or nobody could tell whether the period has an end
  CHECK_FALSE(rows[2]["employment_id"].get<std::string>().empty());
  CHECK(exports.list({"a.ndjson", "b.json"}).periods("27") == "2024-02-01 ");
}

TEST_CASE("a list that says it is not whole proves nothing about those who have no row in it") {
  const Exports exports("finago");
  exports.write("a.json", R"([{"empId":"26","email":"kari@example.com"},{"empId":"27","email":"per@example.com"}])");
  exports.write("b.json", R"({"total":9,"employments":[{"empId":"26","employment_id":"1","startdate":"2020-11-01"}]})");
  const auto listed = exports.list({"a.json", "b.json"});
  CHECK(listed.completeness.complete);
  CHECK(listed.periods("27") == "absent");
  CHECK_THAT(listed.notes(), Catch::Contains("announces 9 records and holds 1"));
}

TEST_CASE("a folder of exports is read as the files in it") {
  const Exports exports("poweroffice_go");
  write_poweroffice(exports);
  CHECK(exports.list({"."}).at("1", "payrollBankAccountCode") == "86012714310");
}
