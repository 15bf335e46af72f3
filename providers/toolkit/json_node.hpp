// A JSON document as a tree that remembers where each part stood, so that what is not edited is written as it was.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory_resource>
#include <string>
#include <string_view>

#include "engine/error.hpp"

namespace dovetail::providers {

struct JsonNode {
  enum class Kind : std::uint8_t { null, boolean, number, text, object, array };
  Kind kind = Kind::null;
  bool edited = false;             // here or below
  std::string_view name;           // in an object
  std::string_view text;           // scalars: unescaped text, digits as written, true or false
  std::size_t begin = 0, end = 0;  // where it stands in the text; a scalar only has its end. Not for made nodes
  JsonNode* parent = nullptr;
  JsonNode* first = nullptr;
  JsonNode* last = nullptr;
  JsonNode* next = nullptr;

  bool is_composite() const { return kind == Kind::object || kind == Kind::array; }
  // The member of that name; exactly, else ignoring ASCII case; nullptr: none.
  JsonNode* find(std::string_view wanted) const;
  // Appends, or stands after `before` (nullptr: as the first).
  void append(JsonNode* child);
  void insert_after(JsonNode* before, JsonNode* child);
  void mark_edited();
};

// Nodes and their texts live as long as this.
class JsonArena {
 public:
  JsonNode* make(JsonNode::Kind kind, std::string_view text = {});
  std::string_view keep(std::string_view text);

 private:
  std::pmr::monotonic_buffer_resource memory_{std::size_t{1} << 16U};
};

// Parses text[begin, end). Errors name the place in the whole text.
Result<JsonNode*> parse_json_value(std::string_view file, std::string_view text, std::size_t begin, std::size_t end,
                                   JsonArena& arena);

// How a document is laid out, as far as new parts need it.
struct JsonLayout {
  std::string indent;      // of one level; empty and no line breaks: all on one line
  std::string line_break;  // "\n", "\r\n", or empty
  bool blank_after_comma = false, blank_after_colon = false;

  static JsonLayout of(std::string_view text);
};

// Appends the node as JSON: parts that were not edited as they stand in `source`.
void append_json(std::string& into, const JsonNode& node, std::string_view source, const JsonLayout& layout,
                 std::size_t level);

}  // namespace dovetail::providers
