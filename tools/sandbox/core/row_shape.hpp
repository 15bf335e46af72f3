// What a table's rows must be for the rest of a system to read them: asked where somebody at the control endpoint puts
// one, so that no row is kept which an answer would stumble over.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "tools/sandbox/core/json.hpp"

namespace dovetail::sandbox {

struct RowPart {
  enum class Kind : std::uint8_t { text, whole, truth, object, texts, wholes, objects };

  std::string name;
  Kind kind = Kind::text;
  bool needed = false;               // else it may be left out, or null where it is no list
  std::vector<RowPart> inside = {};  // of an object, or of each of `objects`
};

struct RowShape {
  bool numbered = false;            // its ids are whole numbers from 0 up
  bool stays = false;               // the system cannot do without its rows
  std::vector<RowPart> parts = {};  // others may be anything
};

// What is wrong with the row, naming the member ("`positions[1].id` is missing"); nullopt: it fits.
std::optional<std::string> misfit(const RowShape& shape, const std::string& id, const Json& row);

}  // namespace dovetail::sandbox
