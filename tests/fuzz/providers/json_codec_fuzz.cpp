#include <cstddef>
#include <cstdint>

#include "providers/toolkit/json_tree.hpp"
#include "tests/fuzz/providers/round_trip.hpp"
#include "tests/providers/lines_agree.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  using namespace dovetail;
  static const ir::Schema schema = test::wrapped_json_schema();
  const std::string text(bytes, bytes + size);
  test::check_round_trip(schema, text,
                         [](const std::string& t) { return providers::parse_json("fuzz.json", t, "items"); });
  const auto lines = providers::parse_ndjson("fuzz.ndjson", text);
  if (lines && !providers::parse_ndjson("fuzz.ndjson", (*lines)->text())) std::abort();
  const ir::Layout layout = ir::Layout::whole(schema);
  if (!test::read_alike(schema, layout, {}, text)) std::abort();
  return 0;
}
