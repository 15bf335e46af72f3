// The tables of the source tree, read once, for the tests of types and conversions.
#pragma once
#include "tests/places.hpp"

#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>

#include "engine/values/reference_tables.hpp"
#include "engine/values/type.hpp"

namespace dovetail::test {

inline std::string read_text(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) throw std::runtime_error("can't read " + path);
  return {std::istreambuf_iterator<char>(file), {}};
}

inline TableTexts table_texts() {
  const auto file = [](const std::string& name) {
    return TableTexts::File{name, read_text(std::string(DOVETAIL_SOURCE_DIR "/rules/tables/") + name)};
  };
  return {file("countries.tsv"), file("iban.tsv"), file("se_clearing.tsv"), file("banks.tsv")};
}

inline const ReferenceTables& tables() {
  static const ReferenceTables result = ReferenceTables::parse(table_texts()).value();
  return result;
}

// A day that no example depends on, and no region.
inline CheckContext context() {
  using namespace std::chrono;
  return {.tables = &tables(), .today = 2026y / November / 21d, .region = {}, .test_system = false};
}

// The canonical form; "" if the value is invalid.
inline std::string canonical(std::string_view type, std::string_view raw, const CheckContext& where = context()) {
  std::string sent;
  return find_type(type)->check(raw, where, sent) == Fault::none ? sent : std::string();
}

inline Fault fault(std::string_view type, std::string_view raw, const CheckContext& where = context()) {
  std::string sent;
  return find_type(type)->check(raw, where, sent);
}

}  // namespace dovetail::test
