// Broken documents: each refused with what is wrong and where, whole or not at all.
#include <catch2/catch.hpp>
#include <string>

#include "providers/toolkit/json_tree.hpp"
#include "providers/toolkit/xml_tree.hpp"

using namespace dovetail;
using namespace dovetail::providers;

namespace {

std::string json_refusal(const std::string& text) {
  const auto tree = parse_json("huma.json", text, "items");
  return tree ? "accepted" : tree.error().what;
}

std::string ndjson_refusal(const std::string& text) {
  const auto tree = parse_ndjson("huma.ndjson", text);
  return tree ? "accepted" : tree.error().what;
}

std::string xml_refusal(const std::string& text) {
  const auto tree = parse_xml("netvisor.xml", text, "employee");
  return tree ? "accepted" : tree.error().what;
}

std::string repeated(const std::string& part, std::size_t times) {
  std::string text;
  for (std::size_t i = 0; i < times; ++i) text += part;
  return text;
}

}  // namespace

TEST_CASE("a truncated JSON document is refused at its end") {
  CHECK(json_refusal("{\"items\":[\n  {\"id\":\"1\"") ==
        "huma.json:2:12: not valid JSON: syntax error while parsing object - unexpected end of input; expected '}'");
}

TEST_CASE("text after a JSON document is refused") {
  CHECK_THAT(json_refusal("{\"items\":[]} x"), Catch::StartsWith("huma.json:1:14: not valid JSON"));
}

TEST_CASE("a number that no machine holds is refused, and shown") {
  CHECK(json_refusal("{\"items\":[\n{\"id\":1e99920}]}") == "huma.json:2:13: a number too large to be read: '1e99920'");
}

TEST_CASE("JSON in UTF-16 is refused by that name, with a mark in front and without") {
  for (const std::string& text :
       {std::string("\xFF\xFE[\0]\0", 6), std::string("[\0]\0", 4), std::string("\0[\0]", 4)}) {
    CHECK(json_refusal(text) == "huma.json:1:1: UTF-16 is not accepted: save the document as UTF-8");
  }
}

TEST_CASE("a list in the place of an object that leads to the records is not the list of them") {
  const auto refusal = [](const std::string& text) {
    const auto tree = parse_json("core.json", text, "data/people");
    return tree ? "accepted" : tree.error().what;
  };
  CHECK(refusal("{\"data\":{\"people\":[]}}") == "accepted");
  CHECK(refusal("[]") == "accepted");
  CHECK_THAT(refusal("{\"data\":[]}"), Catch::StartsWith("core.json:1:9: no `people` here"));
}

TEST_CASE("bytes that are no UTF-8 are refused in JSON") {
  CHECK(json_refusal("{\"items\":[{\"id\":\"\xC3(\"}]}") == "huma.json:1:18: byte 18 of this line is not UTF-8");
  CHECK(json_refusal("{\"items\":[\n{\"id\":\"å\xFF\"}]}") == "huma.json:2:9: byte 10 of this line is not UTF-8");
}

TEST_CASE("a name that stands twice in a JSON object is refused") {
  CHECK(json_refusal("{\"items\":[{\"id\":\"1\",\n \"id\":\"2\"}]}") ==
        "huma.json:2:5: `id` stands twice in one object");
}

TEST_CASE("JSON that is nested too deeply is refused") {
  CHECK(json_refusal("{\"items\":" + repeated("[", 200) + repeated("]", 200) + "}") ==
        "huma.json:1:109: more than 100 levels");
}

TEST_CASE("a hundred thousand open brackets are refused quickly") {
  CHECK_THAT(json_refusal(repeated("[", 100000)), Catch::EndsWith("more than 100 levels"));
}

TEST_CASE("a text that is too long for a record is refused") {
  CHECK_THAT(json_refusal("{\"items\":[{\"id\":\"" + std::string(std::size_t{1} << 21U, 'x') + "\"}]}"),
             Catch::EndsWith("a text longer than 2 MiB"));
}

TEST_CASE("a JSON document without the records is refused, and says what is missing") {
  CHECK(json_refusal("{\"users\":[]}") == "huma.json:1:1: no `items` here: the records of an export stand in it");
  CHECK(json_refusal("{\"items\":{}}") == "huma.json:1:10: a list of records must stand here");
  CHECK(json_refusal("{\"items\":[1]}") == "huma.json:1:11: a record must be an object");
  CHECK(json_refusal("7") == "huma.json:1:1: no `items` here: the records of an export stand in it");
}

TEST_CASE("a line of NDJSON that is broken is named") {
  CHECK_THAT(ndjson_refusal("{\"id\":\"1\"}\n\n{\"id\":\n"), Catch::StartsWith("huma.ndjson:3:"));
  CHECK(ndjson_refusal("{\"id\":\"1\"}\n[]\n") == "huma.ndjson:2:1: a record must be an object");
}

TEST_CASE("a document that ends in the middle of a character is said to be truncated, with line and byte") {
  const std::string cut = "the file ends in the middle of a character, at byte 17 of this line: it is truncated";
  CHECK(json_refusal("{\"items\":[\n{\"givenName\":\"Aå\xC3") ==
        "huma.json:2:17: " + cut.substr(0, cut.find("17")) + "18" + cut.substr(cut.find("17") + 2));
  CHECK(ndjson_refusal("{\"id\":\"1\"}\n{\"givenName\":\"AB\xE2\x82") == "huma.ndjson:2:17: " + cut);
  CHECK(xml_refusal("<Root>\n<firstname>Kalle\xF0\x9F\x98") == "netvisor.xml:2:17: " + cut);
  CHECK(ndjson_refusal("{\"givenName\":\"AB\xE2\x82\n{\"id\":\"1\"}\n") ==
        "huma.ndjson:1:17: byte 17 of this line is not UTF-8");
}

TEST_CASE("what stood there is not repeated, as it may be secret") {
  const std::string refused = json_refusal("{\"items\":[{\"account\":\"86011117947");
  CHECK_THAT(refused,
             Catch::StartsWith("huma.json:1:") && Catch::Contains("not valid JSON") && !Catch::Contains("86011117947"));
}

TEST_CASE("a truncated XML document is refused at its end") {
  CHECK_THAT(xml_refusal("<Root><employee>\n<firstname>Aino</firstname>"),
             Catch::StartsWith("netvisor.xml:2:27: not valid XML"));
}

TEST_CASE("elements that do not close each other are refused") {
  CHECK_THAT(xml_refusal("<Root><employee></Root></employee>"),
             Catch::StartsWith("netvisor.xml:1:") && Catch::Contains("not valid XML"));
}

TEST_CASE("document types are refused, so that no entity can be declared") {
  CHECK(xml_refusal("<?xml version=\"1.0\"?>\n<!DOCTYPE Root [<!ENTITY a \"b\">]>\n<Root>&a;</Root>") ==
        "netvisor.xml:2:1: document types are not accepted");
}

TEST_CASE("entities other than XML's own are refused") {
  CHECK(xml_refusal("<Root>\n  <a>&nbsp;</a></Root>") ==
        "netvisor.xml:2:6: not valid XML: an entity that is not XML's own");
  CHECK_THAT(xml_refusal("<Root><a>a & b</a></Root>"), Catch::EndsWith("an entity that is not XML's own"));
  for (const char* number : {"&#xD800;", "&#0;", "&#1;", "&#xFFFE;", "&#x110000;", "&#4294967361;"}) {
    INFO(number);
    CHECK_THAT(xml_refusal(std::string("<Root><a>") + number + "</a></Root>"),
               Catch::EndsWith("an entity that is not XML's own"));
  }
  CHECK(xml_refusal("<Root><employee><!-- & --><a><![CDATA[ & ]]>&#xE5;&amp;</a></employee></Root>") == "accepted");
}

TEST_CASE("bytes that are no UTF-8 are refused in XML") {
  CHECK(xml_refusal("<Root>\n<a>\xE5</a></Root>") == "netvisor.xml:2:4: byte 4 of this line is not UTF-8");
}

TEST_CASE("a document in ISO-8859-15 is read, one in another encoding is not") {
  const auto tree = parse_xml(
      "netvisor.xml",
      "<?xml version=\"1.0\" encoding=\"ISO-8859-15\"?><Root><employee><a>\xE5\xA4</a></employee></Root>", "employee");
  REQUIRE(tree);
  const std::vector<std::string> order = {"a"};
  const WirePath path = {{.name = "a", .order = &order}};
  CHECK((*tree)->look((*tree)->record(0), path)->text == "å€");
  CHECK_THAT(xml_refusal("<?xml version=\"1.0\" encoding=\"koi8-r\"?><Root/>"),
             Catch::EndsWith("encoding `koi8-r` is not accepted: save it as UTF-8"));
}

TEST_CASE("two roots, or text beside the root, are refused") {
  CHECK(xml_refusal("<Root></Root><Root></Root>") == "netvisor.xml:1:14: a second root element");
  CHECK(xml_refusal("<Root></Root> more") == "netvisor.xml:1:15: text outside the root element");
  CHECK(xml_refusal("<Root>\n</Root>\n <!-- a --> \n  tail") == "netvisor.xml:4:3: text outside the root element");
  CHECK(xml_refusal("\n x <Root></Root>") == "netvisor.xml:2:2: text outside the root element");
  CHECK_THAT(xml_refusal("just text"), Catch::Contains("not valid XML"));
}

TEST_CASE("XML that is nested too deeply is refused") {
  CHECK_THAT(xml_refusal(repeated("<a>", 50000) + repeated("</a>", 50000)), Catch::EndsWith("more than 100 levels"));
}

TEST_CASE("an attribute that stands twice is refused") {
  CHECK(xml_refusal("<Root><employee a=\"1\" a=\"2\"/></Root>") ==
        "netvisor.xml:1:7: attribute `a` stands twice in `employee`");
}

TEST_CASE("control characters are refused in XML") {
  CHECK(xml_refusal(std::string("<Root>\x01</Root>")) == "netvisor.xml:1:7: a control character");
}

TEST_CASE("XML without a record is an export that is not complete") {
  const auto tree = parse_xml("netvisor.xml", "<Root><ResponseStatus/></Root>", "employee");
  REQUIRE(tree);
  CHECK((*tree)->size() == 0);
  CHECK((*tree)->shortfall() == "netvisor.xml holds no `employee` element");
}

TEST_CASE("a JSON document that announces more records than it holds is not complete") {
  const auto tree = parse_json("huma.json", "{\"items\":[{\"id\":\"1\"}],\"total\":60}", "items");
  REQUIRE(tree);
  CHECK((*tree)->shortfall() == "huma.json announces 60 records and holds 1");
}

TEST_CASE("a JSON document that announces no number of records is refused") {
  const auto document = [](const std::string& total) {
    return parse_json("huma.json", "{\"total\": " + total + ",\n \"items\":[{\"id\":\"1\"}]}", "items");
  };
  for (const std::string total : {"\"7\"", "\"\"", "-1", "1.5", "1e0", "true", "null", "{}", "[1]"}) {
    const auto tree = document(total);
    INFO(total);
    REQUIRE_FALSE(tree);
    CHECK(tree.error().kind == Error::Kind::input);
    CHECK(tree.error().what == "huma.json:1:11: `total` says how many records there are: a whole number, 0 or more");
  }
  for (const std::string total : {"0", "1"}) CHECK(document(total).value()->shortfall().empty());
  CHECK(document("99999999999999999999").value()->shortfall() ==
        "huma.json announces 99999999999999999999 records and holds 1");
}
