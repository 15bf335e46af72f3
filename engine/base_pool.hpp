// Of what links have alike, texts and parts of fields, the one that is there already. It remembers the latest, and
// forgets any.
#pragma once

#include <functional>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/base.hpp"
#include "engine/values/text_pool.hpp"

namespace dovetail {

class BasePool {
 public:
  Text of(std::string_view text) { return texts_.of(text); }
  void share(Text& text) { texts_.share(text); }

  // One side of a field, with texts of this pool: many people have the same city, or none.
  Few<BasePart> of(std::vector<BasePart> parts) {
    if (parts.empty()) return {};
    std::size_t place = 0;  // of equal texts, which stand in the same memory, mostly
    for (const BasePart& part : parts) {
      for (const Text* text : {&part.path, &part.value.text})
        place = place * 31 + std::hash<const char*>{}(text->view().data()) / 16;
    }
    Few<BasePart>& known = parts_[place % size];
    Few<BasePart> made = std::move(parts);
    if (known != made) known = std::move(made);
    return known;
  }

 private:
  static constexpr std::size_t size = 4096;

  TextPool texts_;
  std::vector<Few<BasePart>> parts_ = std::vector<Few<BasePart>>(size);
};

}  // namespace dovetail
