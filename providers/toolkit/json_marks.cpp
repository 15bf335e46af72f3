// The only file that includes the fast JSON parser, of which it uses the first of two stages.
#include "providers/toolkit/json_marks.hpp"

#include <simdjson.h>

#include <algorithm>

namespace dovetail::providers {

struct JsonMarks::Parser {
  simdjson::dom::parser parser;
};

JsonMarks::JsonMarks() : parser_(std::make_unique<Parser>()) {}
JsonMarks::~JsonMarks() = default;

std::span<const std::uint32_t> JsonMarks::find(std::string_view text) {
  constexpr std::size_t least = std::size_t{1} << 16U;
  simdjson::dom::parser& parser = parser_->parser;
  if (parser.capacity() < text.size() || !parser.implementation) {
    constexpr std::size_t levels = 1;  // the second stage keeps a stack of them
    if (parser.allocate(std::max(least, text.size()), levels) != simdjson::SUCCESS) return {};
  }
  simdjson::internal::dom_parser_implementation& stages = *parser.implementation;
  const auto* bytes = reinterpret_cast<const std::uint8_t*>(text.data());
  if (stages.stage1(bytes, text.size(), simdjson::stage1_mode::regular) != simdjson::SUCCESS) return {};
  return {stages.structural_indexes.get(), std::size_t{stages.n_structural_indexes} + 1};
}

}  // namespace dovetail::providers
