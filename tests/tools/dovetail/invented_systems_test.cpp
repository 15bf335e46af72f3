// Systems that only a schema and a map describe: what is secret in one of them, and XML that JSON lines can't hold.
#include <fmt/format.h>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "tests/places.hpp"
#include "tests/run.hpp"

using namespace dovetail::test;
using Json = nlohmann::json;

namespace {

const char* const hr_schema = R"(schema hr version 1 syntax 1
adapter memory
identity id
document json records "people"
omitted is unset
member id       text   read only  wire "id"
member email    email             wire "email"
member account  text   secret     wire "account"
member phone    text              wire "phone"
member job      text              wire "job"
)";

const char* const pay_schema = R"(schema pay version 1 syntax 1
adapter memory
identity id
document xml records "worker"
omitted is unset
member id     text   read only  wire "@nr"
member email  email             wire "mail"
member tel    text              wire "tel"
member note   text              wire "note"
member kind   text              wire "job/@type"
member job    text              wire "job/type"
)";

const char* const pay_map = R"(map pay version 1 syntax 1
hub      hr   "Hr"   from "schemas/hr.schema.map"
provider pay  "Pay"  from "schemas/pay.schema.map"
match by "Email"
field "Email"    required  email    <->  email { unique in hr }
field "Account"            account   ->  tel
field "Phone"              phone   <-    tel
field "Job"                job      <->  job
fill pay.note with hr.account whenever pay.tel is written
)";

class Invented {
 public:
  Invented() {
    std::filesystem::create_directories(folder.path() / "schemas");
    folder.write("schemas/hr.schema.map", hr_schema);
    folder.write("schemas/pay.schema.map", pay_schema);
    folder.write("pay.map", pay_map);
    const Json person = {{"id", "h1"}, {"email", "kari@example.com"}, {"account", "36240734014"}, {"job", "Developer"}};
    folder.write("hr.json", Json{{"people", {person}}}.dump());
    folder.write(
        "pay.xml",
        "<workers><worker nr=\"1\"><mail>kari@example.com</mail><tel/><note/><job type=\"P\"><type>Clerk</type>"
        "</job></worker></workers>");
  }

  Answer dovetail(const std::string& command, const std::string& provider, const std::string& more = {}) const {
    return answer(fmt::format(
        "DOVETAIL_RULES='{}' dovetail {} --map '{}' --hub '{}' --provider '{}' --base '{}' --test-system --today "
        "2026-11-21 {}",
        DOVETAIL_SOURCE_DIR "/rules", command, folder.file("pay.map"), folder.file("hr.json"), folder.file(provider),
        folder.file("base.json"), more));
  }

  Folder folder;
};

}  // namespace

TEST_CASE("a secret that a rule takes into another system's open member is one there too") {
  const Invented invented;
  for (const char* format : {"text", "json"}) {
    const Answer plan = invented.dovetail("plan", "pay.xml", fmt::format("--decide hub --format {}", format));
    CHECK(plan.exit != 2);
    CHECK_THAT(plan.out + plan.err, Catch::Contains("4") && !Catch::Contains("36240734014"));
  }
  const Answer sync = invented.dovetail("sync", "pay.xml", "--decide hub");
  CHECK_THAT(sync.out + sync.err, !Catch::Contains("36240734014"));
  CHECK_THAT(invented.folder.read("pay.xml"),
             Catch::Contains("<tel>36240734014</tel>") && Catch::Contains("<note>36240734014</note>"));
  CHECK_THAT(invented.folder.read("base.json"), !Catch::Contains("36240734014") && Catch::Contains("hashed"));
  for (const char* more : {"", "--format json"}) {
    const Answer explain = invented.dovetail("explain h1", "pay.xml", more);
    CHECK_THAT(explain.out + explain.err, !Catch::Contains("36240734014"));
  }
  // What was agreed is known again by its hash, and what a further rule takes from there is secret as well.
  const Answer again = invented.dovetail("plan", "pay.xml");
  CHECK_THAT(again.out + again.err, !Catch::Contains("36240734014"));
}

TEST_CASE("JSON lines that would hold an attribute and an element in one place are refused") {
  const Invented invented;
  const std::string line = Json{{"nr", "1"}, {"mail", "kari@example.com"}, {"job", {{"type", "P"}}}}.dump() + "\n";
  invented.folder.write("pay.ndjson", line);
  const Answer sync = invented.dovetail("sync", "pay.ndjson", "--decide hub");
  CHECK(sync.exit == 2);
  CHECK_THAT(sync.err,
             Catch::Contains("pay.ndjson: `kind` and `job` of schema pay have one place in JSON lines, as one "
                             "is an attribute in XML; give the export as XML"));
  CHECK(invented.folder.read("pay.ndjson") == line);
  CHECK(invented.dovetail("sync", "pay.xml", "--decide hub").exit != 2);
  CHECK_THAT(invented.folder.read("pay.xml"),
             Catch::Contains("type=\"P\"") && Catch::Contains("<type>Developer</type>"));
}
