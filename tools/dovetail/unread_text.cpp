#include "tools/dovetail/unread_text.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "engine/api/people.hpp"
#include "engine/api/printable.hpp"
#include "engine/match/unread.hpp"
#include "engine/runtime/run/manual_run.hpp"

namespace dovetail::tools {

std::string unread_text(const PlanInput& input, const Plan& plan, std::string_view rest) {
  constexpr std::size_t most = 20;
  const UnreadReasons reasons(plan.completeness);
  const auto unread = unread_people(input, plan);
  std::string text;
  for (std::size_t i = 0; i < std::min(unread.size(), most); ++i) {
    const auto& [index, side] = unread[i];
    const Person& person = plan.people[index];
    const std::string_view why = reasons.of(side, side == ir::Side::hub ? person.hub_id : person.provider_id);
    text += fmt::format("{:<12}{}, {}: could not be read in {}, so nothing is concluded about them{}\n", "not read",
                        person_title(input, person), person_ids(input, person), input.program.rules->title(side),
                        why.empty() ? "" : ": " + printable(why));
  }
  if (unread.size() > most) text += fmt::format("{:<12}and {} more; {}\n", "", unread.size() - most, rest);
  return text;
}

}  // namespace dovetail::tools
