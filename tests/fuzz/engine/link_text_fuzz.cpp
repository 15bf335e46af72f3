// Bytes from a store may be anything: they are refused, or what they say is packed to bytes that say the same.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "engine/durable/link_text.hpp"

using namespace dovetail;

// Every number is a word, and the word of a number is its digits.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  std::string word;
  const auto word_of = [&](std::uint64_t number) -> std::optional<std::string_view> {
    word = std::to_string(number);
    return word;
  };
  const auto number_of = [](std::string_view text) -> std::uint64_t { return std::stoull(std::string(text)); };
  const auto link = unpack_link({reinterpret_cast<const char*>(bytes), size}, word_of);
  if (!link) return 0;
  const auto again = unpack_link(pack_link(*link, number_of), word_of);
  if (!again || *again != *link) std::abort();
  return 0;
}
