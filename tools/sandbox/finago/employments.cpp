// /employment/v2/{empId}.
#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <map>

#include "tools/sandbox/finago/finago.hpp"
#include "tools/sandbox/ids/civil_date.hpp"

namespace dovetail::sandbox::finago {

namespace {

using Choices = std::map<std::string, std::vector<std::string>>;

const Choices& shared_choices() {
  static const Choices choices = {
      {"employment_type",
       {"ordinaertArbeidsforhold", "maritimtArbeidsforhold", "frilanserOppdragstakerHonorarPersonerMm",
        "pensjonOgAndreTyperYtelserUtenAnsettelsesforhold"}},
      {"working_times",
       {"ikkeSkift", "offshore336", "doegnkontinuerligSkiftOgTurnus355", "helkontinuerligSkiftOgAndreOrdninger336",
        "skift365", "andreSkift"}},
      {"primary_employment", {"1", "0"}}};
  return choices;
}

const Choices& norwegian_choices() {
  static const Choices choices = {
      {"enddate_reason",
       {"arbeidsforholdetSkulleAldriVaertRapportert", "arbeidsgiverHarSagtOppArbeidstaker",
        "arbeidstakerHarSagtOppSelv", "byttetLoenssystemEllerRegnskapsfoerer",
        "endringIOrganisasjonsstrukturEllerByttetJobbInternt", "kontraktEngasjementEllerVikariatErUtloept"}},
      {"employment_form",
       {"fast", "fastAnsattUtleid", "midlertidig", "midlertidigAnsattUtleid", "midlertidigAnsattSomTilkallingsvikar"}}};
  return choices;
}

const Choices& swedish_choices() {
  static const Choices choices = {
      {"enddate_reason",
       {"Ingen", "UppsagdArbetsbrist", "TidsbegransadAnstallning", "EgenBegaran", "SlutProvanstallningAnstalldBeslut",
        "SlutProvanstallningArbetsgivareBeslut", "Konkurs", "AnnanOrsak"}},
      {"employment_form", {"Ingen", "Tillsvidare", "Provanstallning", "Behovsanstalld", "Tidsbegransad"}}};
  return choices;
}

bool fits(const Choices& choices, const std::string& name, const std::string& value) {
  const auto found = choices.find(name);
  return found == choices.end() || value.empty() || std::ranges::find(found->second, value) != found->second.end();
}

// What is wrong with the employment, or nothing.
std::optional<std::string> check(Finago& system, const Json& employment) {
  const bool swedish = text_member(*system.store.find("organization", "1"), "country_code") == "SE";
  for (const auto& [name, value] : employment.items()) {
    const std::string text = as_text(value);
    if (!fits(shared_choices(), name, text) || !fits(swedish ? swedish_choices() : norwegian_choices(), name, text)) {
      return name + " is invalid";
    }
  }
  const std::string start = text_member(employment, "startdate"), end = text_member(employment, "enddate");
  if (!date_from(start)) return "startdate is invalid";
  if (!end.empty() && (!date_from(end) || end < start)) return "enddate is invalid";
  if (!end.empty() && text_member(employment, "enddate_reason").empty()) return "enddate_reason is missing";
  return std::nullopt;
}

Json blank(const std::string& id) {
  Json employment = {{"employment_id", id}};
  for (const char* name :
       {"primary_employment", "startdate", "enddate", "enddate_reason", "employment_form", "profession_code",
        "employment_rate", "employment_type", "enterprise_number", "working_times"}) {
    employment[name] = "";
  }
  employment["primary_employment"] = "0";
  return employment;
}

Json* find(Json& employments, const std::string& id) {
  for (Json& each : employments) {
    if (!id.empty() && text_member(each, "employment_id") == id) return &each;
  }
  return nullptr;
}

std::optional<std::string> upsert(Finago& system, Json& employments, const Json& sent, const std::string& employee) {
  if (!sent.is_object()) return "an employment is an object";
  std::string id = as_text(member(sent, "employment_id"));
  if (find(employments, id) == nullptr) {
    if (id.empty()) id = fmt::format("{}-{}", 9'000'000 + *to_number(employee), employments.size() + 1);
    employments.push_back(blank(id));
    if (employments.size() == 1) employments.back()["primary_employment"] = "1";
  }
  Json& employment = *find(employments, id);
  if (system.knobs.is("employment_update", "whole")) employment = blank(id);
  for (const auto& [name, value] : sent.items()) {
    if (name == "employment_id" || !employment.contains(name)) continue;
    const std::string text = as_text(value);
    if (text.empty() && !system.knobs.on("empty_clears")) continue;
    const bool decimal = name == "employment_rate" && !text.empty() && system.knobs.is("decimals", "two_digits");
    employment[name] = decimal ? fmt::format("{:.2f}", std::strtod(text.c_str(), nullptr)) : text;
  }
  if (text_member(employment, "primary_employment") == "1" && system.knobs.is("second_primary", "moves")) {
    for (Json& each : employments) {
      if (&each != &employment) each["primary_employment"] = "0";
    }
  }
  return check(system, employment);
}

}  // namespace

Answer answer_employments(Finago& system, const Call& call, const std::string& id) {
  Json* employee = system.store.find("employees", id);
  if (call.method == "GET") {
    if (employee == nullptr && system.knobs.is("unknown_employee_get", "404"))
      return system.error(404, "Employee does not exist");
    Json list = employee == nullptr ? Json::array() : (*employee)["_employments"];
    if (call.cut && list.size() > call.cut->rows)
      list.erase(list.begin() + static_cast<std::ptrdiff_t>(call.cut->rows), list.end());
    return json_answer(200, list, system.knobs.text("answer_type"));
  }
  if (call.method != "POST") return system.error(405, "Method not allowed");
  if (employee == nullptr)
    return system.error(static_cast<int>(system.knobs.number("unknown_employee_post")), "Employee does not exist");
  const int refusal = system.knobs.is("invalid_employment", "500") ? 500 : 400;
  const Json body = parse_json(call.body).value_or(Json());
  if (!body.is_array()) return system.error(refusal, "Error, bad input parameter");
  Json employments = (*employee)["_employments"];
  for (const Json& sent : body) {
    if (auto wrong = upsert(system, employments, sent, id)) return system.error(refusal, *wrong);
  }
  (*employee)["_employments"] = employments;
  return json_answer(200, employments, system.knobs.text("answer_type"));
}

}  // namespace dovetail::sandbox::finago
