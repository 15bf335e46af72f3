// Every example of the rules, and what holds for each of them whatever the type.
#include <catch2/catch.hpp>
#include <set>
#include <sstream>
#include <vector>

#include "tests/engine/values/reference_tables.hpp"
#include "tests/places.hpp"

using namespace dovetail;

namespace {

struct Example {
  std::string type, value, verdict, why;
  std::string region;
};

// \xHH is the only escape that the file uses.
std::string unescaped(const std::string& text) {
  std::string result;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\\' && text[i + 1] == 'x') {
      result.push_back(static_cast<char>(std::stoi(text.substr(i + 2, 2), nullptr, 16)));
      i += 3;
    } else {
      result.push_back(text[i]);
    }
  }
  return result;
}

std::vector<Example> examples() {
  std::vector<Example> result;
  std::istringstream file(test::read_text(DOVETAIL_SOURCE_DIR "/tests/engine/values/examples.tsv"));
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with("#")) continue;
    std::istringstream cells(line);
    Example example;
    std::getline(cells, example.type, '\t');
    std::getline(cells, example.value, '\t');
    std::getline(cells, example.verdict, '\t');
    std::getline(cells, example.why);
    example.value = unescaped(example.value);
    if (example.type == "phone" || example.type == "postal_code") {
      example.region = example.value.starts_with("ZZ") ? "" : example.value.substr(0, 2);
      example.value.erase(0, 3);
    }
    result.push_back(example);
  }
  return result;
}

CheckContext context(const Example& example) {
  CheckContext result = test::context();
  result.region = example.region;
  return result;
}

}  // namespace

TEST_CASE("every example of the rules is judged as it says") {
  const auto all = examples();
  REQUIRE(all.size() == 190);
  for (const Example& example : all) {
    INFO(example.type << " '" << example.value << "': " << example.why);
    const Fault found = test::fault(example.type, example.value, context(example));
    CHECK((found == Fault::none ? "valid" : "invalid") == example.verdict);
  }
}

TEST_CASE("a canonical form is its own canonical form, and has the key of the value") {
  for (const Example& example : examples()) {
    const CheckedType& type = *find_type(example.type);
    if (type.of_two) continue;
    INFO(example.type << " '" << example.value << "'");
    const std::string sent = test::canonical(example.type, example.value, context(example));
    if (sent.empty()) continue;
    CHECK(test::canonical(example.type, sent, context(example)) == sent);
    CHECK(same_key(type, sent, sent));
  }
}

TEST_CASE("outer space, tab, CR and LF are cut, nothing else is") {
  for (const Example& example : examples()) {
    if (example.type == "name_equal" || example.type == "email_equal") continue;
    INFO(example.type << " '" << example.value << "'");
    const std::string sent = test::canonical(example.type, example.value, context(example));
    CHECK(test::canonical(example.type, " \t\r\n" + example.value + "\n\r\t ", context(example)) == sent);
    if (example.verdict == "invalid") continue;
    for (const char* kept : {"\v", "\f", "\xC2\xA0", "\xE2\x80\x8B", "\xEF\xBB\xBF"}) {
      CHECK(test::canonical(example.type, kept + example.value, context(example)).empty());
      // In a domain UTS #46 drops what can't be seen, wherever it stands.
      const bool is_dropped = example.type == "email" && std::string_view(kept).size() == 3;
      CHECK(test::canonical(example.type, example.value + kept, context(example)) == (is_dropped ? sent : ""));
    }
  }
}

TEST_CASE("what is not UTF-8, or holds NUL, is invalid wherever it stands") {
  for (const Example& example : examples()) {
    if (example.verdict == "invalid" || example.type == "name_equal") continue;
    for (std::size_t at = 0; at <= example.value.size(); ++at) {
      for (const char* bytes : {"\xFF", "\xC0\x80", "\xED\xA0\x80", "\xF4\x90\x80\x80"}) {
        INFO(example.type << " '" << example.value << "' at " << at);
        CHECK(test::canonical(example.type, std::string(example.value).insert(at, bytes), context(example)).empty());
      }
      CHECK(test::canonical(example.type, std::string(example.value).insert(at, 1, '\0'), context(example)).empty());
    }
  }
  CHECK(test::fault("name_equal", "Jan\xFF|Jan\xFF") == Fault::not_utf8);
}

TEST_CASE("an invalid value appends nothing and has a sentence and a code") {
  for (const CheckedType& type : checked_types()) {
    for (const std::string_view raw :
         {"", "x", "\xFF", "12345678901234567890123456789012345678901234567890", "0000-00-00"}) {
      std::string sent = "before";
      const Fault found = type.check(raw, test::context(), sent);
      INFO(type.name << " '" << raw << "'");
      if (found == Fault::none) continue;
      CHECK(sent == "before");
      CHECK_FALSE(name(found).empty());
      CHECK_FALSE(describe(type, found).empty());
      CHECK(describe(type, found).back() != '.');
    }
  }
}

TEST_CASE("no type is listed twice, and each has examples or is a plain one") {
  std::set<std::string_view> names;
  for (const CheckedType& type : checked_types()) CHECK(names.insert(type.name).second);
  for (const Example& example : examples()) CHECK(names.contains(example.type));
}
