#include "providers/toolkit/json_lines.hpp"

#include <catch2/catch.hpp>
#include <cstdlib>
#include <filesystem>
#include <random>
#include <sstream>

#include "dsl/compile.hpp"
#include "tests/engine/values/reference_tables.hpp"
#include "tests/places.hpp"
#include "tests/providers/lines_agree.hpp"
#include "tests/providers/small_schema.hpp"

using namespace dovetail;
using namespace dovetail::test;

namespace {

ir::Schema schema_of(const std::string& system) {
  std::vector<dsl::Diagnostic> found;
  const auto read = [](const std::string& path) -> Result<std::string> {
    return read_text(std::string(DOVETAIL_SOURCE_DIR "/rules/") + path);
  };
  const auto loaded = dsl::load("schemas/" + system + ".schema.map", read, found);
  REQUIRE(loaded.has_value());
  dsl::CompileResult compiled = dsl::compile(*loaded, std::move(found), {.tables = &tables()});
  REQUIRE(compiled.schema.has_value());
  return *std::move(compiled.schema);
}

// The lines of both exports of made-up people: Huma's, and that of the system.
std::array<std::vector<std::string>, 2> people(const std::string& system) {
  std::string folder = (std::filesystem::temp_directory_path() / "dovetail-XXXXXX").string();
  REQUIRE(::mkdtemp(folder.data()) != nullptr);
  const std::string command =
      std::string(DOVETAIL_BINARY_DIR "/bin/make_people --ndjson --count 150 --seed 7 --system ") + system + " --out " +
      folder;
  REQUIRE(std::system(command.c_str()) == 0);
  std::array<std::vector<std::string>, 2> result;
  for (std::size_t side = 0; side < 2; ++side) {
    std::istringstream text(read_text(folder + "/" + (side == 0 ? "huma" : system) + ".ndjson"));
    for (std::string line; std::getline(text, line);) result[side].push_back(line + "\n");
  }
  std::filesystem::remove_all(folder);
  return result;
}

void check_same(const ir::Schema& schema, const std::string& text) {
  const ir::Layout layout = ir::Layout::whole(schema);
  INFO(text);
  CHECK(read_as_lines(schema, layout, context(), text).outcome == read_as_trees(schema, layout, context(), text));
}

using Random = std::mt19937;

std::size_t below(Random& random, std::size_t limit) { return random() % limit; }

// The line with one value, name or byte of it replaced.
std::string damaged(std::string line, Random& random) {
  static const std::vector<std::string> odd = {"null",
                                               "{}",
                                               "[]",
                                               "\"\"",
                                               "[null]",
                                               "[{}]",
                                               "\"hidden\"",
                                               "1e3",
                                               "-0",
                                               "12.50",
                                               "true",
                                               "{\"value\":null}",
                                               "{\"value\":\"x\"}",
                                               "\"2024-02-30\"",
                                               "\"\\ud800\"",
                                               "\"\\u00e6\"",
                                               "\"\xC3\"",
                                               "18446744073709551616",
                                               "\" \"",
                                               "{\"a\":1,\"a\":2}",
                                               "[[{\"b\":1,\"b\":2}]]",
                                               "\"0\"",
                                               "\"1\"",
                                               "\"2024-01-31T00:00:00\""};
  std::vector<std::size_t> colons, quotes;
  for (std::size_t i = 0; i + 1 < line.size(); ++i) {
    if (line[i] == ':' && line[i - 1] == '"') colons.push_back(i);
    if (line[i] == '"') quotes.push_back(i);
  }
  const std::string& value = odd[below(random, odd.size())];
  const std::size_t colon = colons[below(random, colons.size())];
  switch (below(random, 7)) {
    case 0:
      return line.erase(below(random, line.size()), 1);
    case 1: {  // a value of another kind
      std::size_t end = colon + 1;
      if (line[end] == '"') end = line.find('"', end + 1) + 1;
      while (std::string(",}]").find(line[end]) == std::string::npos) ++end;
      return line.replace(colon + 1, end - colon - 1, value);
    }
    case 2:  // one more member, perhaps of a known name
      return line.insert(
          1, "\"" + std::vector<std::string>{"id", "x", "email", "Email", "value", "EMAIL"}[below(random, 6)] +
                 "\":" + value + ",");
    case 3: {  // another case
      const std::size_t begin = line.rfind('"', colon - 2);
      line[begin + 1] = static_cast<char>(line[begin + 1] ^ 0x20);
      return line;
    }
    case 4:  // a member less
    {
      const std::size_t begin = line.rfind('"', colon - 2);
      return line.replace(begin + 1, colon - begin - 2, "gone");
    }
    case 5:  // a name twice
    {
      const std::size_t begin = line.rfind('"', colon - 2);
      return line.insert(begin, line.substr(begin, colon - begin) + ":" + value + ",");
    }
    default:
      return line.insert(below(random, line.size()), 1, "{}[],:\"\\ \t\r0\x01\xC3"[below(random, 15)]);
  }
}

}  // namespace

TEST_CASE("exports read line by line give what they give as trees, for every system") {
  for (const std::string system : {"netvisor", "poweroffice_go", "finago"}) {
    const auto both = system == "netvisor" ? people("finago") : people(system);
    for (std::size_t side = 0; side < 2; ++side) {
      if (system == "netvisor" && side == 1) continue;  // Netvisor speaks XML
      const ir::Schema schema = schema_of(side == 0 ? "huma" : system);
      const ir::Layout layout = ir::Layout::whole(schema);
      std::string text;
      for (const std::string& line : both[side]) text += line;
      const LinesRead read = read_as_lines(schema, layout, context(), text);
      INFO(system << " side " << side);
      CHECK(read.outcome == read_as_trees(schema, layout, context(), text));
      CHECK(read.lines == both[side].size());
      CHECK(read.odd_lines == 0);  // none of them needed a tree
    }
  }
}

TEST_CASE("damaged lines are read, or refused with the same words, as trees are") {
  Random random(11);
  for (const std::string system : {"poweroffice_go", "finago"}) {
    const auto both = people(system);
    for (std::size_t side = 0; side < 2; ++side) {
      const ir::Schema schema = schema_of(side == 0 ? "huma" : system);
      for (int round = 0; round < 700; ++round) {
        std::string line = both[side][below(random, both[side].size())];
        for (std::size_t times = 1 + below(random, 2); times > 0; --times) line = damaged(line, random);
        // The names of a good line are learnt before, and the damaged one is not the first.
        check_same(schema, both[side][0] + line + both[side][1]);
      }
    }
  }
}

TEST_CASE("members wrapped, unwrapped, masked and left out are read alike, line by line and as trees") {
  const ir::Schema schema = wrapped_json_schema();
  for (const char* line : {
           R"({"id":"1","email":{"value":"a@example.com"},"birthDate":{"editable":true}})",
           R"({"id":"1","email":"a@example.com"})",
           R"({"id":{"value":"7"},"positions":[{"id":"p","title":"Cook"}]})",
           R"({"id":"1","nationalId":"hidden","homeAddress":{"value":null}})",
           R"({"id":"1","homeAddress":{"line1":"Gata 1"}})",
           R"({"id":"1","homeAddress":"Gata 1"})",
           R"({"id":"1","homeAddress":""})",
           R"({"id":"1","homeAddress":[]})",
           R"({"id":"1","homeAddress":[{"line1":"Gata 1"}]})",
           R"({"id":"1","homeAddress":{"value":"Gata 1"}})",
           R"({"id":"1","positions":[{"id":"p","title":{}}]})",
           R"({"id":"1","status":{}})",
           R"({"id":"1","homeAddress":{"editable":true},"positions":null})",
           R"({"id":"1","positions":[{"id":"p"},{"id":"p"}]})",
           R"({"id":"1","positions":{"value":[{"id":"p"}]}})",
           R"({"id":"1","positions":[7]})",
           R"({"id":"1","positions":"x"})",
           R"({"ID":"1","Email":{"Value":"A@example.com"}})",
           R"({"id":"1","a":{"a":1,"b":[{"c":1,"c":2}]}})",
           R"({"id":12345678901234567890,"email":{"value":37.50}})",
           R"({"id":-0})",
           R"({"id":"\ud83d\ude00"})",
           R"({"id":"\udc00"})",
           R"({"id":"\u0000"})",
           R"({"id":null})",
           R"({"email":"a"})",
           R"([])",
           R"(7)",
           "",
           "\xEF\xBB\xBF",
       }) {
    check_same(schema, std::string(line) + "\n");
    check_same(schema, std::string(R"({"id":"0"})") + "\r\n\n" + line);
    check_same(schema, std::string("\xEF\xBB\xBF") + line + "\n");
  }
}

TEST_CASE("names and values with escapes or blanks around them are read as trees read them") {
  const ir::Schema schema = wrapped_json_schema();
  for (const char* line : {
           R"({"i\u0064":"1","email":{"v\u0061lue":"a@example.com"}})",
           R"({"id":"1","a\"b":1,"a\"b":2})",
           R"({"id":"1","a\\b":1,"a\b":2})",
           R"({"id":"1","a\b":1})",
           R"({"id":"1\t\"\/\\\b\f\n\r","x":"\x"})",
           R"({"id":"\u00e6\u20AC\u0041","email":"\u12"})",
           R"({"id":"\u+041"})",
           R"({"id":"\u12G4"})",
           R"({"id":"1","x":"\)",
           "{ \t\"id\" : \"1\" , \"email\":\r{ \"value\" : \" a@example.com \" } }",
           "{\"id\"\f:\"1\"}",
           R"({"id" "1"})",
           R"({"id""":"1"})",
           R"({"id"x:"1"})",
           R"({"id":"1"x})",
           R"({"id":"1" "2"})",
           R"({"id":1 2})",
           R"({"id":"1",})",
           R"({,"id":"1"})",
           R"({"id":"1"}})",
           R"({"id":"1"]})",
           R"({"id":"1"} {"id":"2"})",
           R"({"id":"1","x":[1,]})",
           R"({"id":"1","x":[,1]})",
           R"({"id":"1","x":[1 2]})",
           R"({"id":"1","positions":[{"id":"p"} {"id":"q"}]})",
           R"({"id":"1","positions":[{"id":"p"},]})",
           R"({"id":"1","x":truex})",
           R"({"id":"1","x":nul})",
           R"({"id":"1","x":True})",
           R"({"id":"1","x":[01,1]})",
           R"({"id":"1","x":[-,1]})",
           R"({"id":"1","x":[1.,1]})",
           R"({"id":"1","x":[.5,1]})",
           R"({"id":"1","x":[1e5,1.5e-3,1E+2,-0.0,1e999]})",
           R"({"id":"1","x":[+1]})",
           R"({"id":"1","x":[123456789012345678901234567890.5]})",
           R"({"id":1234567890123456789})",
           R"({"id":-5})",
       }) {
    INFO(line);
    check_same(schema, std::string(R"({"id":"0","email":{"value":"b@example.com"},"a\\b":0})") + "\n" + line + "\n");
    check_same(schema, line);
  }
}

TEST_CASE("a line that is cut anywhere is refused with the words of the tree") {
  const std::string line =
      R"({"id":"1","x":[1,true,null,{"a":"b"}],"email":{"value":"a@example.com"},"positions":[{"id":"p","title":"Cook"}]})";
  for (std::size_t length = 0; length <= line.size(); ++length) {
    check_same(wrapped_json_schema(), line + "\n" + line.substr(0, length));
    check_same(wrapped_json_schema(), line.substr(0, length) + "\n" + line);
  }
}

TEST_CASE("deep and long lines are judged as trees are") {
  const ir::Schema schema = wrapped_json_schema();
  for (const std::size_t depth : {50U, 88U, 89U, 90U, 98U, 99U, 100U, 101U, 5000U}) {
    check_same(schema, R"({"id":"1","x":)" + std::string(depth, '[') + std::string(depth, ']') + "}\n");
  }
  for (const std::size_t length : {(1U << 21U) - 30, (1U << 21U) - 1, 1U << 21U}) {
    const LinesRead read = read_as_lines(schema, ir::Layout::whole(schema), context(),
                                         R"({"id":"1","email":")" + std::string(length, 'x') + "\"}\n");
    CHECK(read.odd_lines == 1);
    CHECK((read.outcome.find("a text longer than 2 MiB") != std::string::npos) == (length == 1U << 21U));
  }
}

TEST_CASE("a line that begins with a zero byte is no UTF-16, unless the file begins so") {
  using namespace std::string_literals;
  const auto outcome = [](const std::string& text) {
    const ir::Schema schema = wrapped_json_schema();
    check_same(schema, text);
    return read_as_lines(schema, ir::Layout::whole(schema), context(), text).outcome;
  };
  for (const std::string& text : {"\0"s, "\n\0{"s, "\n\0\n"s, "{\0"s}) {
    CHECK_THAT(outcome(text), Catch::Contains("in.ndjson:1:1: UTF-16 is not accepted"));
  }
  for (const std::string& text :
       {"  \n\0"s, "\r\n\0"s, "\xEF\xBB\xBF\n\0"s, "{\"id\":\"1\"}\n\0{"s, "{\"id\":\"1\"}\n\xFF\xFE"s}) {
    CHECK_THAT(outcome(text), Catch::Contains("in.ndjson:2:1: "));
  }
}

TEST_CASE("an object of more names than usual is read all the same") {
  std::string line = R"({"id":"1")";
  for (int i = 0; i < 200; ++i) line += ",\"n" + std::to_string(i) + "\":1";
  check_same(wrapped_json_schema(), line + "}\n");
  check_same(wrapped_json_schema(), line + ",\"n7\":2}\n");
}

TEST_CASE("two lines with one id are both named") {
  const ir::Schema schema = wrapped_json_schema();
  const ir::Layout layout = ir::Layout::whole(schema);
  providers::JsonLines lines("in.ndjson", schema, layout, {});
  Snapshot snapshot(layout);
  REQUIRE(lines.take("{\"id\":\"a\"}\n\n{\"id\":\"b\"}\n", snapshot));
  CHECK(lines.check_ids(snapshot));
  REQUIRE(lines.take("{\"id\":\"c\"}\n{\"ID\":\"b\"}", snapshot));
  CHECK(lines.check_ids(snapshot).error().what ==
        "in.ndjson:5: a second record with the id b; the first is at in.ndjson:3");
}
