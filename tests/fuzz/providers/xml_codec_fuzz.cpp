#include <cstddef>
#include <cstdint>

#include "providers/toolkit/xml_tree.hpp"
#include "tests/fuzz/providers/round_trip.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  using namespace dovetail;
  static const ir::Schema schema = test::xml_schema();
  test::check_round_trip(schema, std::string(bytes, bytes + size),
                         [](const std::string& t) { return providers::parse_xml("fuzz.xml", t, "employee"); });
  return 0;
}
