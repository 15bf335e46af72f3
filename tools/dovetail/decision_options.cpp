#include "tools/dovetail/decision_options.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "engine/api/answers.hpp"
#include "engine/api/decisions_json.hpp"
#include "engine/api/printable.hpp"

namespace dovetail::tools {

Result<Decisions> decisions_in(const Options& options, const ir::RuleSet& rules) {
  Decisions decisions;
  if (!options.decisions.empty()) {
    Result<Decisions> read = read_decisions(options.decisions, rules);
    if (!read) return read;
    decisions = std::move(*read);
  }
  if (options.decide == "preselected") {
    decisions.accept_preselected = true;
  } else if (!options.decide.empty()) {
    decisions.bulk = *find_choice(options.decide);
  }
  for (const std::string& where : options.create) {
    const bool hub = where == "hub" || where == "both", provider = where == "provider" || where == "both";
    if (hub || where == "none") decisions.create_in[ir::at(ir::Side::hub)] = hub;
    if (provider || where == "none") decisions.create_in[ir::at(ir::Side::provider)] = provider;
  }
  for (const std::string& text : options.answers) {
    const std::size_t equals = text.find('=');
    if (equals == text.npos || equals == 0) {
      return std::unexpected(
          Error{.kind = Error::Kind::input, .what = fmt::format("--answer {}: write it as QUESTION=VALUE", text)});
    }
    decisions.answers.push_back(
        {.question = text.substr(0, equals), .hub_id = {}, .provider_id = {}, .value = text.substr(equals + 1)});
  }
  if (const Result<void> usable = check_answers(decisions, rules); !usable) {
    return std::unexpected(Error{.kind = Error::Kind::input, .what = "--answer: " + usable.error().what});
  }
  return decisions;
}

void tell_unused(const Decisions& decisions, const ir::RuleSet& rules, const Plan& plan) {
  for (const std::string& sentence : unasked(decisions, rules)) {
    fmt::print(stderr, "dovetail: {}\n", printable(sentence));
  }
  std::set<std::string> hub_ids, provider_ids;
  for (const Person& person : plan.people) {
    if (!person.hub_id.empty()) hub_ids.insert(person.hub_id);
    if (!person.provider_id.empty()) provider_ids.insert(person.provider_id);
  }
  const auto tell = [](const std::string& id) {
    fmt::print(stderr,
               "dovetail: there is a decision or answer for {}, and nobody here has this id: it has no effect\n",
               printable(id));
  };
  const auto look = [&](const std::string& hub_id, const std::string& provider_id) {
    if (!hub_id.empty() && !hub_ids.contains(hub_id)) tell(hub_id);
    if (!provider_id.empty() && !provider_ids.contains(provider_id)) tell(provider_id);
  };
  for (const Decision& decision : decisions.exact) look(decision.hub_id, decision.provider_id);
  for (const Answer& answer : decisions.answers) look(answer.hub_id, answer.provider_id);
}

Decisions joined(Decisions before, Decisions now) {
  if (now.bulk != Choice::undecided) before.bulk = now.bulk;
  for (std::size_t side = 0; side < before.create_in.size(); ++side) {
    if (now.create_in[side]) before.create_in[side] = now.create_in[side];
  }
  before.accept_preselected |= now.accept_preselected;
  for (Decision& one : now.exact) {
    std::erase_if(before.exact, [&](const Decision& old) {
      return old.hub_id == one.hub_id && old.provider_id == one.provider_id && old.field == one.field &&
             old.element == one.element;
    });
    before.exact.push_back(std::move(one));
  }
  for (Answer& one : now.answers) {
    std::erase_if(before.answers, [&](const Answer& old) {
      return old.question == one.question && old.hub_id == one.hub_id && old.provider_id == one.provider_id;
    });
    before.answers.push_back(std::move(one));
  }
  return before;
}

}  // namespace dovetail::tools
