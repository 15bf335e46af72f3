#include "tools/dovetail/asking.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <iostream>
#include <set>

#include "engine/api/answers.hpp"
#include "engine/api/people.hpp"

namespace dovetail::tools {
namespace {

std::unexpected<Error> fail(std::string what) {
  return std::unexpected(Error{.kind = Error::Kind::input, .what = std::move(what)});
}

// How asking went on: what it was about is answered, or left for now; or nothing more is to be asked.
enum class Next { ask, stop, ended };

struct Key {
  char key;
  std::string_view what;
  std::optional<Choice> choice;  // nullopt: none is made
};

std::vector<Key> keys(const Entry& entry) {
  const bool creates = entry.kind == Kind::create;
  std::vector<Key> all;
  if (entry.offered(ir::Side::provider))
    all.push_back({'h', creates ? "create in the provider" : "hub wins", Choice::hub});
  if (entry.offered(ir::Side::hub))
    all.push_back({'p', creates ? "create in the hub" : "provider wins", Choice::provider});
  if (entry.kind == Kind::link) all.push_back({'k', "link them", Choice::link});
  all.push_back({'l', "leave", Choice::leave});
  all.push_back({'s', "not now", std::nullopt});
  all.push_back({'q', "stop asking", std::nullopt});
  return all;
}

// False: the input has ended.
bool read_line(std::string& line) {
  std::fflush(stderr);
  if (std::getline(std::cin, line)) return true;
  fmt::print(stderr, "\n");
  return false;
}

// No choice: not now.
Next ask(const Entry& entry, std::optional<Choice>& choice) {
  const std::vector<Key> all = keys(entry);
  std::string prompt, names;
  for (const Key& one : all) {
    prompt += fmt::format("{}{} = {}", prompt.empty() ? "  " : ", ", one.key, one.what);
    names += fmt::format("{}{}", names.empty() ? "" : &one == &all.back() ? " or " : ", ", one.key);
  }
  for (std::string line;;) {
    fmt::print(stderr, "{}: ", prompt);
    if (!read_line(line)) return Next::ended;
    if (line.empty()) return Next::ask;
    const auto pressed = std::ranges::find_if(all, [&](const Key& one) { return line == std::string(1, one.key); });
    if (pressed != all.end()) {
      choice = pressed->choice;
      return pressed->key == 'q' ? Next::stop : Next::ask;
    }
    fmt::print(stderr, "  `{}` is no answer here: {} is expected, or nothing for not now\n", printable(line), names);
  }
}

// Adds decisions; `any`: there was one.
Next ask_about_entries(const Asked& asked, const Plan& plan, const Selection& selection, const Palette& paint,
                       bool& any) {
  const PlanInput input = asked.input();
  for (std::size_t i = 0; i < plan.entries.size(); ++i) {
    const Entry& entry = plan.entries[i];
    const bool choosable =
        entry.offered(ir::Side::hub) || entry.offered(ir::Side::provider) || entry.kind == Kind::link;
    if (!entry.open() || !choosable || !selection.contains(plan.entries.person(i), entry)) continue;
    const Person& person = plan.people[plan.entries.person(i)];
    fmt::print(stderr, "\n{}\n{}", paint(Tone::bold, person_title(input, person)),
               entry_text(input, person, entry, paint));
    std::optional<Choice> choice;
    if (const Next next = ask(entry, choice); next != Next::ask) return next;
    if (!choice) continue;
    asked.decisions.exact.push_back({.hub_id = person.hub_id,
                                     .provider_id = person.provider_id,
                                     .field = entry.field == no_field ? "" : asked.rules.fields[entry.field].label,
                                     .element = {},
                                     .choice = *choice,
                                     .by = "asked on the terminal",
                                     .hub_element = entry.hub_element,
                                     .provider_element = entry.provider_element});
    any = true;
  }
  return Next::ask;
}

// No answer: not now.
Next ask(const Question& question, const ir::RuleSet& rules, std::optional<Answer>& answer) {
  const std::string& suggestion = question.suggestion;
  for (std::string line;;) {
    fmt::print(stderr, "{}{}, for everybody (empty: {}, q = stop asking): ", printable(question.text),
               suggestion.empty() ? "" : fmt::format(" [{}]", printable(suggestion)),
               suggestion.empty() ? "not now" : "as suggested");
    if (!read_line(line)) return Next::ended;
    if (line == "q") return Next::stop;
    if (line.empty()) line = suggestion;
    if (line.empty()) return Next::ask;
    Decisions given;
    given.answers.push_back({.question = question.text, .hub_id = {}, .provider_id = {}, .value = line});
    const std::vector<std::string> wrong = unusable_answers(given, rules);
    if (wrong.empty()) {
      answer = std::move(given.answers.front());
      return Next::ask;
    }
    const std::string& why = wrong.front();  // after its place in a document
    fmt::print(stderr, "  {}\n", printable(why.substr(why.find(": ") + 2)));
  }
}

// What carrying out the decisions waits for; nothing that only an undecided difference would need.
Next ask_questions(const Asked& asked, const Plan& plan, bool& any) {
  std::set<std::string> known;
  for (const Question& question : plan.questions) {
    if (plan.entries[question.entry].open() || !known.insert(question.text).second) continue;
    std::optional<Answer> answer;
    if (const Next next = ask(question, asked.rules, answer); next != Next::ask) return next;
    if (!answer) continue;
    asked.decisions.answers.push_back(std::move(*answer));
    any = true;
  }
  return Next::ask;
}

}  // namespace

Result<void> ask_on_terminal(const Asked& asked, Plan& plan, const Selection& selection, const Options& options) {
  if (::isatty(STDIN_FILENO) != 1) return fail("--ask needs a terminal: decide with --decide or --decisions instead");
  const char* const ended =
      "the input ended before all was asked: nothing was written, and nothing of what was answered is kept (q stops "
      "asking and carries out what was answered)";
  bool decided = false, answered = false;
  if (ask_about_entries(asked, plan, selection, Palette(options.color, STDERR_FILENO), decided) == Next::ended)
    return fail(ended);
  if (decided) plan = asked.make_plan();
  if (ask_questions(asked, plan, answered) == Next::ended) return fail(ended);
  if (answered) plan = asked.make_plan();
  return {};
}

}  // namespace dovetail::tools
