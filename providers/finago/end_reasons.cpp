#include "providers/finago/end_reasons.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace dovetail::providers::finago {
namespace {

// Schema words whose wire is Norwegian, and the Swedish words that surely mean the same. The schema's other Norwegian
// words have none; its Swedish words stand on the wire as they are.
constexpr std::array<std::pair<std::string_view, std::string_view>, 2> equals = {
    {{"resigned", "EgenBegaran"}, {"contract_ended", "TidsbegransadAnstallning"}}};

bool is_swedish(std::string_view wire) {
  constexpr std::array<std::string_view, 5> only_swedish = {"UppsagdArbetsbrist", "SlutProvanstallningAnstalldBeslut",
                                                            "SlutProvanstallningArbetsgivareBeslut", "Konkurs",
                                                            "AnnanOrsak"};
  return std::ranges::count(only_swedish, wire) > 0;
}

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  for (std::size_t at = text.find(from); at != text.npos; at = text.find(from, at + to.size()))
    text.replace(at, from.size(), to);
  return text;
}

// Norwegian and Swedish words on the wire.
std::vector<std::pair<std::string, std::string>> wire_words(const ir::Schema& schema) {
  std::vector<std::pair<std::string, std::string>> words;
  for (const ir::Member& member : schema.members) {
    for (const ir::EnumWord& word : member.words) {
      const auto equal = std::ranges::find(equals, word.word, &std::pair<std::string_view, std::string_view>::first);
      if (equal != equals.end()) words.emplace_back(word.wire, equal->second);
    }
  }
  return words;
}

}  // namespace

std::string with_schema_words(const ir::Schema& schema, std::string employments) {
  for (const auto& [norwegian, swedish] : wire_words(schema))
    employments = replaced(std::move(employments), '"' + swedish + '"', '"' + norwegian + '"');
  return replaced(std::move(employments), "\"Ingen\"", "\"\"");
}

Result<void> use_swedish_words(const ir::Schema& schema, std::vector<WireWrite>& writes,
                               std::span<const Change> changes) {
  const auto words = wire_words(schema);
  for (WireWrite& write : writes) {
    const Change& change = changes[write.change];
    if (schema.members[change.member].words.empty() || write.value.text.empty() || is_swedish(write.value.text))
      continue;
    const auto known = std::ranges::find(words, write.value.text, &std::pair<std::string, std::string>::first);
    if (known == words.end()) {
      return std::unexpected(
          Error{.kind = Error::Kind::data,
                .what = fmt::format("a Swedish company has no end reason that surely means `{}`: answer with one of "
                                    "its own, or set it in Finago",
                                    change.value)});
    }
    write.value.text = known->second;
  }
  return {};
}

}  // namespace dovetail::providers::finago
