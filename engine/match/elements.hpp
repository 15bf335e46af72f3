// Which elements of an `each` list belong together: by their ids once linked, by key the first time.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "engine/compare/comparer.hpp"

namespace dovetail {

struct ElementPair {
  ElementIndex hub = no_element, provider = no_element;  // one may be missing
  std::string hub_id, provider_id;                       // empty where there is no element
  bool was_linked = false;                               // by ids, from an earlier run, or added by one
  // Under which name of the hub's element what was agreed stands; empty: its id. An element that was added and has been
  // found stands under the name that it was added with.
  std::string agreed_as;
  bool ambiguous = false;  // another element has the same key
  bool left = false;       // somebody said no to adding it to the other side
};

struct PairedElements {
  std::array<bool, 2> read{};      // by side: the list was read completely
  std::vector<ElementPair> pairs;  // by hub id, then provider id
};

// Of an element that was added, whose id was not known then: "+1", "+2", …
bool is_unnamed(std::string_view element_id);
// One of the two is such.
bool is_added(const ElementLink& partners);

// What was agreed on about that field of these two elements; nullptr: nothing. What the hub's element agreed on with
// another one, which is gone or was entered again, is not theirs. `cursor` as of find_base.
const FieldBase* base_of_pair(const Link* link, const std::string& label, const ElementPair& pair, std::size_t& cursor);

// `seen` is used for seeing, and overwritten.
PairedElements pair_elements(const PlanInput& input, const ir::ListProgram& list, const Place& place, const Link* link,
                             Comparer& seen);

}  // namespace dovetail
