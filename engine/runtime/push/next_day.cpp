#include "engine/runtime/push/next_day.hpp"

#include <algorithm>
#include <ctime>

namespace dovetail {

std::optional<CivilDay> next_day_of_change(const ir::Program& program, ir::Side side, const Snapshot& snapshot,
                                           RecordIndex record, CivilDay today) {
  std::optional<std::chrono::sys_days> next;
  const auto consider = [&](std::uint32_t list, ir::SlotId slot, std::chrono::days after) {
    if (slot == ir::no_slot) return;
    const Snapshot::List there = snapshot.list(record, list);
    for (ElementIndex element = there.first; element < there.first + there.count; ++element) {
      const Observation seen = snapshot.element(list, element, slot);
      const auto day = seen.state == State::value ? parse_day(seen.text.substr(0, 10)) : std::nullopt;
      if (!day) continue;
      const std::chrono::sys_days then = std::chrono::sys_days(*day) + after;
      if (then > std::chrono::sys_days(today)) next = next ? std::min(*next, then) : then;
    }
  };
  const ir::RecordProgram& rules = program.records[ir::at(side)];
  for (const ir::Selection& selection : rules.selections) {
    if (selection.kind != ir::Selector::Kind::current) continue;
    consider(selection.list, selection.begin, std::chrono::days(0));
    consider(selection.list, selection.end, std::chrono::days(1));
  }
  if (rules.employments) consider(*rules.employments, rules.employment_end, std::chrono::days(1));
  if (!next) return std::nullopt;
  return CivilDay(*next);
}

Instant start_of(CivilDay day) {
  std::tm local{};
  local.tm_year = static_cast<int>(day.year()) - 1900;
  local.tm_mon = static_cast<int>(static_cast<unsigned>(day.month())) - 1;
  local.tm_mday = static_cast<int>(static_cast<unsigned>(day.day()));
  local.tm_isdst = -1;
  const int wanted = local.tm_mday;
  std::time_t start = std::mktime(&local);
  // A midnight that clocks leave out, or show twice, may be answered by a moment of the day before, or a later one.
  constexpr std::time_t step = 15 * 60;
  const auto is_before = [wanted](std::time_t at) {
    std::tm seen{};
    ::localtime_r(&at, &seen);
    return seen.tm_mday != wanted;
  };
  while (is_before(start)) start += step;
  while (!is_before(start - step)) start -= step;
  return Instant(std::chrono::seconds(start));  // the machine's clock counts no further than to 2262
}

}  // namespace dovetail
