// dovetail explain: why each field of a person is as it is.
#include "engine/explain/explain.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "engine/api/people.hpp"
#include "engine/api/plan_json.hpp"
#include "tools/dovetail/decision_options.hpp"
#include "tools/dovetail/job.hpp"
#include "tools/dovetail/options.hpp"
#include "tools/dovetail/output.hpp"
#include "tools/dovetail/plan_text.hpp"

namespace dovetail::tools {
namespace {

constexpr std::size_t most_people = 20;  // that a part of a name may mean

std::string field_text(const PlanInput& input, const Person& person, const FieldExplanation& of, const Palette& paint) {
  const std::string element = element_title(input, person, of.field, of.hub_element, of.provider_element);
  std::string text = "\n  " + paint(Tone::bold, of.label + (element.empty() ? "" : " [" + element + "]")) + "\n";
  const std::size_t width = 1 + std::max({std::size_t{9}, input.program.rules->title(ir::Side::hub).size(),
                                          input.program.rules->title(ir::Side::provider).size()});
  const auto line = [&](std::string_view title, const std::string& what) {
    if (!what.empty()) text += "    " + paint(Tone::dim, padded(title, width)) + what + "\n";
  };
  line(input.program.rules->title(ir::Side::hub),
       fmt::format("{}   {}", parts_text(input, ir::Side::hub, of.hub, of.secret), of.bits[0]));
  line(input.program.rules->title(ir::Side::provider),
       fmt::format("{}   {}", parts_text(input, ir::Side::provider, of.provider, of.secret), of.bits[1]));
  if (!of.base_hub.empty() || !of.base_provider.empty()) {
    line("agreed", fmt::format("{} | {}", parts_text(input, ir::Side::hub, of.base_hub, of.secret),
                               parts_text(input, ir::Side::provider, of.base_provider, of.secret)));
  }
  for (const std::string& step : of.trace) line("becomes", printable(step));
  if (of.decision != Choice::undecided) {
    line("decided", std::string(name(of.decision)) + (of.decided_by.empty() ? "" : " by " + printable(of.decided_by)));
  }
  line("reason",
       fmt::format("{}: {}", name(of.reason), of.why.empty() ? std::string(sentence(of.reason)) : printable(of.why)));
  line("rule", place_text(of.rule));
  return text;
}

Json field_json(const PlanInput& input, const FieldExplanation& of) {
  Json json = {{"field", of.label},
               {"hub", parts_json(input, ir::Side::hub, of.hub, of.secret)},
               {"provider", parts_json(input, ir::Side::provider, of.provider, of.secret)},
               {"base_hub", parts_json(input, ir::Side::hub, of.base_hub, of.secret)},
               {"base_provider", parts_json(input, ir::Side::provider, of.base_provider, of.secret)},
               {"trace", of.trace},
               {"bits", {{"hub", of.bits[0]}, {"provider", of.bits[1]}}},
               {"decision", name(of.decision)},
               {"action", name(of.action)},
               {"reason", name(of.reason)},
               {"why", of.why},
               {"rule", place_json(of.rule)}};
  if (!of.hub_element.empty()) json["hub_element"] = of.hub_element;
  if (!of.provider_element.empty()) json["provider_element"] = of.provider_element;
  return json;
}

bool is_wanted(const FieldExplanation& field, const Options& options) {
  return options.filter.fields.empty() ||
         std::ranges::find(options.filter.fields, field.label) != options.filter.fields.end();
}

std::string person_text(const PlanInput& input, const PersonExplanation& of, const Options& options,
                        const Palette& paint) {
  std::string text = fmt::format("{}  {}\n", paint(Tone::bold, person_title(input, of.person)),
                                 paint(Tone::dim, person_ids(input, of.person)));
  if (of.person.is_linked) text += fmt::format("  {}\n", name(of.person.state));
  const std::string why = of.why.empty() ? std::string(sentence(of.person.reason)) : printable(of.why);
  if (of.person.reason != Reason::no_change || !of.why.empty())
    text += fmt::format("  {}: {}\n", name(of.person.reason), why);
  for (const FieldExplanation& field : of.fields) {
    if (is_wanted(field, options)) text += field_text(input, of.person, field, paint);
  }
  return text;
}

Json person_json(const PlanInput& input, const PersonExplanation& of, const Options& options) {
  Json json = {
      {"title", person_title(input, of.person)}, {"hub", of.person.hub_id}, {"provider", of.person.provider_id},
      {"reason", name(of.person.reason)},        {"why", of.why},           {"fields", Json::array()}};
  for (const FieldExplanation& field : of.fields) {
    if (is_wanted(field, options)) json["fields"].push_back(field_json(input, field));
  }
  return json;
}

}  // namespace

int explain_command(const Options& options) {
  const std::unique_ptr<Job> job = Job::load(options);
  if (!job) return could_not_run;
  const Plan plan = job->make_plan();
  const PlanInput input = job->input();
  if (const Result<void> fits = check_fit(job->decisions, input, plan, options); !fits) {
    print_error(fits.error().what);
    return could_not_run;
  }
  const Result<Selection> checked = Selection::of(input, plan, options);
  const std::vector<PersonIndex> people = people_like(input, plan, options.person);
  if (!checked || people.empty() || people.size() > most_people) {
    fmt::print(stderr, "dovetail: {}\n",
               !checked ? checked.error().what
               : people.empty()
                   ? fmt::format("nobody has the id or e-mail `{}`, or such a name", options.person)
                   : fmt::format("`{}` fits {} people: give an e-mail or an id", options.person, people.size()));
    return could_not_run;
  }
  if (options.format == "json") {
    Json json = {{"dovetail", "explain"}, {"version", 1}, {"map", job->rules.name}, {"people", Json::array()}};
    for (const PersonIndex person : people)
      json["people"].push_back(person_json(input, explain(plan, input, person), options));
    fmt::print("{}\n", json.dump(1));
    return clean;
  }
  const Palette paint(options.color);
  std::string text;
  for (const PersonIndex person : people)
    text += (text.empty() ? "" : "\n") + person_text(input, explain(plan, input, person), options, paint);
  fmt::print("{}", text);
  return clean;
}

}  // namespace dovetail::tools
