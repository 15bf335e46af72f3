#include "engine/plan/chooser.hpp"

namespace dovetail {
namespace {

bool is_about(const Decision& decision, const Person& person) {
  const bool hub = decision.hub_id.empty() || decision.hub_id == person.hub_id;
  const bool provider = decision.provider_id.empty() || decision.provider_id == person.provider_id;
  return hub && provider;
}

// How exactly a decision speaks about this; 0: not at all.
int exactness(const Decision& decision, std::string_view label, std::string_view hub_element,
              std::string_view provider_element) {
  if (!decision.field.empty() && decision.field != label) return 0;
  if (!decision.fits_element(hub_element, provider_element)) return 0;
  const bool person = !decision.hub_id.empty() || !decision.provider_id.empty();
  return 1 + (person ? 4 : 0) + (decision.field.empty() ? 0 : 2) + (decision.names_element() ? 1 : 0);
}

// Whose decision it is. One that took over what had been preselected is a decision like any other.
std::string_view author(const Decision& decision) {
  return decision.by == as_preselected ? was_preselected : std::string_view(decision.by);
}

}  // namespace

Chooser::Chooser(const Decisions* decisions) : decisions_(decisions) {
  if (decisions == nullptr) return;
  for (const Decision& decision : decisions->exact) {
    if (!decision.hub_id.empty()) {
      by_id_.emplace("h" + decision.hub_id, &decision);
    } else if (!decision.provider_id.empty()) {
      by_id_.emplace("p" + decision.provider_id, &decision);
    } else {
      for_all_.push_back(&decision);
    }
  }
}

const Decision* Chooser::find(const Person& person, std::string_view label, std::string_view hub_element,
                              std::string_view provider_element, About about) const {
  const Decision* best = nullptr;
  int best_exactness = 0;
  const auto consider = [&](const Decision* decision) {
    const bool links = decision->choice == Choice::link;
    if (links != (about == About::link) && decision->choice != Choice::leave) return;
    const int exact = is_about(*decision, person) ? exactness(*decision, label, hub_element, provider_element) : 0;
    // Of two that are as exact, the one that was made last.
    const bool later = exact == best_exactness && best != nullptr && decision > best;
    if (exact == 0 || exact < best_exactness || (exact == best_exactness && best != nullptr && !later)) return;
    best = decision;
    best_exactness = exact;
  };
  for (const Decision* decision : for_all_) consider(decision);
  if (!by_id_.empty()) {
    for (const std::string& key : {"h" + person.hub_id, "p" + person.provider_id}) {
      const auto [first, last] = by_id_.equal_range(key);
      for (auto it = first; it != last; ++it) consider(it->second);
    }
  }
  return best;
}

Chosen Chooser::of_field(const Person& person, std::string_view label, std::string_view hub_element,
                         std::string_view provider_element, Choice preselected) const {
  if (decisions_ == nullptr) return {};
  const Decision* decision = find(person, label, hub_element, provider_element, About::values);
  if (decision != nullptr) return {decision->choice, author(*decision)};
  if (decisions_->bulk != Choice::undecided) return {decisions_->bulk, in_bulk};
  if (decisions_->accept_preselected) return {preselected, as_preselected};
  return {};
}

Chosen Chooser::of_settled_field(const Person& person, std::string_view label, std::string_view hub_element,
                                 std::string_view provider_element) const {
  if (decisions_ == nullptr) return {};
  const Decision* decision = find(person, label, hub_element, provider_element, About::values);
  const bool exact =
      decision != nullptr && !decision->field.empty() && !(decision->hub_id.empty() && decision->provider_id.empty());
  if (!exact) return {};
  return {decision->choice, author(*decision)};
}

Choice Chooser::of_just_this(const Person& person, std::string_view label, std::string_view hub_element,
                             std::string_view provider_element) const {
  const Chosen chosen = of_settled_field(person, label, hub_element, provider_element);
  return chosen.by == in_bulk || chosen.by == was_preselected ? Choice::undecided : chosen.choice;
}

Chosen Chooser::of_creation(const Person& person, ir::Side target, Choice preselected) const {
  if (decisions_ == nullptr) return {};
  const Decision* decision = find(person, "", "", "", About::values);
  if (decision != nullptr) return {decision->choice, author(*decision)};
  if (const std::optional<bool>& all = decisions_->create_in[ir::at(target)]) {
    const Choice create = target == ir::Side::provider ? Choice::hub : Choice::provider;
    // In bulk only those who would be preselected: ended, deleted and doubtful people are decided one by one.
    if (*all && preselected != create) return {};
    return {*all ? create : Choice::leave, in_bulk};
  }
  if (decisions_->accept_preselected) return {preselected, as_preselected};
  return {};
}

Chosen Chooser::of_link(const Person& person) const {
  if (decisions_ == nullptr) return {};
  const Decision* decision = find(person, "", "", "", About::link);
  if (decision == nullptr) return {};
  const bool both = !decision->hub_id.empty() && !decision->provider_id.empty();
  if (decision->choice == Choice::link && !both) return {};
  return {decision->choice, author(*decision)};
}

const std::string* Chooser::answer(const Person& person, std::string_view question) const {
  if (decisions_ == nullptr) return nullptr;
  const std::string* for_all = nullptr;
  for (const Answer& answer : decisions_->answers) {
    if (answer.question != question) continue;
    if (answer.hub_id.empty() && answer.provider_id.empty()) {
      for_all = &answer.value;
    } else if ((!answer.hub_id.empty() && answer.hub_id == person.hub_id) ||
               (!answer.provider_id.empty() && answer.provider_id == person.provider_id)) {
      return &answer.value;
    }
  }
  return for_all;
}

}  // namespace dovetail
