// Of texts that come again and again, the one that is there already. It remembers the latest, and forgets any.
#pragma once

#include <functional>
#include <string_view>
#include <vector>

#include "engine/values/text.hpp"

namespace dovetail {

class TextPool {
 public:
  // A text that others may hold, too.
  Text of(std::string_view text) {
    if (text.empty()) return {};
    Text& known = known_[std::hash<std::string_view>{}(text) % size];
    if (known.view() != text) known = Text(text);
    return known;
  }

  // Replaces the text by an equal one that others hold, if one is remembered.
  void share(Text& text) {
    if (text.empty()) return;
    Text& known = known_[std::hash<std::string_view>{}(text.view()) % size];
    if (known == text) {
      text = known;
    } else {
      known = text;
    }
  }

 private:
  static constexpr std::size_t size = 4096;

  std::vector<Text> known_ = std::vector<Text>(size);
};

}  // namespace dovetail
