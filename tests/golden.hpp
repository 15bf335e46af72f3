// Golden files: what a person reads is compared with a file under tests/golden. DOVETAIL_UPDATE_GOLDEN=1 rewrites the
// file, and the run that rewrites fails: review reads the difference.
#pragma once
#include "tests/places.hpp"

#include <catch2/catch.hpp>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

namespace dovetail::test {

inline std::string read_text(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

// `name` is below tests/golden: "docs/netvisor.md".
inline void compare_golden(const std::string& name, const std::string& text) {
  const std::filesystem::path path = std::filesystem::path(DOVETAIL_SOURCE_DIR) / "tests" / "golden" / name;
  const char* update = std::getenv("DOVETAIL_UPDATE_GOLDEN");
  if (update != nullptr && *update == '1') {
    if (std::filesystem::exists(path) && read_text(path) == text) return;
    std::filesystem::create_directories(path.parent_path());
    std::ofstream(path, std::ios::binary) << text;
    FAIL_CHECK("rewrote tests/golden/" << name);
    return;
  }
  INFO("tests/golden/" << name << " differs; DOVETAIL_UPDATE_GOLDEN=1 rewrites it");
  CHECK(read_text(path) == text);
}

}  // namespace dovetail::test
