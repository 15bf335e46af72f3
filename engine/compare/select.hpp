// Which element of an ordered list is the earliest, latest or current one.
#pragma once

#include <span>
#include <string_view>

#include "engine/ir/rules.hpp"

namespace dovetail {

// One element as the order sees it. Days are YYYY-MM-DD; a last day that is open is `open_end`.
struct Span {
  std::string_view first_day, last_day, id;
};
inline constexpr std::string_view open_end = "9999-99-99";

// The index of the chosen element; at least one is given. Earliest: by start. Latest: the one that ends last, ties by
// later start. Current: in force today (of several the latest start), else the next upcoming, else the last ended.
// Ties by id.
std::size_t choose(ir::Selector::Kind kind, std::span<const Span> elements, std::string_view today);

}  // namespace dovetail
