// What a person has decided about the findings of a plan, as input to the next plan.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/ir/rules.hpp"

namespace dovetail {

// Whose value wins. `link` answers a proposed or disputed link, and only that.
enum class Choice : std::uint8_t { undecided, hub, provider, leave, link };
std::string_view name(Choice choice);                      // "undecided", "hub", …
std::optional<Choice> find_choice(std::string_view name);  // nullopt: there is no such choice

// The most exact decision counts: person, field and element before person and field, before person, before bulk.
struct Decision {
  std::string hub_id, provider_id;  // either or both name the person; for `link`, both. Both empty: everybody
  std::string field;                // label; empty: the person as such (creation, link) and all of their fields
  std::string element;              // hub or provider element id, in `each`; empty: all, or as the next two say
  Choice choice = Choice::undecided;
  std::string by;                                 // who decided
  std::string hub_element{}, provider_element{};  // the same by the side whose id it is; either or both

  bool names_element() const { return !element.empty() || !hub_element.empty() || !provider_element.empty(); }
  // Whether it speaks of these partners in a list; empty ids: there is no element. True where it names none.
  bool fits_element(std::string_view hub, std::string_view provider) const {
    const bool either = element.empty() || element == hub || element == provider;
    return either && (hub_element.empty() || hub_element == hub) &&
           (provider_element.empty() || provider_element == provider);
  }
};

// An answer to a question of the plan, for one person or (hub_id and provider_id empty) for all.
struct Answer {
  std::string question;  // as the rule file puts it
  std::string hub_id, provider_id;
  std::string value;
};

struct Decisions {
  Choice bulk = Choice::undecided;  // for every field that nothing more exact decides
  // For everybody who is offered for creation in that system (by Side) and not decided one by one:
  // true creates, false leaves.
  std::array<std::optional<bool>, 2> create_in;
  bool accept_preselected = false;  // what nothing decides goes as preselected
  std::vector<Decision> exact;
  std::vector<Answer> answers;
};

}  // namespace dovetail
