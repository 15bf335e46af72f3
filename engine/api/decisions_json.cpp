#include "engine/api/decisions_json.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <vector>

#include "engine/api/answers.hpp"
#include "engine/api/json_file.hpp"
#include "engine/api/unfit_decisions.hpp"

namespace dovetail {
namespace {

class DecisionsReader {
 public:
  explicit DecisionsReader(const ir::RuleSet& rules) : rules_(rules) {}
  std::vector<std::string> problems;

  Decisions decisions(const Json& json) {
    Decisions decisions;
    std::string problem;
    JsonReader reader(json, "", problem);
    const std::string map = reader.name("map");
    if (!map.empty() && map != rules_.name)
      reader.refuse(fmt::format("decisions about `{}`, not `{}`", map, rules_.name));
    const std::string bulk = reader.name("bulk");
    if (bulk == "preselected") {
      decisions.accept_preselected = true;
    } else if (!bulk.empty()) {
      decisions.bulk = choice(reader, "bulk", bulk);
    }
    create(reader, decisions);
    std::vector<std::string> of_items;  // told after the document's own
    reader.each("decisions", [&](const Json& item, const std::string& at) {
      std::string wrong;
      decisions.exact.push_back(decision(item, at, wrong));
      if (!wrong.empty()) of_items.push_back(std::move(wrong));
    });
    reader.each("answers", [&](const Json& item, const std::string& at) {
      std::string wrong;
      decisions.answers.push_back(answer(item, at, wrong));
      if (!wrong.empty()) of_items.push_back(std::move(wrong));
    });
    reader.finish();
    if (!problem.empty()) problems.push_back(std::move(problem));
    std::ranges::move(of_items, std::back_inserter(problems));
    return decisions;
  }

 private:
  Choice choice(JsonReader& reader, const char* name, const std::string& text) {
    const std::optional<Choice> found = find_choice(text);
    const bool links = std::string_view(name) == "choice";
    if (!found || *found == Choice::undecided || (*found == Choice::link && !links)) {
      reader.refuse(
          fmt::format("`{}` is `{}`, not hub, provider, leave or {}", name, text, links ? "link" : "preselected"));
    }
    return found.value_or(Choice::undecided);
  }

  void create(JsonReader& reader, Decisions& decisions) {
    const std::string where = reader.name("create");
    if (where.empty()) return;
    if (where != "hub" && where != "provider" && where != "both" && where != "none") {
      reader.refuse(fmt::format("`create` is `{}`, not hub, provider, both or none", where));
    }
    decisions.create_in = {where == "hub" || where == "both", where == "provider" || where == "both"};
  }

  Decision decision(const Json& json, const std::string& place, std::string& problem) {
    Decision decision;
    JsonReader reader(json, place, problem);
    decision.hub_id = reader.name("hub");
    decision.provider_id = reader.name("provider");
    decision.field = reader.name("field");
    decision.element = reader.name("element");
    decision.hub_element = reader.name("hub_element");
    decision.provider_element = reader.name("provider_element");
    decision.choice = choice(reader, "choice", reader.text("choice", true));
    decision.by = reader.text("by");
    reader.finish();
    if (decision.hub_id.empty() && decision.provider_id.empty() && decision.field.empty()) {
      reader.refuse("names nobody and no field; `bulk` decides on everything");
    }
    if (const std::string unfit = unfit_for(decision, rules_); !unfit.empty()) reader.refuse(unfit);
    return decision;
  }

  static Answer answer(const Json& json, const std::string& place, std::string& problem) {
    Answer answer;
    JsonReader reader(json, place, problem);
    answer.question = reader.text("question", true);
    answer.hub_id = reader.name("hub");
    answer.provider_id = reader.name("provider");
    answer.value = reader.text("value", true);
    reader.finish();
    return answer;
  }

  const ir::RuleSet& rules_;
};

}  // namespace

Result<Decisions> decisions_of(const Json& document, const ir::RuleSet& rules) {
  DecisionsReader reader(rules);
  Decisions decisions = reader.decisions(document);
  std::vector<std::string>& problems = reader.problems;
  std::ranges::move(contrary(decisions), std::back_inserter(problems));
  std::ranges::move(unusable_answers(decisions, rules), std::back_inserter(problems));
  if (problems.empty()) return decisions;
  return std::unexpected(Error{.kind = Error::Kind::input, .what = fmt::format("{}", fmt::join(problems, "\n"))});
}

Result<Decisions> read_decisions(const std::string& path, const ir::RuleSet& rules) {
  const Result<Json> json = read_json_file(path, "decisions");
  if (!json) return std::unexpected(json.error());
  Result<Decisions> decisions = decisions_of(*json, rules);
  if (!decisions) decisions.error().what = in_each_line(path + ": ", decisions.error().what);
  return decisions;
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
             old.element == one.element && old.hub_element == one.hub_element &&
             old.provider_element == one.provider_element;
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

}  // namespace dovetail
