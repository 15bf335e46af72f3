#include "tools/dovetail/decision_options.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "engine/api/answers.hpp"
#include "engine/api/decisions_json.hpp"
#include "engine/api/printable.hpp"
#include "engine/api/unfit_decisions.hpp"

namespace dovetail::tools {
namespace {

std::unexpected<Error> refuse_answer(const std::string& what) {
  return std::unexpected(Error{.kind = Error::Kind::input, .what = "--answer: " + what});
}

// Without its place in a document, which answers of the command line are not in.
std::string without_place(const std::string& sentence) { return sentence.substr(sentence.find(": ") + 2); }

}  // namespace

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
  Decisions answered;
  for (const std::string& text : options.answers) {
    const std::size_t equals = text.find('=');
    if (equals == text.npos || equals == 0) return refuse_answer(fmt::format("{}: write it as QUESTION=VALUE", text));
    const std::string question = text.substr(0, equals);
    if (std::ranges::find(answered.answers, question, &Answer::question) != answered.answers.end())
      return refuse_answer(fmt::format("two answers to \"{}\"", question));
    answered.answers.push_back(
        {.question = question, .hub_id = {}, .provider_id = {}, .value = text.substr(equals + 1)});
  }
  std::vector<std::string> wrong = unusable_answers(answered, rules);
  for (std::string& one : wrong) one = without_place(one);
  if (!wrong.empty()) return refuse_answer(fmt::format("{}", fmt::join(wrong, "; ")));
  std::ranges::move(answered.answers, std::back_inserter(decisions.answers));
  return decisions;
}

Result<void> check_fit(const Decisions& decisions, const PlanInput& input, const Plan& plan, const Options& options) {
  const std::vector<std::string> wrong = unfit(decisions, input, plan);
  if (wrong.empty()) return {};
  return std::unexpected(
      Error{.kind = Error::Kind::input,
            .what = in_each_line(options.decisions + ": ", fmt::format("{}", fmt::join(wrong, "\n")))});
}

void tell_unused(const Decisions& decisions, const PlanInput& input, const Plan& plan) {
  for (const std::string& sentence : without_effect(decisions, input, plan)) {
    fmt::print(stderr, "dovetail: {}\n", printable(sentence));
  }
}

}  // namespace dovetail::tools
