#include "engine/api/answers.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "engine/match/link_state.hpp"

namespace dovetail {
namespace {

// The members that a question's answer goes to, by question.
std::vector<const ir::Member*> asked_for(const ir::RuleSet& rules, const std::string& question) {
  std::vector<const ir::Member*> members;
  for (const ir::Fill& fill : rules.fills) {
    const bool asks = std::ranges::any_of(fill.sources, [&](const ir::FillSource& source) {
      const auto* ask = std::get_if<ir::FillSource::Ask>(&source.from);
      return ask != nullptr && ask->question == question;
    });
    if (asks) members.push_back(&rules.schema(fill.side).members[fill.target.member]);
  }
  return members;
}

std::string questions_of(const ir::RuleSet& rules) {
  std::set<std::string> questions;
  for (const ir::Fill& fill : rules.fills) {
    for (const ir::FillSource& source : fill.sources) {
      if (const auto* ask = std::get_if<ir::FillSource::Ask>(&source.from)) questions.insert(ask->question);
    }
  }
  std::string list;
  for (const std::string& one : questions) list += fmt::format("{}\"{}\"", list.empty() ? "" : ", ", one);
  return list;
}

bool takes(const ir::Member& member, const std::string& value) {
  if (member.type != nullptr || member.open_enum) return !value.empty();
  return std::ranges::find(member.words, value, &ir::EnumWord::word) != member.words.end();
}

std::vector<std::string> unasked(const Decisions& decisions, const ir::RuleSet& rules) {
  std::vector<std::string> sentences;
  for (const Answer& answer : decisions.answers) {
    if (!asked_for(rules, answer.question).empty()) continue;
    const std::string questions = questions_of(rules);
    sentences.push_back(fmt::format("{} does not ask \"{}\", so its answer has no effect; {}", rules.name,
                                    answer.question, questions.empty() ? "it asks nothing" : "it asks " + questions));
  }
  return sentences;
}

// The people of a plan, by their ids on one side.
using ById = std::multimap<std::string_view, const Person*>;

bool is_field_excluded(const Person& person, const std::string& label, const Base& base) {
  if (label.empty() || person.link < 0) return false;
  const Link& link = base.links[static_cast<std::size_t>(person.link)];
  return std::ranges::count(excluded_fields(base, link, person.hub_id), label) > 0;
}

// Says so where all that the decision is about was taken out of the synchronisation, of everybody whom it names; empty:
// something of it was not.
std::string excluded_text(const Decision& decision, const ById& by_hub_id, const ById& by_provider_id,
                          const Base& base) {
  const bool by_hub = !decision.hub_id.empty();
  const std::string& id = by_hub ? decision.hub_id : decision.provider_id;
  const auto [first, last] = (by_hub ? by_hub_id : by_provider_id).equal_range(id);
  bool any = false, any_whole = false;
  for (auto at = first; at != last; ++at) {
    const Person& person = *at->second;
    if (!decision.provider_id.empty() && decision.provider_id != person.provider_id) continue;
    const bool whole = person.reason == Reason::excluded;
    if (!whole && !is_field_excluded(person, decision.field, base)) return {};
    any = true;
    any_whole |= whole;
  }
  if (!any) return {};
  return fmt::format("{} is excluded from the synchronisation: it has no effect",
                     any_whole ? id : fmt::format("\"{}\" of {}", decision.field, id));
}

}  // namespace

std::vector<std::string> without_effect(const Decisions& decisions, const PlanInput& input, const Plan& plan) {
  std::vector<std::string> sentences = unasked(decisions, *input.program.rules);
  if (decisions.exact.empty() && decisions.answers.empty()) return sentences;  // the ids of all people are many
  ById by_hub_id, by_provider_id;
  std::set<std::pair<std::string, std::string>> pairs;
  for (const Person& person : plan.people) {
    if (!person.hub_id.empty()) by_hub_id.emplace(person.hub_id, &person);
    if (!person.provider_id.empty()) by_provider_id.emplace(person.provider_id, &person);
    pairs.emplace(person.hub_id, person.provider_id);
  }
  // True: whoever is named is here.
  const auto look = [&](const std::string& place, const std::string& id, const ById& known) {
    if (id.empty() || known.contains(id)) return true;
    sentences.push_back(fmt::format(
        "{}: there is a decision or answer for {}, and nobody here has this id: it has no effect", place, id));
    return false;
  };
  for (std::size_t i = 0; i < decisions.exact.size(); ++i) {
    const Decision& decision = decisions.exact[i];
    const std::string place = fmt::format("/decisions/{}", i);
    const bool hub = look(place, decision.hub_id, by_hub_id);
    const bool here = look(place, decision.provider_id, by_provider_id) && hub;
    if (!here || (decision.hub_id.empty() && decision.provider_id.empty())) continue;
    const std::string excluded = excluded_text(decision, by_hub_id, by_provider_id, input.base);
    if (!excluded.empty()) sentences.push_back(fmt::format("{}: {}", place, excluded));
    if (decision.hub_id.empty() || decision.provider_id.empty()) continue;
    if (pairs.contains({decision.hub_id, decision.provider_id})) continue;
    sentences.push_back(fmt::format(
        "{}: {} and {} are not one person here, {}: it has no effect", place, decision.hub_id, decision.provider_id,
        decision.choice == Choice::link
            ? "and at least one of the two is linked to another record, or in another dispute"
            : "and only a decision to link them makes them one"));
  }
  for (std::size_t i = 0; i < decisions.answers.size(); ++i) {
    const std::string place = fmt::format("/answers/{}", i);
    look(place, decisions.answers[i].hub_id, by_hub_id);
    look(place, decisions.answers[i].provider_id, by_provider_id);
  }
  return sentences;
}

std::vector<std::string> unusable_answers(const Decisions& decisions, const ir::RuleSet& rules) {
  std::vector<std::string> sentences;
  for (std::size_t i = 0; i < decisions.answers.size(); ++i) {
    const Answer& answer = decisions.answers[i];
    const std::vector<const ir::Member*> members = asked_for(rules, answer.question);
    const auto usable = [&](const ir::Member* member) { return takes(*member, answer.value); };
    if (members.empty() || std::ranges::any_of(members, usable)) continue;
    if (answer.value.empty()) {
      sentences.push_back(fmt::format("/answers/{}: the answer to \"{}\" is empty", i, answer.question));
      continue;
    }
    std::string words;
    for (const ir::EnumWord& word : members.front()->words) words += (words.empty() ? "" : ", ") + word.word;
    sentences.push_back(fmt::format("/answers/{}: \"{}\" is no answer to \"{}\"; it may be {}", i, answer.value,
                                    answer.question, words));
  }
  return sentences;
}

}  // namespace dovetail
