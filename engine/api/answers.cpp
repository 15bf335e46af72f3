#include "engine/api/answers.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <string>
#include <utility>
#include <variant>
#include <vector>

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

}  // namespace

std::vector<std::string> without_effect(const Decisions& decisions, const ir::RuleSet& rules, const Plan& plan) {
  std::vector<std::string> sentences = unasked(decisions, rules);
  if (decisions.exact.empty() && decisions.answers.empty()) return sentences;  // the ids of all people are many
  std::set<std::string> hub_ids, provider_ids;
  std::set<std::pair<std::string, std::string>> pairs;
  for (const Person& person : plan.people) {
    hub_ids.insert(person.hub_id);
    provider_ids.insert(person.provider_id);
    pairs.emplace(person.hub_id, person.provider_id);
  }
  // True: whoever is named is here.
  const auto look = [&](const std::string& place, const std::string& id, const std::set<std::string>& known) {
    if (id.empty() || known.contains(id)) return true;
    sentences.push_back(fmt::format(
        "{}: there is a decision or answer for {}, and nobody here has this id: it has no effect", place, id));
    return false;
  };
  for (std::size_t i = 0; i < decisions.exact.size(); ++i) {
    const Decision& decision = decisions.exact[i];
    const std::string place = fmt::format("/decisions/{}", i);
    const bool hub = look(place, decision.hub_id, hub_ids);
    const bool here = look(place, decision.provider_id, provider_ids) && hub;
    if (!here || decision.hub_id.empty() || decision.provider_id.empty()) continue;
    if (pairs.contains({decision.hub_id, decision.provider_id})) continue;
    sentences.push_back(fmt::format(
        "{}: {} and {} are not one person here, {}: it has no effect", place, decision.hub_id, decision.provider_id,
        decision.choice == Choice::link
            ? "and at least one of the two is linked to another record, or in another dispute"
            : "and only a decision to link them makes them one"));
  }
  for (std::size_t i = 0; i < decisions.answers.size(); ++i) {
    const std::string place = fmt::format("/answers/{}", i);
    look(place, decisions.answers[i].hub_id, hub_ids);
    look(place, decisions.answers[i].provider_id, provider_ids);
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
