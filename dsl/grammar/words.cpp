#include "dsl/grammar/words.hpp"

#include <algorithm>
#include <array>
#include <iterator>
#include <string>
#include <vector>

namespace dovetail::dsl::grammar {
namespace {

using Words = std::span<const std::string_view>;

constexpr std::string_view map_words[] = {"hub",   "provider", "library", "setup", "setting",   "match",
                                          "field", "each",     "group",   "fill",  "conflict",  "values",
                                          "on",    "guard",    "section", "test",  "deprecated"};
constexpr std::string_view schema_words[] = {"adapter", "identity", "active", "region", "document",
                                             "omitted", "member",   "object", "list",   "deprecated"};
constexpr std::string_view library_words[] = {"values", "deprecated"};
constexpr std::string_view setup_words[] = {"step", "credential", "support"};
constexpr std::string_view clause_words[] = {"unique", "cannot", "hold", "max", "min", "valid", "all", "conflict"};
constexpr std::string_view field_words[] = {"unique", "cannot", "hold",     "max",    "min",
                                            "valid",  "all",    "conflict", "either", "or"};
constexpr std::string_view each_words[] = {"match", "add", "never", "field", "fill"};
constexpr std::string_view group_words[] = {"direction", "only", "field", "each", "fill"};
constexpr std::string_view life_cycle_words[] = {"create", "stay", "lock", "refuse"};
constexpr std::string_view test_words[] = {"given",  "today",      "activated", "push",  "synchronise",
                                           "create", "deactivate", "delete",    "expect"};
constexpr std::string_view member_words[] = {"member", "object", "list"};

constexpr std::string_view map_later[] = {"required", "when",   "using",   "via",      "with",   "suggest", "else",
                                          "whenever", "secret", "default", "required", "on",     "from",    "in",
                                          "setting",  "ask",    "written", "create",   "taking", "because", "absent"};
constexpr std::string_view schema_later[] = {
    "max",     "unique", "required", "read",     "write", "set",       "not",        "masked",   "secret", "empty",
    "derived", "with",   "lookup",   "optional", "wire",  "attribute", "deprecated", "resource", "key",    "ordered",
    "until",   "and",    "records",  "use",      "as",    "of",        "or",         "chosen"};

struct Entry {
  Words words;
  bool pairs;
  std::string_view name, item;
};

const Entry& entry(Context context) {
  static const std::array<Entry, context_count> entries = {{
      {map_words, false, "a map", "item"},
      {schema_words, false, "a schema", "item"},
      {library_words, false, "a library", "item"},
      {setup_words, false, "`setup`", "item"},
      {clause_words, false, "the clauses of one pair", "clause"},
      {field_words, true, "a field", "pair or clause"},
      {clause_words, true, "a shape", "pair or clause"},
      {each_words, false, "`each`", "item"},
      {group_words, false, "a group", "item"},
      {{}, true, "`values`", "row"},
      {life_cycle_words, false, "`on`", "action"},
      {test_words, false, "a test", "step"},
      {{}, true, "`given`", "assignment"},
      {member_words, false, "an object or a list", "member"},
  }};
  return entries[static_cast<std::size_t>(context)];
}

// Optimal string alignment distance, never more than `limit` + 1.
std::size_t distance(std::string_view a, std::string_view b, std::size_t limit) {
  if (a.size() > b.size() + limit || b.size() > a.size() + limit) return limit + 1;
  std::vector<std::size_t> before(b.size() + 1), last(b.size() + 1), row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) last[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t swap = a[i - 1] == b[j - 1] ? 0 : 1;
      row[j] = std::min({last[j] + 1, row[j - 1] + 1, last[j - 1] + swap});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) row[j] = std::min(row[j], before[j - 2] + 1);
    }
    std::swap(before, last);
    std::swap(last, row);
  }
  return std::min(last[b.size()], limit + 1);
}

}  // namespace

std::span<const std::string_view> item_words(Context context) { return entry(context).words; }

bool starts_item(Context context, std::string_view word) {
  return std::ranges::find(entry(context).words, word) != entry(context).words.end();
}

bool starts_item_anywhere(std::string_view word) {
  for (std::size_t i = 0; i < context_count; ++i) {
    if (starts_item(static_cast<Context>(i), word)) return true;
  }
  return word == "map" || word == "schema" || word == "or";
}

bool has_pairs(Context context) { return entry(context).pairs; }
std::string_view name(Context context) { return entry(context).name; }
std::string_view item_name(Context context) { return entry(context).item; }

std::span<const std::string_view> later_words(Context context) {
  if (context == Context::schema || context == Context::members) return schema_later;
  return map_later;
}

std::string_view nearest(std::string_view written, std::span<const std::string_view> words) {
  const std::size_t limit = written.size() <= 4 ? 1 : written.size() <= 7 ? 2 : 3;
  if (written.size() > 40) return {};
  std::string lower(written);
  std::ranges::transform(lower, lower.begin(),
                         [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  std::string_view best;
  std::size_t best_distance = limit + 1;
  for (const std::string_view word : words) {
    const std::size_t d = distance(lower, word, limit);
    if (d < best_distance && d < word.size() && d * 2 < std::max(word.size(), lower.size()) + 1) {
      best = word;
      best_distance = d;
    }
  }
  return best;
}

}  // namespace dovetail::dsl::grammar
