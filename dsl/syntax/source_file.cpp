#include "dsl/syntax/source_file.hpp"

#include <algorithm>

namespace dovetail::dsl {
namespace {

constexpr std::size_t block = 4096;  // bytes

// Bytes that begin a character.
Offset count_characters(std::string_view text) {
  return static_cast<Offset>(
      std::ranges::count_if(text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

}  // namespace

SourceFile::SourceFile(std::string name, std::string text) : name_(std::move(name)), text_(std::move(text)) {
  starts_.push_back(0);
  for (std::size_t i = 0; i < text_.size(); ++i) {
    if (text_[i] == '\n') starts_.push_back(static_cast<Offset>(i + 1));
  }
  for (std::size_t i = 0; i < text_.size(); i += block) {
    const Offset before = characters_.empty() ? 0 : characters_.back();
    characters_.push_back(before + count_characters(std::string_view(text_).substr(i, block)));
  }
}

Offset SourceFile::characters_before(std::size_t end) const {
  const std::size_t whole = end / block;
  return (whole == 0 ? 0 : characters_[whole - 1]) + count_characters(text().substr(whole * block, end % block));
}

Place SourceFile::place(Offset offset) const {
  const auto end = std::min<std::size_t>(offset, text_.size());
  const auto after = std::ranges::upper_bound(starts_, static_cast<Offset>(end));
  const Offset start = *(after - 1);
  const Offset before = end - start <= block ? count_characters(text().substr(start, end - start))
                                             : characters_before(end) - characters_before(start);
  return {static_cast<std::uint32_t>(after - starts_.begin()), before + 1};
}

Offset SourceFile::offset(Place place) const {
  if (place.line == 0) return 0;
  if (place.line > starts_.size()) return static_cast<Offset>(text_.size());
  const std::string_view text = line(place.line);
  std::size_t byte = 0;
  for (std::uint32_t column = 1; column < place.column && byte < text.size(); ++column) {
    do ++byte;
    while (byte < text.size() && (static_cast<unsigned char>(text[byte]) & 0xC0U) == 0x80U);
  }
  return starts_[place.line - 1] + static_cast<Offset>(byte);
}

std::string_view SourceFile::line(std::uint32_t line) const {
  if (line == 0 || line > starts_.size()) return {};
  const Offset begin = starts_[line - 1];
  std::size_t end = line < starts_.size() ? starts_[line] - 1 : text_.size();
  if (end > begin && text_[end - 1] == '\r') --end;
  return text().substr(begin, end - begin);
}

}  // namespace dovetail::dsl
