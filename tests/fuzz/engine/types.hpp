// What must hold of a checked type for every input: the body of its fuzzer.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <initializer_list>

#include "engine/values/unicode.hpp"
#include "tests/engine/values/reference_tables.hpp"

namespace dovetail::fuzz {

inline void demand(bool holds) {
  if (!holds) std::abort();
}

// The first byte chooses region, day and kind of system.
inline void try_type(std::string_view name, const std::uint8_t* bytes, std::size_t size) {
  using namespace std::chrono;
  if (size == 0) return;
  constexpr std::array<std::string_view, 8> regions = {"", "NO", "SE", "DK", "FI", "GB", "NL", "ZZ"};
  const CheckContext context = {.tables = &test::tables(),
                                .today = (bytes[0] & 8U) != 0 ? 2026y / November / 21d : 2032y / January / 1d,
                                .region = regions[bytes[0] & 7U],
                                .test_system = (bytes[0] & 16U) != 0};
  const std::string raw(reinterpret_cast<const char*>(bytes) + 1, size - 1);
  const CheckedType& type = *find_type(name);
  std::string sent = "x";
  const Fault fault = type.check(raw, context, sent);
  demand(sent.starts_with("x"));
  if (fault != Fault::none) {
    demand(sent == "x" && !describe(type, fault).empty());
    return;
  }
  sent.erase(0, 1);
  demand(!sent.empty() && is_utf8(sent));
  std::string again;
  if (!type.of_two) demand(type.check(sent, context, again) == Fault::none && again == sent);
  demand(same_key(type, sent, sent));
}

}  // namespace dovetail::fuzz

// The fuzzer of the types listed: the first byte of the input chooses one.
#define DOVETAIL_FUZZ_TYPES(...)                                                                         \
  extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {                   \
    const std::initializer_list<std::string_view> names = {__VA_ARGS__};                                 \
    if (size > 0) dovetail::fuzz::try_type(names.begin()[bytes[0] % names.size()], bytes + 1, size - 1); \
    return 0;                                                                                            \
  }
