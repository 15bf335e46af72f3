// docs/types.md says what is so: every type and conversion is there, and the examples are run.
#include <catch2/catch.hpp>
#include <sstream>

#include "engine/values/transform.hpp"
#include "tests/engine/values/reference_tables.hpp"
#include "tests/places.hpp"

using namespace dovetail;

namespace {

std::string page() { return test::read_text(DOVETAIL_SOURCE_DIR "/docs/types.md"); }

// "| `value` | answer |" → value, answer; false for other lines.
bool split_row(std::string line, std::string& value, std::string& answer) {
  for (auto at = line.find("\\|"); at != std::string::npos; at = line.find("\\|", at)) line.replace(at, 2, "\x01");
  const auto middle = line.find("` | ");
  if (!line.starts_with("| `") || !line.ends_with(" |") || middle == std::string::npos) return false;
  value = line.substr(3, middle - 3);
  answer = line.substr(middle + 4, line.size() - middle - 6);
  for (char& c : value) c = c == '\x01' ? '|' : c;
  return true;
}

}  // namespace

TEST_CASE("every type and every conversion is on the page") {
  const std::string text = page();
  for (const CheckedType& type : checked_types()) {
    INFO(type.name);
    CHECK(text.find("\n## `" + std::string(type.name) + "`\n") != std::string::npos);
  }
  for (const Transform& transform : transforms()) {
    INFO(transform.name);
    const std::string name = "`" + std::string(transform.name);
    CHECK((text.find(name + "`") != std::string::npos || text.find(name + "(") != std::string::npos));
  }
}

TEST_CASE("the examples on the page are answered as it says") {
  std::istringstream lines(page());
  std::string type;
  int count = 0;
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with("# Conversions")) break;
    if (line.starts_with("## `")) type = line.substr(4, line.size() - 5);
    std::string value, answer;
    if (!split_row(line, value, answer)) continue;
    CheckContext where = test::context();
    const std::string region = value.substr(0, 2);
    if (find_type(type)->by_region) {
      where.region = region == "ZZ" ? std::string_view() : region;
      value.erase(0, 3);
    }
    std::string sent;
    const Fault found = find_type(type)->check(value, where, sent);
    INFO(type << " '" << value << "'");
    CHECK((found == Fault::none ? "`" + sent + "`" : "invalid: " + std::string(name(found))) == answer);
    ++count;
  }
  CHECK(count > 80);
}
