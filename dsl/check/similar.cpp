#include "dsl/check/similar.hpp"

#include <algorithm>
#include <vector>

namespace dovetail::dsl {
namespace {

constexpr std::size_t longest = 80;          // longer names are compared exactly only
constexpr std::size_t most_compared = 4000;  // candidates

std::string folded(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '_' || c == '-') continue;
    out.push_back(c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c);
  }
  return out;
}

// Edits between the two, a swap of neighbours counting as one; gives up above `limit`.
std::size_t distance(std::string_view a, std::string_view b, std::size_t limit) {
  if (a.size() > b.size() + limit || b.size() > a.size() + limit) return limit + 1;
  std::vector<std::size_t> before(b.size() + 1);
  std::vector<std::size_t> last(b.size() + 1);
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) last[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      row[j] = std::min({last[j] + 1, row[j - 1] + 1, last[j - 1] + (a[i - 1] == b[j - 1] ? 0U : 1U)});
      const bool swapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
      if (swapped) row[j] = std::min(row[j], before[j - 2] + 1);
    }
    if (*std::ranges::min_element(row) > limit) return limit + 1;
    std::swap(before, last);
    std::swap(last, row);
  }
  return last[b.size()];
}

std::string_view last_segment(std::string_view path) { return path.substr(path.rfind('.') + 1); }

}  // namespace

std::optional<std::string_view> find_similar(std::string_view written, std::span<const std::string_view> candidates) {
  if (written.empty() || written.size() > longest) return std::nullopt;
  const std::string wanted = folded(written);
  const std::string wanted_last = folded(last_segment(written));
  std::optional<std::string_view> nearest, same_last;
  std::size_t best = std::max<std::size_t>(1, wanted.size() / 3) + 1;
  bool several_last = false;
  for (const std::string_view candidate : candidates.first(std::min(candidates.size(), most_compared))) {
    if (candidate.size() > longest || candidate == written) continue;
    const std::string offered = folded(candidate);
    if (offered == wanted) return candidate;
    const std::size_t edits = distance(wanted, offered, best - 1);
    if (edits < best) {
      best = edits;
      nearest = candidate;
    }
    const bool begins_alike = wanted.size() >= 4 && (offered.starts_with(wanted) || wanted.starts_with(offered));
    if (folded(last_segment(candidate)) == wanted_last || (begins_alike && offered.size() >= 4)) {
      several_last = same_last.has_value();
      same_last = candidate;
    }
  }
  if (same_last && !several_last && (!nearest || best > 2)) return same_last;
  return nearest;
}

}  // namespace dovetail::dsl
