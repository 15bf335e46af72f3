// Every document that dovetail writes or reads is as its schema under docs/formats says.
#include <fmt/format.h>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>
#include <valijson/adapters/nlohmann_json_adapter.hpp>
#include <valijson/schema.hpp>
#include <valijson/schema_parser.hpp>
#include <valijson/validator.hpp>

#include "tests/places.hpp"
#include "tests/run.hpp"

using namespace dovetail::test;
using Json = nlohmann::json;

namespace {

// What is wrong with the document; empty: nothing.
std::string wrong(const std::string& schema_name, const Json& document) {
  const Json text = Json::parse(read_text(DOVETAIL_SOURCE_DIR "/docs/formats/" + schema_name + ".schema.json"));
  valijson::Schema schema;
  valijson::SchemaParser(valijson::SchemaParser::kDraft7)
      .populateSchema(valijson::adapters::NlohmannJsonAdapter(text), schema);
  valijson::ValidationResults results;
  const valijson::adapters::NlohmannJsonAdapter target(document);
  if (valijson::Validator().validate(schema, target, &results)) return {};
  std::string list = "not valid";
  for (valijson::ValidationResults::Error error; results.popError(error);) {
    std::string place;
    for (const std::string& step : error.context) place += step;
    list += "\n" + place + ": " + error.description;
  }
  return list;
}

struct Case {
  std::string map, provider;
};

const Case cases[] = {{"netvisor", "netvisor.xml"},
                      {"poweroffice_go", "poweroffice_go.json"},
                      {"poweroffice", "poweroffice_go.json"},
                      {"finago", "finago.json"},
                      {"twentyfoursevenoffice", "finago.json"}};

// A folder with the samples of one map, and what is said about it.
class Samples {
 public:
  explicit Samples(const Case& of) : of_(of) {
    const std::string stem = of.provider.substr(0, of.provider.find('.'));
    for (const std::string& name : {std::string("huma.json"), of.provider}) {
      folder.write(name, read_text(DOVETAIL_SOURCE_DIR "/tests/samples/" + stem + "/" + name));
    }
  }
  Json dovetail(const std::string& command, const std::string& more = {}) const {
    const Answer said = answer(fmt::format(
        "dovetail {} --map {} --hub '{}' --provider '{}' --base '{}' --test-system --today 2026-11-21 "
        "--format json {}",
        command, of_.map, folder.file("huma.json"), folder.file(of_.provider), folder.file("base.json"), more));
    INFO(said.err);
    REQUIRE(said.exit != 2);
    return Json::parse(said.out);
  }
  Json base() const { return Json::parse(folder.read("base.json")); }

  Folder folder;

 private:
  Case of_;
};

Json decisions_of_page() {
  const std::string page = read_text(DOVETAIL_SOURCE_DIR "/docs/formats.md");
  const std::size_t start = page.find("```json\n", page.find("\n## Decisions\n")) + 8;
  return Json::parse(page.substr(start, page.find("```", start) - start));
}

}  // namespace

TEST_CASE("plans, runs, explanations and bases of every map are as their schemas say") {
  const Case& of = GENERATE(from_range(std::begin(cases), std::end(cases)));
  INFO(of.map);
  const Samples samples(of);
  CHECK(wrong("plan", samples.dovetail("plan", "--all")) == "");
  const Json decided = samples.dovetail("plan", "--decide hub --create both");
  CHECK(decided["operations"].size() > 5);
  CHECK(wrong("plan", decided) == "");
  CHECK(wrong("plan", samples.dovetail("sync", "--decide provider --create both")) == "");
  CHECK(wrong("base", samples.base()) == "");
  CHECK(wrong("plan", samples.dovetail("plan", "--all --kind known --kind blocked")) == "");
  CHECK(wrong("explain", samples.dovetail("explain 20")) == "");
  CHECK(wrong("plan", samples.dovetail("sync", "--decide leave --create none")) == "");
  CHECK(wrong("base", samples.base()) == "");
}

TEST_CASE("the page's decisions are as the schema says, and what the program refuses is not") {
  const Json page = decisions_of_page();
  CHECK(wrong("decisions", page) == "");
  const Samples samples(cases[0]);
  const auto refused = [&](const Json& document) {
    samples.folder.write("decisions.json", document.dump());
    return answer(fmt::format("dovetail plan --map netvisor --hub '{0}/huma.json' --provider '{0}/netvisor.xml' "
                              "--decisions '{0}/decisions.json'",
                              samples.folder.path().string()))
               .exit == 2;
  };
  CHECK_FALSE(refused(page));
  const std::pair<const char*, Json> edits[] = {{"/version", 2},
                                                {"/dovetail", "base"},
                                                {"/bulk", "both"},
                                                {"/bulk", "link"},
                                                {"/bulk", "undecided"},
                                                {"/create", "some"},
                                                {"/decisions/0/choice", "both"},
                                                {"/decisions/0/choice", "undecided"},
                                                {"/decisions/0/hub", 7},
                                                {"/decisions/0/hub", ""},
                                                {"/decisions/0/field", ""},
                                                {"/decisions/0", {{"choice", "provider"}}},
                                                {"/answers/1/hub", ""},
                                                {"/decisions/0/feild", "Phone number"},
                                                {"/answers/0/value", nullptr},
                                                {"/answers", Json::object()}};
  for (const auto& [place, value] : edits) {
    INFO(place << " = " << value);
    Json edited = page;
    edited[Json::json_pointer(place)] = value;
    CHECK(wrong("decisions", edited) != "");
    CHECK(refused(edited));
  }
}

TEST_CASE("the schemas of plan, explanation and base refuse what the program never writes") {
  const Samples samples(cases[1]);
  const Json plan = samples.dovetail("sync", "--decide hub"), explanation = samples.dovetail("explain 20");
  const Json base = samples.base();
  const auto refuses = [](const std::string& schema, Json document, const std::string& place, const Json& value) {
    INFO(schema << place << " = " << value);
    document[Json::json_pointer(place)] = value;
    CHECK(wrong(schema, document) != "");
  };
  refuses("plan", plan, "/entries/0/reason", "because");
  refuses("plan", plan, "/entries/0/kind", "odd");
  refuses("plan", plan, "/operations/0/outcome", "lost");
  refuses("plan", plan, "/completeness/hub/taken", "yesterday");
  refuses("plan", plan, "/more", 1);
  refuses("plan", plan, "/dovetail", "plan");  // has no outcome
  refuses("explain", explanation, "/people/0/fields/0/reason", nullptr);
  refuses("base", base, "/links/0/state", "loose");
  refuses("base", base, "/links/0/fields/0/hub/0/hashed", true);  // not a hash
  refuses("base", base, "/key", "short");
}
