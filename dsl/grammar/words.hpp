// The words of the language that start an item, by where the item may stand; and which of them a misspelt word means.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace dovetail::dsl::grammar {

// Where items may stand: a file of one kind, or a block of one kind.
enum class Context : std::uint8_t {
  map,
  schema,
  library,
  setup,
  clauses,  // of a field with a single pair, or of one pair
  field,    // field "Label" { … }
  shape,    // either "Name" { … }
  each,
  group,
  values,
  life_cycle,
  test,
  given,
  members,  // of an object or a list
};
inline constexpr std::size_t context_count = 14;

// What starts an item there; empty where items start with a word or path of the author's.
std::span<const std::string_view> item_words(Context context);
bool starts_item(Context context, std::string_view word);
bool starts_item_anywhere(std::string_view word);
// True where an item may also be a pair, a row or an assignment.
bool has_pairs(Context context);
// As messages name it: "a map", "`setup`".
std::string_view name(Context context);
// What messages call one item of it: "clause", "row".
std::string_view item_name(Context context);
// The words that may go on an item after its start, for suggestions.
std::span<const std::string_view> later_words(Context context);

// The word of `words` that `written` most likely means; empty: none is near enough.
std::string_view nearest(std::string_view written, std::span<const std::string_view> words);

}  // namespace dovetail::dsl::grammar
