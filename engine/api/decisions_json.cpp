#include "engine/api/decisions_json.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "engine/api/answers.hpp"
#include "engine/api/json_file.hpp"

namespace dovetail {
namespace {

class DecisionsReader {
 public:
  explicit DecisionsReader(const ir::RuleSet& rules) : rules_(rules) {}
  std::string problem;  // the first; empty: none

  Decisions decisions(const Json& json) {
    Decisions decisions;
    JsonReader reader(json, "", problem);
    const std::string map = reader.text("map");
    if (!map.empty() && map != rules_.name)
      reader.refuse(fmt::format("decisions about `{}`, not `{}`", map, rules_.name));
    const std::string bulk = reader.text("bulk");
    if (bulk == "preselected") {
      decisions.accept_preselected = true;
    } else if (!bulk.empty()) {
      decisions.bulk = choice(reader, "bulk", bulk);
    }
    create(reader, decisions);
    reader.each("decisions",
                [&](const Json& item, const std::string& at) { decisions.exact.push_back(decision(item, at)); });
    reader.each("answers", [&](const Json& item, const std::string& at) {
      JsonReader of(item, at, problem);
      Answer answer;
      answer.question = of.text("question", true);
      answer.hub_id = of.text("hub");
      answer.provider_id = of.text("provider");
      answer.value = of.text("value", true);
      of.finish();
      decisions.answers.push_back(std::move(answer));
    });
    reader.finish();
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
    const std::string where = reader.text("create");
    if (where.empty()) return;
    if (where != "hub" && where != "provider" && where != "both" && where != "none") {
      reader.refuse(fmt::format("`create` is `{}`, not hub, provider, both or none", where));
    }
    decisions.create_in = {where == "hub" || where == "both", where == "provider" || where == "both"};
  }

  Decision decision(const Json& json, const std::string& place) {
    Decision decision;
    JsonReader reader(json, place, problem);
    decision.hub_id = reader.text("hub");
    decision.provider_id = reader.text("provider");
    decision.field = reader.text("field");
    decision.element = reader.text("element");
    decision.choice = choice(reader, "choice", reader.text("choice", true));
    decision.by = reader.text("by");
    reader.finish();
    const bool known = decision.field.empty() ||
                       std::ranges::find(rules_.fields, decision.field, &ir::Field::label) != rules_.fields.end();
    if (!known) reader.refuse(fmt::format("no field of {} is called \"{}\"", rules_.name, decision.field));
    return decision;
  }

  const ir::RuleSet& rules_;
};

}  // namespace

Result<Decisions> decisions_of(const Json& document, const ir::RuleSet& rules) {
  DecisionsReader reader(rules);
  Decisions decisions = reader.decisions(document);
  if (reader.problem.empty()) {
    if (const Result<void> usable = check_answers(decisions, rules); !usable) return std::unexpected(usable.error());
    return decisions;
  }
  return std::unexpected(Error{.kind = Error::Kind::input, .what = reader.problem});
}

Result<Decisions> read_decisions(const std::string& path, const ir::RuleSet& rules) {
  const Result<Json> json = read_json_file(path, "decisions");
  if (!json) return std::unexpected(json.error());
  Result<Decisions> decisions = decisions_of(*json, rules);
  if (!decisions) decisions.error().what = fmt::format("{}: {}", path, decisions.error().what);
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

}  // namespace dovetail
