// Which decision counts for a finding.
#pragma once

#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "engine/plan/plan.hpp"

namespace dovetail {

// Who decided where nobody did: what was preselected went (Decisions::accept_preselected). Never the author of an exact
// decision.
inline constexpr std::string_view as_preselected = "as preselected";
// Of an exact decision that took that over.
inline constexpr std::string_view was_preselected = "as it was preselected";
// Who decided about many things at once. Also of exact decisions, where a command was narrowed to some of them.
inline constexpr std::string_view in_bulk = "in bulk";

struct Chosen {
  Choice choice = Choice::undecided;
  std::string_view by;
};

// Decisions by person, most exact first.
class Chooser {
 public:
  explicit Chooser(const Decisions* decisions);

  // About one field (or element) of a person.
  Chosen of_field(const Person& person, std::string_view label, std::string_view hub_element,
                  std::string_view provider_element, Choice preselected) const;
  // The same, but only what was decided about just this field of just this person (or element).
  Chosen of_settled_field(const Person& person, std::string_view label, std::string_view hub_element,
                          std::string_view provider_element) const;
  // The choice in that, where a person made it for this place alone: a command that was narrowed to some findings gives
  // each of them what was said of all.
  Choice of_just_this(const Person& person, std::string_view label, std::string_view hub_element,
                      std::string_view provider_element) const;
  // About adding a person who exists on one side to `target`.
  Chosen of_creation(const Person& person, ir::Side target, Choice preselected) const;
  // About linking two records; link or undecided or leave.
  Chosen of_link(const Person& person) const;
  // The answer to a question; nullptr: none.
  const std::string* answer(const Person& person, std::string_view question) const;

 private:
  enum class About : std::uint8_t { values, link };  // `leave` is about either
  const Decision* find(const Person& person, std::string_view label, std::string_view hub_element,
                       std::string_view provider_element, About about) const;

  const Decisions* decisions_;
  std::unordered_multimap<std::string, const Decision*> by_id_;
  std::vector<const Decision*> for_all_;
};

}  // namespace dovetail
