#include "tools/sandbox/core/knobs.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cassert>

#include "tools/sandbox/core/text.hpp"

namespace dovetail::sandbox {

const std::string& Knobs::text(std::string_view name) const {
  const auto found = std::ranges::find(knobs_, name, &Knob::name);
  assert(found != knobs_.end());
  return found->value;
}

long long Knobs::number(std::string_view name) const {
  const auto number = to_number(text(name));
  assert(number);
  return *number;
}

std::optional<std::string> Knobs::set(std::string_view name, const std::string& position) {
  const auto found = std::ranges::find(knobs_, name, &Knob::name);
  if (found == knobs_.end()) {
    std::vector<std::string> names;
    std::ranges::transform(knobs_, std::back_inserter(names), &Knob::name);
    return fmt::format("no knob is named `{}`; there are: {}", name, fmt::join(names, ", "));
  }
  const std::vector<std::string>& positions = found->positions;
  const bool any_text = positions == std::vector<std::string>{"*"};
  if (positions.empty()) {
    const auto number = to_number(position);
    if (!number || *number < 0)
      return fmt::format("knob `{}` takes a whole number from 0 up, not `{}`", name, position);
  } else if (!any_text && std::ranges::find(positions, position) == positions.end()) {
    return fmt::format("knob `{}` has no position `{}`; it has: {}", name, position, fmt::join(positions, ", "));
  }
  found->value = position;
  return std::nullopt;
}

std::string to_markdown(const std::vector<Knob>& knobs) {
  std::string text = "| knob | positions | default | mark | meaning |\n| --- | --- | --- | --- | --- |\n";
  for (const Knob& knob : knobs) {
    std::string positions = knob.positions.empty() ? "a number" : fmt::format("{}", fmt::join(knob.positions, ", "));
    if (positions == "*") positions = "any text";
    text += fmt::format("| `{}` | {} | {} | {} | {} |\n", knob.name, positions,
                        knob.value.empty() ? "(empty)" : knob.value, knob.mark, knob.meaning);
  }
  return text;
}

}  // namespace dovetail::sandbox
