// A rule file's text and its lines: turns byte offsets into what people call a place.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace dovetail::dsl {

using Offset = std::uint32_t;  // bytes from the start of the text

// A range of bytes: [begin, end).
struct Span {
  Offset begin = 0;
  Offset end = 0;

  friend auto operator<=>(const Span&, const Span&) = default;
};

// Both count from 1; columns are characters (code points), not bytes.
struct Place {
  std::uint32_t line = 0;
  std::uint32_t column = 0;
};

class SourceFile {
 public:
  SourceFile(std::string name, std::string text);

  const std::string& name() const { return name_; }  // as messages name it
  std::string_view text() const { return text_; }
  std::string_view text(Span span) const { return text().substr(span.begin, span.end - span.begin); }

  // Offsets past the end give the place after the last character.
  Place place(Offset offset) const;
  // The other way; places past the end of their line give the line's end, lines past the last the text's.
  Offset offset(Place place) const;
  // Without its line break. Lines count from 1; a line that does not exist is empty.
  std::string_view line(std::uint32_t line) const;

 private:
  Offset characters_before(std::size_t end) const;

  std::string name_;
  std::string text_;
  std::vector<Offset> starts_;      // of each line
  std::vector<Offset> characters_;  // up to the end of each block of bytes, so that long lines cost no more than others
};

}  // namespace dovetail::dsl
