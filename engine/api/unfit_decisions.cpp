#include "engine/api/unfit_decisions.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <set>
#include <tuple>
#include <unordered_map>

#include "engine/compare/comparer.hpp"
#include "engine/compare/record_view.hpp"
#include "engine/match/elements.hpp"

namespace dovetail {
namespace {

using ir::Side;

std::string place_of(std::size_t index) { return fmt::format("/decisions/{}", index); }

// `leave` is about values and about links, `link` only about links.
bool contradict(Choice a, Choice b) {
  if (a == b) return false;
  if (a != Choice::link && b != Choice::link) return true;
  return a == Choice::leave || b == Choice::leave;
}

bool names_alike(const Decision& a, const Decision& b) {
  return a.hub_id == b.hub_id && a.provider_id == b.provider_id && a.element == b.element &&
         a.hub_element == b.hub_element && a.provider_element == b.provider_element;
}

// The member of the file that names an element, and the id that it says; empty: none does.
std::pair<std::string_view, std::string_view> element_named_by(const Decision& decision) {
  if (!decision.hub_element.empty()) return {"hub_element", decision.hub_element};
  if (!decision.provider_element.empty()) return {"provider_element", decision.provider_element};
  return {"element", decision.element};
}

std::string contradiction(std::size_t later, Choice says, std::size_t earlier, Choice said) {
  return fmt::format("{}: `{}` contradicts `{}` in {}: both are about the same; keep one of them", place_of(later),
                     name(says), name(said), place_of(earlier));
}

std::vector<std::string> linked_twice(const Decisions& decisions) {
  std::vector<std::string> sentences;
  std::map<std::string, std::size_t> linked;  // by "h" or "p", and the id
  for (std::size_t i = 0; i < decisions.exact.size(); ++i) {
    const Decision& decision = decisions.exact[i];
    if (decision.choice != Choice::link) continue;
    for (const std::string& key : {"h" + decision.hub_id, "p" + decision.provider_id}) {
      const auto [at, is_new] = linked.emplace(key, i);
      const Decision& other = decisions.exact[at->second];
      if (is_new || (other.hub_id == decision.hub_id && other.provider_id == decision.provider_id)) continue;
      sentences.push_back(fmt::format("{}: {} is linked to another record by {}; keep one of them", place_of(i),
                                      key.substr(1), place_of(at->second)));
    }
  }
  return sentences;
}

std::vector<std::string> contrary_answers(const Decisions& decisions) {
  std::vector<std::string> sentences;
  std::map<std::tuple<std::string, std::string, std::string>, std::size_t> given;
  for (std::size_t i = 0; i < decisions.answers.size(); ++i) {
    const Answer& answer = decisions.answers[i];
    const auto [at, is_new] = given.emplace(std::tuple(answer.question, answer.hub_id, answer.provider_id), i);
    if (is_new || decisions.answers[at->second].value == answer.value) continue;
    sentences.push_back(fmt::format("/answers/{}: another answer to \"{}\" than in /answers/{}; keep one of them", i,
                                    answer.question, at->second));
  }
  return sentences;
}

// One reading of decisions against the people of a plan.
class Fitting {
 public:
  Fitting(const Decisions& decisions, const PlanInput& input, const Plan& plan)
      : decisions_(decisions),
        input_(input),
        plan_(plan),
        hub_(input.program, Side::hub, input.hub),
        provider_(input.program, Side::provider, input.provider),
        seen_(input) {}

  std::vector<std::string> unfit() {
    gather_people();
    for (std::size_t i = 0; i < decisions_.exact.size(); ++i) find_element(i);
    for (const auto& [person, about] : by_person_) find_contraries(person, about);
    std::ranges::sort(sentences_, {}, &std::pair<std::size_t, std::string>::first);
    std::vector<std::string> result;
    for (auto& [index, sentence] : sentences_) result.push_back(std::move(sentence));
    return result;
  }

 private:
  struct Element {
    std::size_t list;
    std::string hub, provider;  // ids; empty: it is on one side only
  };

  void gather_people() {
    std::unordered_map<std::string, PersonIndex> by_id;
    for (PersonIndex i = 0; i < plan_.people.size(); ++i) {
      const Person& person = plan_.people[i];
      if (!person.hub_id.empty()) by_id.emplace("h" + person.hub_id, i);
      if (!person.provider_id.empty()) by_id.emplace("p" + person.provider_id, i);
    }
    people_.resize(decisions_.exact.size());
    for (std::size_t i = 0; i < decisions_.exact.size(); ++i) {
      const Decision& decision = decisions_.exact[i];
      for (const std::string& key : {"h" + decision.hub_id, "p" + decision.provider_id}) {
        const auto found = key.size() > 1 ? by_id.find(key) : by_id.end();
        if (found == by_id.end()) continue;
        const Person& person = plan_.people[found->second];
        if (!decision.hub_id.empty() && decision.hub_id != person.hub_id) continue;
        if (!decision.provider_id.empty() && decision.provider_id != person.provider_id) continue;
        people_[i] = found->second;
        by_person_[found->second].push_back(i);
        break;
      }
    }
  }

  // The elements that a person's lists have, on either side.
  const std::vector<Element>& elements_of(PersonIndex index) {
    const auto [at, is_new] = elements_.try_emplace(index);
    if (!is_new) return at->second;
    const Person& person = plan_.people[index];
    hub_.move_to(person.hub, input_.today);
    provider_.move_to(person.provider, input_.today);
    const Place place{.hub = &hub_, .provider = &provider_};
    const Link* link =
        person.link < 0 || person.relinked ? nullptr : &input_.base.links[static_cast<std::size_t>(person.link)];
    for (std::size_t list = 0; list < input_.program.lists.size(); ++list) {
      for (const ElementPair& pair : pair_elements(input_, input_.program.lists[list], place, link, seen_).pairs) {
        at->second.push_back({list, pair.hub_id, pair.provider_id});
      }
    }
    return at->second;
  }

  // The list that a label is a field of; nullopt: any, as the decision names no field.
  std::optional<std::size_t> list_of(const Decision& decision) const {
    const auto& fields = input_.program.rules->fields;
    const auto field = std::ranges::find(fields, decision.field, &ir::Field::label);
    if (decision.field.empty() || field == fields.end() || !field->each) return std::nullopt;
    return *field->each;
  }

  // Those of a person's elements that the decision speaks of.
  std::vector<const Element*> elements_in(PersonIndex person, const Decision& decision) {
    const std::optional<std::size_t> list = list_of(decision);
    std::vector<const Element*> found;
    for (const Element& element : elements_of(person)) {
      if (list && *list != element.list) continue;
      if (decision.fits_element(element.hub, element.provider)) found.push_back(&element);
    }
    return found;
  }

  // What a decision's `element` has been found to be.
  struct Meant {
    bool any = false;
    bool in_hub = false, in_provider = false;  // an id of an element of that side alone
    bool of_two = false;                       // the id of two elements of one person's list
    bool in_lists = false;                     // an id in several of one person's lists
    bool is_ambiguous() const { return of_two || (in_hub && in_provider); }
  };

  void look(PersonIndex person, const Decision& decision, Meant& meant) {
    const std::vector<const Element*> elements = elements_in(person, decision);
    meant.any |= !elements.empty();
    for (const Element* element : elements) {
      meant.in_lists |= element->list != elements.front()->list;
      meant.of_two |= element != elements.front() && element->list == elements.front()->list;
      if (decision.element.empty()) continue;
      meant.in_hub |= element->provider != decision.element;
      meant.in_provider |= element->hub != decision.element;
    }
  }

  void find_element(std::size_t index) {
    const Decision& decision = decisions_.exact[index];
    if (!decision.names_element()) return;
    const bool named = !decision.hub_id.empty() || !decision.provider_id.empty();
    if (named && !people_[index]) return;  // who that is, is not known either
    Meant meant;
    if (named) look(*people_[index], decision, meant);
    const bool is_exact = decision.element.empty();
    for (PersonIndex i = 0; !named && i < plan_.people.size() && !(is_exact && meant.any); ++i)
      look(i, decision, meant);
    if (!meant.any) {
      sentences_.emplace_back(index, nobody_has(index, decision, named));
    } else if (!is_exact && meant.is_ambiguous()) {
      sentences_.emplace_back(
          index,
          fmt::format("{}: `element` is `{}`, which is the id of one element in {} and of another one in {}; say "
                      "which is meant by `hub_element` or `provider_element` in its place",
                      place_of(index), decision.element, title(Side::hub), title(Side::provider)));
    } else if (meant.in_lists) {
      sentences_.emplace_back(index, fmt::format("{}: elements of several lists are called {}; say by `field` which "
                                                 "list is meant",
                                                 place_of(index), called(decision)));
    }
  }

  std::string title(Side side) const { return input_.program.rules->title(side); }

  // How a decision names an element: "`7`", or "`1` in Huma and `7` in Netvisor".
  std::string called(const Decision& decision) const {
    if (!decision.element.empty()) return fmt::format("`{}`", decision.element);
    std::string text;
    for (const Side side : {Side::hub, Side::provider}) {
      const std::string& id = side == Side::hub ? decision.hub_element : decision.provider_element;
      if (!id.empty()) text += fmt::format("{}`{}` in {}", text.empty() ? "" : " and ", id, title(side));
    }
    return text;
  }

  std::string nobody_has(std::size_t index, const Decision& decision, bool named) const {
    const std::string sides =
        decision.element.empty() ? "each" : fmt::format("in {} or {}", title(Side::hub), title(Side::provider));
    return fmt::format(
        "{}: no list element that {} is called {}{}; it is the id of an element {}, as `plan --format "
        "json` tells it",
        place_of(index), named ? "this person has" : "anybody has", called(decision),
        decision.field.empty() ? "" : fmt::format(", in the list of \"{}\"", decision.field), sides);
  }

  bool same_element(PersonIndex person, const Decision& a, const Decision& b) {
    if (!a.names_element() || !b.names_element()) return !a.names_element() && !b.names_element();
    const std::vector<const Element*> one = elements_in(person, a);
    return !one.empty() && one == elements_in(person, b);
  }

  // Of decisions that name one person differently; those that name it alike were looked at before.
  void find_contraries(PersonIndex person, const std::vector<std::size_t>& about) {
    for (std::size_t later = 1; later < about.size(); ++later) {
      const Decision& says = decisions_.exact[about[later]];
      for (std::size_t i = 0; i < later; ++i) {
        const Decision& said = decisions_.exact[about[i]];
        if (says.field != said.field || !contradict(says.choice, said.choice)) continue;
        const bool alike = names_alike(says, said);
        if (alike || !same_element(person, says, said)) continue;
        sentences_.emplace_back(about[later], contradiction(about[later], says.choice, about[i], said.choice));
        break;
      }
    }
  }

  const Decisions& decisions_;
  const PlanInput& input_;
  const Plan& plan_;
  RecordView hub_, provider_;
  Comparer seen_;
  std::vector<std::optional<PersonIndex>> people_;              // by decision
  std::map<PersonIndex, std::vector<std::size_t>> by_person_;   // decisions in their order
  std::map<PersonIndex, std::vector<Element>> elements_;        // of those who were asked for
  std::vector<std::pair<std::size_t, std::string>> sentences_;  // by the decision that they are about
};

}  // namespace

std::string unfit_for(const Decision& decision, const ir::RuleSet& rules) {
  const auto field = std::ranges::find(rules.fields, decision.field, &ir::Field::label);
  if (!decision.field.empty() && field == rules.fields.end())
    return fmt::format("no field of {} is called \"{}\"", rules.name, decision.field);
  const auto [member, id] = element_named_by(decision);
  if (!decision.element.empty() && (!decision.hub_element.empty() || !decision.provider_element.empty()))
    return fmt::format("`element` stands beside `{}`, which says the same more exactly; leave `element` out",
                       decision.hub_element.empty() ? "provider_element" : "hub_element");
  if (!id.empty() && !decision.field.empty() && !field->each)
    return fmt::format("`{}` is `{}`, and \"{}\" is no field of a list's elements; leave `{}` out", member, id,
                       decision.field, member);
  if (!id.empty() && rules.lists.empty())
    return fmt::format("`{}` is `{}`, and {} maps no list", member, id, rules.name);
  if (decision.choice != Choice::link) return {};
  if (!decision.field.empty() || decision.names_element())
    return fmt::format(
        "`choice` is `link`, which is about two records as a whole; leave `field` and `{}` out, or choose "
        "hub, provider or leave",
        member);
  if (decision.hub_id.empty() || decision.provider_id.empty())
    return "`choice` is `link`, which names both records that belong together: `hub` and `provider`";
  return {};
}

std::vector<std::string> contrary(const Decisions& decisions) {
  std::vector<std::string> sentences;
  std::map<std::array<std::string, 6>, std::vector<std::size_t>> alike;
  for (std::size_t i = 0; i < decisions.exact.size(); ++i) {
    const Decision& decision = decisions.exact[i];
    if (decision.choice == Choice::link && !decision.field.empty()) continue;  // is refused by itself
    std::vector<std::size_t>& earlier = alike[{decision.hub_id, decision.provider_id, decision.field, decision.element,
                                               decision.hub_element, decision.provider_element}];
    const auto other = std::ranges::find_if(
        earlier, [&](std::size_t one) { return contradict(decisions.exact[one].choice, decision.choice); });
    if (other != earlier.end())
      sentences.push_back(contradiction(i, decision.choice, *other, decisions.exact[*other].choice));
    earlier.push_back(i);
  }
  std::ranges::move(linked_twice(decisions), std::back_inserter(sentences));
  std::ranges::move(contrary_answers(decisions), std::back_inserter(sentences));
  return sentences;
}

std::vector<std::string> unfit(const Decisions& decisions, const PlanInput& input, const Plan& plan) {
  if (decisions.exact.empty()) return {};
  return Fitting(decisions, input, plan).unfit();
}

std::string in_each_line(std::string_view before, std::string_view text) {
  std::string result;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    result += fmt::format("{}{}{}", result.empty() ? "" : "\n", before, text.substr(0, end));
    text.remove_prefix(end == text.npos ? text.size() : end + 1);
  }
  return result;
}

}  // namespace dovetail
