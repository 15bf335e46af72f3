// Every conversion by example, and the promise of the invertible ones.
#include <catch2/catch.hpp>
#include <map>
#include <set>

#include "engine/values/transform.hpp"
#include "tests/engine/values/reference_tables.hpp"

using namespace dovetail;

namespace {

using Given = std::vector<std::string>;

CheckContext context() {
  CheckContext result = test::context();
  result.region = "NO";
  return result;
}

// Empty: there is no image.
Texts run(decltype(Transform::forward) step, const Given& values, const Given& arguments) {
  const std::vector<std::string_view> in(values.begin(), values.end());
  Texts out;
  if (!step(in, arguments, context(), out)) return {};
  return out;
}

struct Case {
  std::string name;
  Given arguments, hub, provider;
};

// What each invertible transform carries to and fro.
const std::vector<Case>& round_trips() {
  static const std::vector<Case> cases = {
      {"trim", {}, {"Kari"}, {"Kari"}},
      {"pad", {"5"}, {"42"}, {"00042"}},
      {"pad", {"5"}, {"0"}, {"00000"}},
      {"pad", {"2"}, {"42"}, {"42"}},
      {"prefix", {"HR-"}, {"7"}, {"HR-7"}},
      {"integer", {}, {"42"}, {"42"}},
      {"integer", {}, {"0"}, {"0"}},
      {"decimal_comma", {}, {"-12.5"}, {"-12,5"}},
      {"decimal_comma", {}, {"12"}, {"12"}},
      {"date_dotted", {}, {"2024-02-29"}, {"29.02.2024"}},
      {"date_compact", {}, {"2024-02-29"}, {"20240229"}},
      {"date_midnight", {}, {"2024-02-29"}, {"2024-02-29T00:00:00"}},
      {"se_clearing", {}, {"5201,1234565"}, {"5201", "1234565"}},
      {"se_clearing", {}, {"81059,0744202631"}, {"81059", "0744202631"}},
      {"no_account_iban", {}, {"36240734014"}, {"NO5336240734014"}},
      {"fi_account_iban", {}, {"123456-785"}, {"FI2112345600000785"}},
      {"fi_account_iban", {}, {"423456-781"}, {"FI5542345670000081"}},
      {"iban_with_bic", {}, {"FI2112345600000785", "NDEAFIHH"}, {"FI2112345600000785", "NDEAFIHH"}},
      {"phone_national", {}, {"+4740612345"}, {"40612345"}},
      {"phone_national", {}, {"+46701234567"}, {"+46701234567"}},
      {"phone_double_zero", {}, {"+4740612345"}, {"004740612345"}},
      {"phone_digits", {}, {"+4740612345"}, {"4740612345"}},
      {"alpha2_alpha3", {}, {"NO"}, {"NOR"}},
      {"postal_spaced", {}, {"0150"}, {"0150"}},
  };
  return cases;
}

}  // namespace

TEST_CASE("what an invertible conversion carries over it carries back") {
  std::set<std::string> covered;
  for (const Case& one : round_trips()) {
    INFO(one.name << ' ' << one.hub.front());
    const Transform* transform = find_transform(one.name);
    REQUIRE(transform != nullptr);
    covered.insert(one.name);
    REQUIRE(transform->invertible);
    CHECK(one.arguments.size() == transform->arguments);
    CHECK(one.hub.size() == transform->hub_arity);
    CHECK(one.provider.size() == transform->provider_arity);
    CHECK(run(transform->forward, one.hub, one.arguments) == one.provider);
    CHECK(run(transform->backward, one.provider, one.arguments) == one.hub);
  }
  for (const Transform& transform : transforms()) {
    INFO(transform.name);
    CHECK(transform.invertible == (transform.backward != nullptr));
    CHECK(transform.invertible == covered.contains(std::string(transform.name)));
    CHECK_FALSE(transform.summary.empty());
  }
}

TEST_CASE("an invertible conversion either returns the value or has no image for it") {
  const std::vector<std::string> odd = {"",
                                        "0",
                                        "007",
                                        "-5",
                                        "-05",
                                        " 5",
                                        "5 ",
                                        "x",
                                        "1.5",
                                        "1,5",
                                        "1.5,5",
                                        "2024-02-30",
                                        "0001-01-01",
                                        "9999-12-31",
                                        "+4740612345",
                                        "+358401234567",
                                        "+390612345678",
                                        "+12345",
                                        "+",
                                        "NOR",
                                        "no",
                                        "ZZ",
                                        "HR-",
                                        "HR-HR-1",
                                        "5201,1234565",
                                        "8105,744202631",
                                        "6112,456789014",
                                        "36240734014",
                                        "3624.07.34014",
                                        "123456-785",
                                        "123456-00000785",
                                        "423456-781",
                                        "FI2112345600000785",
                                        "999999-05",
                                        "99999900000005",
                                        "\xFF"};
  for (const Transform& transform : transforms()) {
    if (!transform.invertible || transform.hub_arity != 1) continue;
    const Given arguments(transform.arguments, transform.name == "pad" ? "6" : "HR-");
    for (const std::string& value : odd) {
      const Texts there = run(transform.forward, {value}, arguments);
      if (there.empty()) continue;
      INFO(transform.name << " '" << value << "' -> '" << there.front() << "'");
      const Texts back = run(transform.backward, there, arguments);
      REQUIRE(back.size() == 1);
      // The same in canonical form: what comes back goes over as the same again.
      CHECK(run(transform.forward, back, arguments) == there);
      if (transform.hub_type.empty() && transform.name != "trim" && transform.name != "fi_account_iban" &&
          transform.name != "integer")
        CHECK(back.front() == value);
    }
  }
}

TEST_CASE("leading zeros are never lost on the way to a number") {
  for (const char* name : {"integer", "pad"}) {
    const Transform* transform = find_transform(name);
    const Given arguments(transform->arguments, "6");
    CHECK(run(transform->forward, {"007"}, arguments).empty());
    CHECK(run(transform->forward, {"A7"}, arguments).empty());
  }
  CHECK(run(find_transform("pad")->forward, {"1234567"}, {"6"}).empty());
  CHECK(run(find_transform("pad")->forward, {"1"}, {"0"}).empty());
}

TEST_CASE("one-way conversions") {
  const auto forward = [](std::string_view name, const Given& in) {
    return run(find_transform(name)->forward, in, {});
  };
  CHECK(forward("upper", {"stra\xC3\x9F"
                          "e \xC3\xA5"}) == Texts{"STRASSE \xC3\x85"});
  CHECK(forward("lower", {"\xC3\x85SE I"}) == Texts{"\xC3\xA5se i"});
  CHECK(forward("digits", {"12 34-5"}) == Texts{"12345"});
  CHECK(forward("digits", {"x"}).empty());
  CHECK(forward("no_fnr_birth_date", {"13055700359"}) == Texts{"1957-05-13"});
  CHECK(forward("no_fnr_birth_date", {"55118800485"}) == Texts{"1988-11-15"});
  CHECK(forward("no_fnr_birth_date", {"13055700350"}).empty());
  CHECK(forward("fi_hetu_birth_date", {"290200B884U"}) == Texts{"2000-02-29"});
  CHECK(forward("se_personnummer_birth_date", {"120319+9854"}) == Texts{"1912-03-19"});
  CHECK(forward("se_personnummer_birth_date", {"770766-9847"}) == Texts{"1977-07-06"});
  CHECK(forward("se_personnummer_birth_date", {"910060-9826"}).empty());
  CHECK(forward("dk_cpr_birth_date", {"290200-9123"}) == Texts{"2000-02-29"});
}

TEST_CASE("the birth date of a test person is told on a test system") {
  CheckContext where = context();
  where.test_system = true;
  Texts out;
  const std::vector<std::string_view> in = {"13855700748"};
  REQUIRE(find_transform("no_fnr_birth_date")->forward(in, {}, where, out));
  CHECK(out == Texts{"1957-05-13"});
}

TEST_CASE("a BIC is looked up, never guessed") {
  const auto forward = [](std::string_view name, const Given& in) {
    return run(find_transform(name)->forward, in, {});
  };
  CHECK(forward("iban_bic", {"FI21 1234 5600 0007 85"}) == Texts{"NDEAFIHH"});
  CHECK(forward("iban_bic", {"DE89370400440532013000"}).empty());
  CHECK(forward("iban_with_bic", {"fi2112345600000785", ""}) == Texts{"FI2112345600000785", "NDEAFIHH"});
  CHECK(forward("iban_with_bic", {"DE89370400440532013000", ""}).empty());
  CHECK(forward("iban_with_bic", {"DE89370400440532013000", "cobadeff"}) ==
        Texts{"DE89370400440532013000", "COBADEFF"});
  CHECK(forward("iban_with_bic", {"DE89370400440532013000", "NDEAFIHH"}).empty());
  CHECK(forward("iban_with_bic", {"36240734014", "NDEANOKK"}).empty());
  const auto backward = [](const Given& in) { return run(find_transform("iban_with_bic")->backward, in, {}); };
  CHECK(backward({"fi2112345600000785", ""}) == Texts{"FI2112345600000785", "NDEAFIHH"});
  CHECK(backward({"DE89370400440532013000", ""}).empty());
  CHECK(backward({"DE89370400440532013000", "NDEAFIHH"}).empty());
}

TEST_CASE("Swedish accounts become IBANs by their bank's method") {
  const auto iban = [](const char* account) { return run(find_transform("se_account_iban")->forward, {account}, {}); };
  CHECK(iban("1274,0235305") == Texts{"SE4112000000012740235305"});
  CHECK(iban("6114,517182351") == Texts{"SE5860000000000517182351"});
  CHECK(iban("8327-9,0147258925") == Texts{"SE5580000832790147258925"});
  CHECK(iban("8327,0147258925") == Texts{"SE5580000832790147258925"});
  CHECK(iban("9960,3457") == Texts{});  // no method is published for Plusgirot
}

TEST_CASE("clearing number and account are joined even if they don't belong together") {
  const auto join = [](const Given& in) { return run(find_transform("se_clearing")->backward, in, {}); };
  CHECK(join({"", "86011117947"}) == Texts{",86011117947"});
  CHECK(join({"8105-9", "744202631"}) == Texts{"81059,0744202631"});
  CHECK(join({"", ""}).empty());
}
