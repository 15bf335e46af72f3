// Which elements of an `each` list belong together: by their ids once linked, by key the first time.
#pragma once

#include <string>
#include <vector>

#include "engine/compare/comparer.hpp"

namespace dovetail {

struct ElementPair {
  ElementIndex hub = no_element, provider = no_element;  // one may be missing
  std::string hub_id, provider_id;                       // empty where there is no element
  bool was_linked = false;                               // by ids, from an earlier run
  bool ambiguous = false;                                // another element has the same key
  bool left = false;                                     // somebody said no to adding it to the other side
};

struct PairedElements {
  std::array<bool, 2> read{};      // by side: the list was read completely
  std::vector<ElementPair> pairs;  // by hub id, then provider id
};

// What was agreed on about that field of these two elements; nullptr: nothing. What the hub's element agreed on with
// another one, which is gone or was entered again, is not theirs. `cursor` as of find_base.
const FieldBase* base_of_pair(const Link* link, const std::string& label, const ElementPair& pair, std::size_t& cursor);

// `seen` is used for seeing, and overwritten.
PairedElements pair_elements(const PlanInput& input, const ir::ListProgram& list, const Place& place, const Link* link,
                             Comparer& seen);

}  // namespace dovetail
