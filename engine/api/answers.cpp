#include "engine/api/answers.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <string>
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

std::unexpected<Error> refuse(std::string what) {
  return std::unexpected(Error{.kind = Error::Kind::input, .what = std::move(what)});
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
  for (const Person& person : plan.people) {
    hub_ids.insert(person.hub_id);
    provider_ids.insert(person.provider_id);
  }
  const auto look = [&](const std::string& id, const std::set<std::string>& known) {
    if (id.empty() || known.contains(id)) return;
    sentences.push_back(
        fmt::format("there is a decision or answer for {}, and nobody here has this id: it has no effect", id));
  };
  for (const Decision& decision : decisions.exact) {
    look(decision.hub_id, hub_ids);
    look(decision.provider_id, provider_ids);
  }
  for (const Answer& answer : decisions.answers) {
    look(answer.hub_id, hub_ids);
    look(answer.provider_id, provider_ids);
  }
  return sentences;
}

Result<void> check_answers(const Decisions& decisions, const ir::RuleSet& rules) {
  for (const Answer& answer : decisions.answers) {
    const std::vector<const ir::Member*> members = asked_for(rules, answer.question);
    if (members.empty()) continue;
    if (std::ranges::any_of(members, [&](const ir::Member* member) { return takes(*member, answer.value); })) continue;
    if (answer.value.empty()) return refuse(fmt::format("the answer to \"{}\" is empty", answer.question));
    std::string words;
    for (const ir::EnumWord& word : members.front()->words) words += (words.empty() ? "" : ", ") + word.word;
    return refuse(fmt::format("\"{}\" is no answer to \"{}\"; it may be {}", answer.value, answer.question, words));
  }
  return {};
}

}  // namespace dovetail
