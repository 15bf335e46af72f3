#include "providers/conformance/kit.hpp"

#include <fmt/format.h>

#include <array>

#include "providers/conformance/read_cases.hpp"
#include "providers/conformance/write_cases.hpp"

namespace dovetail::providers::conformance {
namespace {

constexpr auto all_cases = std::to_array<Case>({
    {"the credentials work, and all privileges are there", false, credentials_work},
    {"a listing is whole, and every id stands once", false, listing_is_whole},
    {"a record reads the same alone and in the list", false, list_and_look_up_agree},
    {"nobody is absent", false, nobody_is_absent},
    {"a failed look-up is not an absent record", false, failure_is_not_absence},
    {"an unusable answer never makes a listing shorter", false, listing_does_not_shrink},
    {"too many calls are waited for, with and without Retry-After", false, rate_limit_is_waited_for},
    {"bursts of failures are survived, endless ones end", false, bursts_are_survived},
    {"an expired token is renewed, refused credentials are not retried", false, tokens_are_renewed},
    {"a revoked permission is said to be one", false, lost_permission_is_said},
    {"what was set is read back, and nothing else changed", true, written_is_read_back},
    {"what was cleared is unset, or was refused", true, clears_clear},
    {"what can be set once stays", true, set_once_stays},
    {"the same write twice is one write", true, same_write_twice_is_one},
    {"a change whose answer was lost is done or in doubt", true, lost_answer_of_a_change},
    {"a change without permission is refused and changes nothing", true, refused_change_changes_nothing},
    {"a person is added once", true, person_is_added_once},
    {"a creation whose answer was lost is not repeated blindly", true, lost_answer_of_a_creation},
    {"a creation whose answer cannot be read is not repeated blindly", true, unreadable_answer_of_a_creation},
});

std::string_view word(Verdict::Kind kind) {
  switch (kind) {
    case Verdict::Kind::held:
      return "held";
    case Verdict::Kind::broken:
      return "NOT HELD";
    case Verdict::Kind::not_asked:
      break;
  }
  return "not asked";
}

}  // namespace

std::span<const Case> cases() { return all_cases; }

std::vector<Finding> run(Subject subject, bool may_write, const std::function<void(const Finding&)>& told) {
  std::vector<Finding> findings;
  for (const Case& each : all_cases) {
    Finding finding{.name = each.name,
                    .verdict = {.kind = Verdict::Kind::not_asked, .why = "it writes, which was not allowed"}};
    if (may_write || !each.writes) finding.verdict = each.run(subject);
    subject.faults.clear();
    subject.serial += 2;
    if (told) told(finding);
    findings.push_back(std::move(finding));
  }
  return findings;
}

std::string to_text(std::span<const Finding> findings) {
  std::string text;
  std::array<int, 3> counts{};
  for (const Finding& finding : findings) {
    ++counts[static_cast<std::size_t>(finding.verdict.kind)];
    text += fmt::format("{:<10} {}\n", word(finding.verdict.kind), finding.name);
    if (!finding.verdict.why.empty()) text += fmt::format("           {}\n", finding.verdict.why);
  }
  return text + fmt::format("\n{} held, {} not held, {} not asked\n", counts[0], counts[1], counts[2]);
}

}  // namespace dovetail::providers::conformance
