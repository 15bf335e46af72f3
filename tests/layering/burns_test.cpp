// Holds docs/burns.md to tests that there are.
#include <algorithm>
#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <regex>
#include <sstream>
#include <string>
#include "tests/places.hpp"

namespace {

namespace fs = std::filesystem;

std::string text_of(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

}  // namespace

TEST_CASE("every test that the page of burns names is there, and every burn has one") {
  const fs::path root = DOVETAIL_SOURCE_DIR;
  std::string tests = text_of(root / "tests" / "CMakeLists.txt");
  for (const auto& each : fs::recursive_directory_iterator(root / "tests")) {
    if (each.path().extension() == ".cpp") tests += text_of(each.path());
  }
  // A name that is too long for its line goes on in the next one.
  tests = std::regex_replace(tests, std::regex("\"\\n *\""), "");
  std::istringstream page(text_of(root / "docs" / "burns.md"));
  std::size_t burns = 0;
  for (std::string line; std::getline(page, line);) {
    if (!line.starts_with("| ") || line.starts_with("| burn") || line.starts_with("| property") ||
        line.starts_with("| ---"))
      continue;
    ++burns;
    std::size_t named = 0;
    const std::regex quoted("\"([^\"]+)\"");
    for (std::sregex_iterator at(line.begin(), line.end(), quoted), end; at != end; ++at) {
      INFO((*at)[1].str());
      CHECK(tests.find("\"" + (*at)[1].str() + "\"") != std::string::npos);
      ++named;
    }
    INFO(line);
    CHECK(named > 0);
  }
  CHECK(burns > 20);
}
