#include "tools/dovetail/asking.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <iostream>
#include <set>

#include "engine/api/people.hpp"

namespace dovetail::tools {
namespace {

// The rest of the answers, if somebody said so.
enum class Rest { ask, stop };

std::string prompt(const Entry& entry) {
  std::string choices;
  const bool creates = entry.kind == Kind::create;
  if (entry.offered(ir::Side::provider)) choices += creates ? "h = create in the provider, " : "h = hub wins, ";
  if (entry.offered(ir::Side::hub)) choices += creates ? "p = create in the hub, " : "p = provider wins, ";
  if (entry.kind == Kind::link) choices += "k = link them, ";
  return "  " + choices + "l = leave, s = not now, q = stop asking: ";
}

// nullopt: not now.
std::optional<Choice> ask(const Entry& entry, Rest& rest) {
  std::string line;
  for (;;) {
    fmt::print(stderr, "{}", prompt(entry));
    if (!std::getline(std::cin, line) || line == "q") {
      rest = Rest::stop;
      return std::nullopt;
    }
    if (line == "h" && entry.offered(ir::Side::provider)) return Choice::hub;
    if (line == "p" && entry.offered(ir::Side::hub)) return Choice::provider;
    if (line == "k" && entry.kind == Kind::link) return Choice::link;
    if (line == "l") return Choice::leave;
    if (line == "s" || line.empty()) return std::nullopt;
  }
}

}  // namespace

bool answer_questions(Job& job, const Plan& plan) {
  std::set<std::string> asked;
  bool any = false;
  for (const Question& question : plan.questions) {
    if (!asked.insert(question.text).second) continue;
    const std::string suggestion =
        question.suggestion.empty() ? "" : fmt::format(" [{}]", printable(question.suggestion));
    fmt::print(stderr, "{}{}, for everybody (empty: {}): ", printable(question.text), suggestion,
               suggestion.empty() ? "not now" : "as suggested");
    std::string line;
    if (!std::getline(std::cin, line)) return any;
    if (line.empty()) line = question.suggestion;
    if (line.empty()) continue;
    job.decisions.answers.push_back({.question = question.text, .hub_id = {}, .provider_id = {}, .value = line});
    any = true;
  }
  return any;
}

Result<bool> ask_about(Job& job, const Plan& plan, const Selection& selection) {
  if (::isatty(STDIN_FILENO) != 1) {
    return std::unexpected(Error{.kind = Error::Kind::input,
                                 .what = "--ask needs a terminal: decide with --decide or --decisions instead"});
  }
  const Palette paint("auto");
  const PlanInput input = job.input();
  Rest rest = Rest::ask;
  bool any = false;
  for (const Entry& entry : plan.entries) {
    const bool choosable =
        entry.offered(ir::Side::hub) || entry.offered(ir::Side::provider) || entry.kind == Kind::link;
    if (!entry.open() || !choosable || !selection.contains(entry)) continue;
    const Person& person = plan.people[entry.person];
    fmt::print(stderr, "\n{}\n{}", paint(Tone::bold, person_title(input, person)),
               entry_text(input, plan, entry, paint));
    const std::optional<Choice> choice = ask(entry, rest);
    if (rest == Rest::stop) break;
    if (!choice) continue;
    job.decisions.exact.push_back({.hub_id = person.hub_id,
                                   .provider_id = person.provider_id,
                                   .field = entry.field == no_field ? "" : job.rules.fields[entry.field].label,
                                   .element = !entry.hub_element.empty() ? entry.hub_element : entry.provider_element,
                                   .choice = *choice,
                                   .by = "asked on the terminal"});
    any = true;
  }
  return any;
}

}  // namespace dovetail::tools
