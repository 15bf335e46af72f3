// Wrong arguments and broken files: a clear message, exit code 2, and nothing half done.
#include <fmt/format.h>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "tests/places.hpp"
#include "tests/run.hpp"

using namespace dovetail::test;
using Json = nlohmann::json;

namespace {

// Copies of the sample that a test may break.
class Sample {
 public:
  Sample() {
    folder.write("huma.json", read_text(DOVETAIL_SOURCE_DIR "/tests/samples/netvisor/huma.json"));
    folder.write("netvisor.xml", read_text(DOVETAIL_SOURCE_DIR "/tests/samples/netvisor/netvisor.xml"));
  }
  // The message, with the folder's name taken out; checks that it could not run and that nothing was written.
  std::string refusal(const std::string& command, const std::string& more = {}) const {
    const std::string before = folder.read("huma.json") + folder.read("netvisor.xml");
    Ran ran = run(fmt::format("dovetail {} --map netvisor --hub '{}' --provider '{}' --test-system {}", command,
                              folder.file("huma.json"), folder.file("netvisor.xml"), more));
    CHECK(ran.exit == 2);
    CHECK(folder.read("huma.json") + folder.read("netvisor.xml") == before);
    const std::string place = folder.path().string() + "/";
    for (std::size_t at = ran.out.find(place); at != ran.out.npos; at = ran.out.find(place))
      ran.out.erase(at, place.size());
    return ran.out;
  }

  Folder folder;
};

}  // namespace

TEST_CASE("without a command, or with one that there is none of, usage is told") {
  CHECK(run("dovetail").exit == 2);
  CHECK(run("dovetail destroy").exit == 2);
  CHECK(run("dovetail plan").exit == 2);
  for (const char* option : {"--today 2026-01-01", "--setting x=1", "--base x", "--test-system", "--map netvisor"}) {
    const std::string name = std::string(option).substr(0, std::string(option).find(' '));
    CHECK_THAT(run(std::string("dovetail plan payroll ") + option).out,
               Catch::Contains(name + " is not for a connection"));
  }
  CHECK_THAT(run("dovetail bogus").out, Catch::Contains("there is no command `bogus`"));
  CHECK_THAT(run("dovetail ''").out, Catch::Contains("there is no command ``"));
  CHECK_THAT(run("dovetail --bogus").out, Catch::Contains("there is no option `--bogus` of dovetail"));
  CHECK_THAT(run("dovetail store bogus").out,
             Catch::Contains("there is no command `store bogus`; dovetail store --help"));
  CHECK_THAT(run("dovetail links --bogus list").out, Catch::Contains("there is no option `--bogus` of dovetail links"));
  for (const char* wrong : {"bogus", "''", "--bogus", "store bogus", "links --bogus list"}) {
    CHECK(run(std::string("dovetail ") + wrong).exit == 2);
  }
  CHECK(run("dovetail --help >/dev/full").exit == 2);
  CHECK_THAT(run("dovetail plan").out, Catch::Contains("name a connection, or give --map, --hub and --provider"));
}

TEST_CASE("sandbox is a command with arguments of its own") {
  CHECK(run("dovetail sandbox --help").exit == 0);
  CHECK_THAT(run("dovetail --help").out, Catch::Contains("sandbox"));
  const Ran ran = run("dovetail sandbox payday --people 5");
  CHECK(ran.exit == 2);
  CHECK(ran.out ==
        "dovetail sandbox: `payday` is neither a system (huma, netvisor, poweroffice_go, finago) nor an option; see "
        "dovetail sandbox --help\n");
  CHECK(run("dovetail sandbox").exit == 2);
  CHECK_THAT(run("dovetail sandbox huma --credentials /none/of/these").out, Catch::Contains("cannot be written"));
}

TEST_CASE("a map that is not there, or no map") {
  CHECK(run("dovetail plan --map none --hub a --provider b").exit == 2);
  CHECK_THAT(run("dovetail plan --map none --hub a --provider b").out,
             Catch::StartsWith("dovetail: no rule file `none` here, and no map of that name in "));
  CHECK(run("dovetail plan --map rules/none.map --hub a --provider b").out ==
        "dovetail: rules/none.map: no such file\n");
  CHECK(run("dovetail plan --map rules --hub a --provider b").out ==
        "dovetail: rules is a folder: name a rule file in it\n");
  CHECK_THAT(run("dovetail plan --map rules/schemas/huma.schema.map --hub a --provider b").out,
             Catch::EndsWith("a schema, not a map: --map wants the rules between two systems\n"));
}

TEST_CASE("a map with mistakes prints them") {
  const Sample sample;
  sample.folder.write("broken.map", "map broken version 1 syntax 1\n\nhub huma \"Huma\" from \"none.map\"\nfield\n");
  const Ran ran = run("dovetail plan --map '" + sample.folder.file("broken.map") + "' --hub a --provider b");
  CHECK(ran.exit == 2);
  CHECK_THAT(ran.out, Catch::Contains("error[missing-import]"));
  CHECK_THAT(ran.out, Catch::EndsWith("the rule file has mistakes (see above), so nothing was done\n"));
}

TEST_CASE("a connection's map with mistakes prints them line by line, and what asks without a terminal could not run") {
  const Folder folder;
  const std::string store = fmt::format("DOVETAIL_STORE='sqlite:{}' ", folder.file("store.db"));
  REQUIRE(run(store + "dovetail store init").exit == 0);
  folder.write("broken.map", "map broken version 1 syntax 1\n\nhub huma \"Huma\" from \"none.map\"\nfield\n");
  const Ran ran = run(store + "dovetail connection add a --hub huma: --provider netvisor: --map '" +
                      folder.file("broken.map") + "'");
  CHECK(ran.exit == 2);
  CHECK_THAT(ran.out, Catch::Contains("\nerror[") && !Catch::Contains("\\x0A"));
  const Ran asked = run(store + "dovetail person erase nobody </dev/null");
  CHECK(asked.exit == 2);
  CHECK_THAT(asked.out, Catch::Contains("there is no terminal to ask on"));
  const Ran unknown = run(store + "dovetail links forget a nobody </dev/null");
  CHECK(unknown.exit == 2);
  CHECK_THAT(unknown.out, Catch::Contains("there is no connection a"));  // nobody is asked about what is not there
}

TEST_CASE("an export that is not there, empty or truncated") {
  const Sample sample;
  CHECK(run("dovetail plan --map netvisor --hub none.json --provider none.xml").out ==
        "dovetail: none.json: cannot open: No such file or directory\n");
  sample.folder.write("huma.json", "");
  CHECK(sample.refusal("sync --decide hub") == "dovetail: huma.json: the file is empty\n");
  sample.folder.write("huma.json", "{\"items\": [\n  {\"id\": \"a\", \"email\": {\"value\": \"a@ex");
  CHECK_THAT(sample.refusal("sync --decide hub"), Catch::StartsWith("dovetail: huma.json:2:39: not valid JSON"));
}

TEST_CASE("a provider's export that breaks off leaves the hub's alone") {
  const Sample sample;
  const std::string whole = sample.folder.read("netvisor.xml");
  sample.folder.write("netvisor.xml", whole.substr(0, whole.size() / 2));
  CHECK_THAT(sample.refusal("sync --decide hub"), Catch::Contains("netvisor.xml:") && Catch::Contains("not valid XML"));
}

TEST_CASE("hub and provider mixed up are noticed") {
  const Sample sample;
  const Ran ran = run(fmt::format("dovetail plan --map netvisor --hub '{}' --provider '{}'",
                                  sample.folder.file("netvisor.xml"), sample.folder.file("huma.json")));
  CHECK(ran.exit == 2);
  CHECK_THAT(ran.out, Catch::Contains("netvisor.xml:1:1: not valid JSON"));
}

TEST_CASE("an export without anybody concludes nothing about who is missing") {
  const Sample sample;
  sample.folder.write("netvisor.xml", "<Root><ResponseStatus><Status>OK</Status></ResponseStatus><employees/></Root>");
  const Ran ran = run(
      fmt::format("dovetail plan --map netvisor --hub '{}' --provider '{}' --test-system --decide hub --create both",
                  sample.folder.file("huma.json"), sample.folder.file("netvisor.xml")));
  CHECK_THAT(ran.out, Catch::Contains("INCOMPLETE") && Catch::Contains("Netvisor: 0 created"));
}

TEST_CASE("values of options that cannot be") {
  const Sample sample;
  CHECK_THAT(sample.refusal("sync", "--answer 'Contract type of positions added to Huma=banana'"),
             Catch::Contains("--answer: \"banana\" is no answer to") && Catch::Contains("it may be permanent"));
  CHECK(sample.refusal("plan", "--answer 'Payroll rule group=a' --answer 'Payroll rule group=b'") ==
        "dovetail: --answer: two answers to \"Payroll rule group\"\n");
  CHECK(sample.refusal("plan", "--today 2026-13-01") == "dovetail: --today 2026-13-01: not a day (YYYY-MM-DD)\n");
  CHECK(sample.refusal("plan", "--setting nothing") == "dovetail: --setting nothing: write it as NAME=VALUE\n");
  CHECK(sample.refusal("plan", "--setting a=b") ==
        "dovetail: setting a: netvisor has no such setting; it has: payroll_rule_group\n");
  CHECK(sample.refusal("plan", "--kind quarrel") ==
        "dovetail: --kind quarrel: no finding is of this kind; there are link, create, change, conflict, "
        "missing, drift, known, blocked, held, invalid, person\n");
  CHECK(sample.refusal("plan", "--field 'Phone numbr'") ==
        "dovetail: --field Phone numbr: netvisor has no field of this label; is `Phone number` meant?\n");
  CHECK_THAT(
      sample.refusal("plan", "--field Shoe"),
      Catch::StartsWith("dovetail: --field Shoe: netvisor has no field of this label; there are `Email address`, `"));
  CHECK(sample.refusal("plan", "--person nobody@example.com") ==
        "dovetail: --person nobody@example.com: nobody has this id or e-mail, or such a name\n");
  CHECK(sample.refusal("explain nobody@example.com") ==
        "dovetail: nobody has the id or e-mail `nobody@example.com`, or such a name\n");
  CHECK_THAT(sample.refusal("plan", "--decide everybody"), Catch::Contains("--decide"));
  CHECK(sample.refusal("sync", "--ask < /dev/null") ==
        "dovetail: --ask needs a terminal: decide with --decide or --decisions instead\n");
}

TEST_CASE("a base or decisions that are something else") {
  const Sample sample;
  sample.folder.write("x.json", "[]");
  const std::string base = "--base '" + sample.folder.file("x.json") + "'";
  const std::string decisions = "--decisions '" + sample.folder.file("x.json") + "'";
  CHECK(sample.refusal("sync", base) ==
        "dovetail: x.json: not a base file: it must be an object with \"dovetail\": \"base\"\n");
  sample.folder.write("x.json", "{\"dovetail\": \"base\", \"version\": 2}");
  CHECK(sample.refusal("sync", base) == "dovetail: x.json: version 2; this program reads version 1\n");
  sample.folder.write("x.json", "{\"dovetail\": \"base\", \"version\": 1, \"map\": \"finago\", \"links\": []}");
  CHECK(sample.refusal("sync", base) == "dovetail: x.json: /: the base of `finago`, not of `netvisor`\n");
  sample.folder.write("x.json",
                      "{\"dovetail\": \"base\", \"version\": 1, \"map\": \"netvisor\", \"links\": [{\"hub\": 7}]}");
  CHECK(sample.refusal("sync", base) == "dovetail: x.json: /links/0: `hub` must be a text\n");
  const auto links = [&](const std::string& list) {
    sample.folder.write("x.json", R"({"dovetail": "base", "version": 1, "map": "netvisor", "links": [)" + list + "]}");
    return sample.refusal("plan", base);
  };
  const std::string one = R"({"hub": "h1", "provider": "94", "state": "linked"})";
  CHECK(links(one + R"(, {"hub": "h2", "provider": "94", "state": "linked"})") ==
        "dovetail: x.json: /links/1/provider: 94 is linked in /links/0 already: a record has one partner; take one of "
        "the two out\n");
  CHECK(links(one + R"(, {"hub": "h2", "provider": "95", "state": "linked", "provider": "96"})") ==
        "dovetail: x.json: /links/1: a member stands twice in an object, so it is not known which of the two counts\n");
  CHECK(links(one + R"(, {"state": "linked"})") ==
        "dovetail: x.json: /links/1: names nobody: `hub` and `provider` are both missing\n");
  sample.folder.write(
      "x.json",
      "{\"dovetail\": \"decisions\", \"version\": 1, \"decisions\": [{\"field\": \"Shoe\", \"choice\": \"hub\"}]}");
  CHECK(sample.refusal("sync", decisions) ==
        "dovetail: x.json: /decisions/0: no field of netvisor is called \"Shoe\"\n");
  sample.folder.write("x.json", "{\"dovetail\": \"decisions\", \"version\": 1, \"bluk\": \"hub\"}");
  CHECK(sample.refusal("sync", decisions) == "dovetail: x.json: /: `bluk` is not known here\n");
  sample.folder.write("x.json", "{\"dovetail\": \"decisions\",");
  CHECK_THAT(sample.refusal("sync", decisions),
             Catch::StartsWith("dovetail: x.json: not valid JSON: parse error at line 1"));
}

TEST_CASE("decisions that fit nothing, or not each other, are refused together with their places") {
  const Sample sample;
  const std::string option = "--decisions '" + sample.folder.file("x.json") + "'";
  const Json huma = Json::parse(sample.folder.read("huma.json"));
  std::string id, element;
  for (const Json& person : huma["items"]) {
    if (person.value("positions", Json::array()).empty()) continue;
    id = person["id"];
    element = person["positions"][0]["id"];
  }
  const auto decide = [&](const Json& decisions, const Json& answers = Json::array()) {
    sample.folder.write(
        "x.json",
        Json{{"dovetail", "decisions"}, {"version", 1}, {"decisions", decisions}, {"answers", answers}}.dump());
    return sample.refusal("sync", option);
  };
  CHECK(
      decide({{{"hub", id}, {"field", "Given name"}, {"element", element}, {"choice", "hub"}},
              {{"hub", id}, {"field", "Given name"}, {"choice", "link"}},
              {{"hub", id}, {"choice", "link"}},
              {{"hub", id}, {"field", "Shoe"}, {"choice", "hub"}},
              {{"hub", id}, {"choice", "hub"}},
              {{"hub", id}, {"choice", "provider"}, {"by", "Kari"}}},
             {{{"question", "Payroll rule group"}, {"value", "a"}},
              {{"question", "Payroll rule group"}, {"value", "b"}}}) ==
      fmt::format("dovetail: x.json: /decisions/0: `element` is `{}`, and \"Given name\" is no field of a list's "
                  "elements; leave `element` out\n"
                  "dovetail: x.json: /decisions/1: `choice` is `link`, which is about two records as a whole; leave "
                  "`field` and `element` out, or choose hub, provider or leave\n"
                  "dovetail: x.json: /decisions/2: `choice` is `link`, which names both records that belong together: "
                  "`hub` and `provider`\n"
                  "dovetail: x.json: /decisions/3: no field of netvisor is called \"Shoe\"\n"
                  "dovetail: x.json: /decisions/5: `provider` contradicts `hub` in /decisions/4: both are about the "
                  "same; keep one of them\n"
                  "dovetail: x.json: /answers/1: another answer to \"Payroll rule group\" than in /answers/0; keep "
                  "one of them\n",
                  element));
  const std::string nobodys = decide({{{"hub", id}, {"field", "Job title"}, {"element", "nope"}, {"choice", "hub"}},
                                      {{"field", "Job title"}, {"element", "nobodys"}, {"choice", "hub"}},
                                      {{"field", "Job title"}, {"element", element}, {"choice", "hub"}}});
  CHECK_THAT(nobodys,
             Catch::StartsWith("dovetail: x.json: /decisions/0: no list element that this person has is called "
                               "`nope`, in the list of \"Job title\"; ") &&
                 Catch::Contains("\ndovetail: x.json: /decisions/1: no list element that anybody has is called "
                                 "`nobodys`"));
  CHECK_THAT(nobodys, !Catch::Contains("/decisions/2"));
}

TEST_CASE("an element's id that another element has on the other side is to be told by its side") {
  const Sample sample;
  // A person with two positions, and the key of the second one's period in the place of the first position's id.
  Json huma = Json::parse(sample.folder.read("huma.json"));
  const std::string periods = sample.folder.read("netvisor.xml");
  std::string id, key;
  for (Json& person : huma["items"]) {
    if (!id.empty() || person.value("positions", Json::array()).size() != 2) continue;
    const std::size_t at = periods.find(person["email"]["value"].get<std::string>());
    if (at == periods.npos) continue;
    const std::string of_person = periods.substr(at, periods.find("</employee>", at) - at);
    const std::size_t last = of_person.rfind("<netvisorkey>") + 13;
    id = person["id"];
    key = of_person.substr(last, of_person.find('<', last) - last);
    person["positions"][0]["id"] = key;
  }
  REQUIRE_FALSE(id.empty());
  sample.folder.write("huma.json", huma.dump());
  const std::string option = "--decisions '" + sample.folder.file("x.json") + "'";
  const auto write = [&](Json decision) {
    decision.update({{"hub", id}, {"field", "Job title"}, {"choice", "hub"}});
    sample.folder.write("x.json", Json{{"dovetail", "decisions"}, {"version", 1}, {"decisions", {decision}}}.dump());
  };
  write({{"element", key}});
  CHECK(sample.refusal("sync", option) ==
        fmt::format("dovetail: x.json: /decisions/0: `element` is `{}`, which is the id of one element in Huma and of "
                    "another one in Netvisor; say which is meant by `hub_element` or `provider_element` in its place\n",
                    key));
  write({{"element", key}, {"hub_element", key}});
  CHECK(
      sample.refusal("sync", option) ==
      "dovetail: x.json: /decisions/0: `element` stands beside `hub_element`, which says the same more exactly; leave "
      "`element` out\n");
  write({{"hub_element", key}, {"provider_element", key}});
  CHECK_THAT(sample.refusal("sync", option),
             Catch::Contains(fmt::format("is called `{0}` in Huma and `{0}` in Netvisor", key)));
  for (const char* side : {"hub_element", "provider_element"}) {
    write({{side, key}});
    CHECK(run(fmt::format("dovetail plan --map netvisor --hub '{}' --provider '{}' --test-system {}",
                          sample.folder.file("huma.json"), sample.folder.file("netvisor.xml"), option))
              .exit != 2);
  }
}

TEST_CASE("one person who is decided on by both ids is still one") {
  const Sample sample;
  const Ran plan =
      run(fmt::format("dovetail plan --map netvisor --hub '{}' --provider '{}' --test-system --format json",
                      sample.folder.file("huma.json"), sample.folder.file("netvisor.xml")));
  std::string hub, provider;
  const Json document = Json::parse(plan.out);
  for (const Json& person : document["people"]) {
    if (person["state"] != "linked") continue;
    hub = person["hub"];
    provider = person["provider"];
  }
  REQUIRE_FALSE(provider.empty());
  const auto decisions = [&](const char* choice) {
    sample.folder.write("x.json", Json{{"dovetail", "decisions"},
                                       {"version", 1},
                                       {"decisions",
                                        {{{"hub", hub}, {"field", "Given name"}, {"choice", "hub"}},
                                         {{"provider", provider}, {"field", "Given name"}, {"choice", choice}}}}}
                                      .dump());
    return "--decisions '" + sample.folder.file("x.json") + "'";
  };
  CHECK_THAT(sample.refusal("sync", decisions("provider")),
             Catch::StartsWith("dovetail: x.json: /decisions/1: `provider` contradicts `hub` in /decisions/0"));
  CHECK(run(fmt::format("dovetail plan --map netvisor --hub '{}' --provider '{}' --test-system {}",
                        sample.folder.file("huma.json"), sample.folder.file("netvisor.xml"), decisions("hub")))
            .exit != 2);
}

TEST_CASE("a place that cannot be written leaves everything as it was") {
  const Sample sample;
  CHECK_THAT(sample.refusal("sync --decide hub", "--out-provider '" + sample.folder.file("none/out.xml") + "'"),
             Catch::Contains("none/out.xml: there is no folder none: make it first (mkdir -p), or name another\n"));
}

TEST_CASE("a synchronisation that is narrowed to a person writes nobody else") {
  const Sample sample;
  const std::string provider = sample.folder.read("netvisor.xml");
  const Ran ran =
      run(fmt::format("dovetail sync --map netvisor --hub '{}' --provider '{}' --test-system --decide hub "
                      "--person 94 --format json",
                      sample.folder.file("huma.json"), sample.folder.file("netvisor.xml")));
  CHECK(ran.exit == 1);
  const std::string after = sample.folder.read("netvisor.xml");
  std::size_t first = 0;
  while (first < after.size() && after[first] == provider[first]) ++first;
  CHECK_THAT(after.substr(0, first), Catch::Contains("<netvisorkey>94</netvisorkey>"));
  CHECK_FALSE((after.substr(0, first).find("<netvisorkey>95</netvisorkey>") != after.npos));
  const std::size_t rest = after.find("<netvisorkey>95</netvisorkey>");
  CHECK(provider.find(after.substr(rest)) != provider.npos);
}
