#include "engine/api/plan_json.hpp"

#include <fmt/format.h>

#include "engine/api/people.hpp"

namespace dovetail {
namespace {

// "2026-11-21T14:03:11Z"
std::string instant_text(Instant instant) {
  const auto midnight = std::chrono::floor<std::chrono::days>(instant);
  const auto second = std::chrono::floor<std::chrono::seconds>(instant - midnight).count();
  return fmt::format("{}T{:02}:{:02}:{:02}Z", to_text(CivilDay(std::chrono::floor<std::chrono::days>(instant))),
                     second / 3600, second / 60 % 60, second % 60);
}

Json or_null(const std::string& text) { return text.empty() ? Json() : Json(text); }

Json value_json(const Value& value, bool secret) {
  Json json = {{"state", name(value.state)}};
  if (value.state == State::value || value.state == State::invalid) json["value"] = shown(value, secret);
  return json;
}

Json writes_json(const PlanInput& input, ir::Side side, std::span<const Write> writes, bool secret) {
  Json list = Json::array();
  for (const Write& write : writes) {
    const bool masked = is_secret(input, side, write.member, secret);
    Json json = {{"member", input.program.rules->schema(side).members[write.member].path}};
    if (!write.element.empty()) json["element"] = write.element;
    json["before"] = value_json(write.before, masked);
    json["after"] = value_json(write.after, masked);
    if (write.fill) json["fill"] = true;
    list.push_back(std::move(json));
  }
  return list;
}

Json entry_json(const PlanInput& input, PersonIndex person, const Entry& entry, std::size_t number) {
  Json json = {{"entry", number},
               {"person", person},
               {"field", entry.field == no_field ? Json() : Json(input.program.rules->fields[entry.field].label)},
               {"kind", name(entry.kind)},
               {"reason", name(entry.reason)},
               {"action", name(entry.action)},
               {"target", input.program.rules->alias(entry.target)},
               {"hub", parts_json(input, ir::Side::hub, entry.hub, entry.secret)},
               {"provider", parts_json(input, ir::Side::provider, entry.provider, entry.secret)},
               {"preselected", name(entry.preselected)},
               {"decision", name(entry.decision)},
               {"known", entry.known},
               {"rule", place_json(entry.rule)},
               {"why", entry.why}};
  if (!entry.hub_element.empty()) json["hub_element"] = entry.hub_element;
  if (!entry.provider_element.empty()) json["provider_element"] = entry.provider_element;
  if (!entry.base_hub.empty()) json["base_hub"] = parts_json(input, ir::Side::hub, entry.base_hub, entry.secret);
  if (!entry.base_provider.empty())
    json["base_provider"] = parts_json(input, ir::Side::provider, entry.base_provider, entry.secret);
  for (const ir::Side side : {ir::Side::hub, ir::Side::provider}) {
    if (!entry.offered(side)) continue;
    // The hub's winning writes into the provider, and the other way round.
    json["offers"][side == ir::Side::provider ? "hub" : "provider"] =
        writes_json(input, side, entry.offers[ir::at(side)], entry.secret);
  }
  return json;
}

Json operation_json(const PlanInput& input, const Plan& plan, const Operation& operation) {
  const bool secret = operation.entry < plan.entries.size() && plan.entries[operation.entry].secret;
  return {{"person", operation.person},
          {"action", name(operation.action)},
          {"target", input.program.rules->alias(operation.target)},
          {"entry", operation.entry},
          {"writes", writes_json(input, operation.target, operation.writes, secret)}};
}

template <std::size_t N>
Json reasons_json(const std::array<std::uint32_t, N>& counts) {
  Json json = Json::object();
  for (std::size_t reason = 0; reason < N; ++reason) {
    if (counts[reason] > 0) json[std::string(name(static_cast<Reason>(reason)))] = counts[reason];
  }
  return json;
}

Json totals_json(const Plan& plan) {
  const Totals& of = plan.totals;
  Json findings = Json::object();
  for (std::size_t kind = 0; kind < kind_count; ++kind) {
    if (of.entries[kind] > 0) findings[std::string(name(static_cast<Kind>(kind)))] = of.entries[kind];
  }
  const auto sides = [](const std::array<std::uint32_t, 2>& counts) {
    return Json{{"hub", counts[0]}, {"provider", counts[1]}};
  };
  return {{"people", of.people},
          {"hub_records", of.hub_records},
          {"provider_records", of.provider_records},
          {"pairs", of.pairs},
          {"hub_only", of.hub_only},
          {"provider_only", of.provider_only},
          {"fields", reasons_json(of.fields)},
          {"persons", reasons_json(of.persons)},
          {"elements", of.elements},
          {"element_fields", reasons_json(of.element_reasons)},
          {"findings", findings},
          {"open", of.open},
          {"creates", sides(of.creates)},
          {"sets", sides(of.sets)},
          {"clears", sides(of.clears)},
          {"links", of.links}};
}

Json person_json(const PlanInput& input, const Person& person) {
  return {{"title", person_title(input, person)},
          {"hub", or_null(person.hub_id)},
          {"provider", or_null(person.provider_id)},
          {"state", person.is_linked ? Json(name(person.state)) : Json()},
          {"reason", name(person.reason)}};
}

Json question_json(const Question& of) {
  return {{"person", of.person},
          {"question", of.text},
          {"suggestion", or_null(of.suggestion)},
          {"rule", place_json(of.rule)}};
}

Json notice_json(const PlanInput& input, const Notice& of) {
  return {{"person", of.person},
          {"field", of.field == no_field ? Json() : Json(input.program.rules->fields[of.field].label)},
          {"text", of.text}};
}

// What stands before the lists.
Json head_json(const PlanInput& input, const Plan& plan) {
  const auto completeness = [&](ir::Side side) {
    const Completeness& of = plan.completeness[ir::at(side)];
    Json said = {{"complete", of.complete}};
    if (!of.complete) said["reason"] = of.reason;
    if (!of.notes.empty()) said["notes"] = of.notes;
    if (const auto& taken = plan.taken[ir::at(side)]) said["taken"] = instant_text(*taken);
    return said;
  };
  return {{"dovetail", "plan"},
          {"version", 1},
          {"map", input.program.rules->name},
          {"today", to_text(input.today)},
          {"ready", plan.ready},
          {"completeness", {{"hub", completeness(ir::Side::hub)}, {"provider", completeness(ir::Side::provider)}}}};
}

// Calls begin(NAME) for each list of the plan, then item(JSON) for each of its items.
template <typename Begin, typename Item>
void each_list(const PlanInput& input, const Plan& plan, const Wanted& wanted, Begin begin, Item item) {
  begin("people");
  for (const Person& person : plan.people) item(person_json(input, person));
  begin("entries");
  for (std::size_t number = 0; number < plan.entries.size(); ++number) {
    const Entry& entry = plan.entries[number];
    const PersonIndex person = plan.entries.person(number);
    if (!wanted || wanted(person, entry)) item(entry_json(input, person, entry, number));
  }
  begin("operations");
  for (const Operation& operation : plan.operations) {
    if (!wanted || wanted(operation.person, plan.entries[operation.entry]))
      item(operation_json(input, plan, operation));
  }
  begin("questions");
  for (const Question& question : plan.questions) {
    if (!wanted || wanted(question.person, plan.entries[question.entry])) item(question_json(question));
  }
  begin("notices");
  for (const Notice& notice : plan.notices) {
    if (!wanted || wanted(notice.person, plan.entries[notice.entry])) item(notice_json(input, notice));
  }
}

// Appends what dump(1) would write `levels` further in.
void append_indented(const Json& json, std::size_t levels, std::string& into) {
  for (const char c : json.dump(1)) {  // a line break within a text is escaped
    into += c;
    if (c == '\n') into.append(levels, ' ');
  }
}

}  // namespace

Json parts_json(const PlanInput& input, ir::Side side, std::span<const PartValue> parts, bool secret) {
  Json list = Json::array();
  for (const PartValue& part : parts) {
    Json json = {{"member", part.member == ir::no_member
                                ? Json()
                                : Json(input.program.rules->schema(side).members[part.member].path)}};
    json.update(value_json(part.value, is_secret(input, side, part.member, secret)));
    list.push_back(std::move(json));
  }
  return list;
}

Json place_json(const ir::Origin& origin) {
  if (origin.file.empty()) return nullptr;
  return {{"file", origin.file}, {"line", origin.line}, {"column", origin.column}};
}

bool is_secret(const PlanInput& input, ir::Side side, ir::MemberId member, bool entry_is_secret) {
  return entry_is_secret || (member != ir::no_member && input.program.rules->schema(side).members[member].secret);
}

Json plan_json(const PlanInput& input, const Plan& plan, const Wanted& wanted) {
  Json json = head_json(input, plan);
  std::string list;
  each_list(
      input, plan, wanted, [&](const char* name) { json[list = name] = Json::array(); },
      [&](Json item) { json[list].push_back(std::move(item)); });
  json["totals"] = totals_json(plan);
  return json;
}

void write_plan_json(const PlanInput& input, const Plan& plan, const Wanted& wanted, const Json& more,
                     const std::function<void(std::string_view)>& write) {
  constexpr std::size_t piece = std::size_t{1} << 16U;
  std::string text = head_json(input, plan).dump(1);
  text.resize(text.size() - std::string_view("\n}").size());
  const auto member = [&text](const std::string& name) { text += ",\n " + Json(name).dump() + ": "; };
  bool in_list = false, any = false;
  const auto end_list = [&] {
    if (in_list) text += any ? "\n ]" : "]";
    in_list = any = false;
  };
  const auto begin_list = [&](const char* name) {
    end_list();
    member(name);
    text += '[';
    in_list = true;
  };
  each_list(input, plan, wanted, begin_list, [&](const Json& item) {
    text += any ? ",\n  " : "\n  ";
    any = true;
    append_indented(item, 2, text);
    if (text.size() < piece) return;
    write(text);
    text.clear();
  });
  end_list();
  member("totals");
  append_indented(totals_json(plan), 1, text);
  for (const auto& [name, value] : more.items()) {
    member(name);
    append_indented(value, 1, text);
  }
  write(text += "\n}");
}

}  // namespace dovetail
