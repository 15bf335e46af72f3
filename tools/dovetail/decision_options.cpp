#include "tools/dovetail/decision_options.hpp"

#include <fmt/format.h>

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
  for (const std::string& sentence : without_effect(decisions, rules, plan)) {
    fmt::print(stderr, "dovetail: {}\n", printable(sentence));
  }
}

}  // namespace dovetail::tools
