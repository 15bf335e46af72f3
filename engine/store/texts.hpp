// Lists of texts as one text: each with its length in bytes before it, "5:hello0:".
#pragma once

#include <charconv>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace dovetail::store {

inline std::string join_texts(const std::vector<std::string>& texts) {
  std::string joined;
  for (const std::string& text : texts) joined += std::to_string(text.size()) + ':' + text;
  return joined;
}

// nullopt: not made by join_texts.
inline std::optional<std::vector<std::string>> split_texts(std::string_view joined) {
  std::vector<std::string> texts;
  while (!joined.empty()) {
    std::size_t size = 0;
    const auto [end, problem] = std::from_chars(joined.data(), joined.data() + joined.size(), size);
    if (problem != std::errc() || end == joined.data() + joined.size() || *end != ':') return std::nullopt;
    joined.remove_prefix(static_cast<std::size_t>(end - joined.data()) + 1);
    if (size > joined.size()) return std::nullopt;
    texts.emplace_back(joined.substr(0, size));
    joined.remove_prefix(size);
  }
  return texts;
}

}  // namespace dovetail::store
