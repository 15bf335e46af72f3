#include "tools/sandbox/finago/finago.hpp"

#include <fmt/format.h>

#include "tools/sandbox/core/digest.hpp"

namespace dovetail::sandbox::finago {

namespace {

constexpr const char* access_token = "sandbox-access-token";

Population settled(Population population) {
  if (population.countries.empty()) population.countries = {Country::norway};
  population.system = "finago";
  return population;
}

Json row_of(const Person& person, const std::string& id) {
  Json row = blank_employee();
  row.update({{"empId", id},
              {"email", person.email},
              {"firstname", person.given},
              {"lastname", person.family},
              {"postaddress", person.street},
              {"zipcode", person.postal_code},
              {"city", person.city},
              {"countryCode", country_code(person.country)},
              {"clearingno", person.clearing},
              {"account", person.account},
              {"bic", person.bic},
              {"employee_date", to_text(person.started)},
              {"telefon", person.phone},
              {"internationalID",
               {{"countryCode", country_code(person.country)},
                {"ID", person.national_id},
                {"type", "socialSecurityNumber"}}}});
  const bool swedish = person.country == Country::sweden;
  row["_employments"] = Json::array({{{"employment_id", fmt::format("{}-1", 32'000 + person.number)},
                                      {"primary_employment", "1"},
                                      {"startdate", to_text(person.started)},
                                      {"enddate", ""},
                                      {"enddate_reason", ""},
                                      {"employment_form", swedish ? "Tillsvidare" : "fast"},
                                      {"profession_code", "2130102"},
                                      {"employment_rate", "100.00"},
                                      {"employment_type", "ordinaertArbeidsforhold"},
                                      {"enterprise_number", "811010472"},
                                      {"working_times", "ikkeSkift"}}});
  return row;
}

// 2025-06-03T10:15:00+02:00 on a Norwegian wall.
std::string local_instant(Moment moment) {
  const auto offset = western_europe_offset(moment);
  return to_instant(moment + offset).substr(0, 19) + fmt::format("+{:02}:00", offset.count());
}

}  // namespace

Finago::Finago(Population population) : System(finago::knobs()) {
  population = settled(std::move(population));
  const std::string country = country_code(population.countries.front());
  store.rows("access_tokens")[access_token] = {{"active", true}};
  store.rows("organization")["1"] = {
      {"name", "Sandkasse AS"},
      {"orgno", "999888777"},
      {"enterprise_number", "811010472"},
      {"country_code", country},
      {"sites", Json::array({{{"enterprise_number", "811010472"}, {"name", "Hovedkontor"}}})}};
  store.rows("employees");
  for (const Person& person : make_people(population)) {
    const std::string id = std::to_string(store.next("employees"));
    store.rows("employees")[id] = row_of(person, id);
  }
}

Json Finago::credentials() const { return {{"access_token", access_token}, {"api_url", base + "/api"}}; }

std::string Finago::new_id(const std::string& table) {
  return table == "employees" ? std::to_string(store.next(table)) : "";
}

RowShape Finago::shape(const std::string& table) const {
  using Kind = RowPart::Kind;
  if (table == "organization") return {.stays = true, .parts = {{.name = "country_code", .needed = true}}};
  if (table != "employees") return {};
  RowShape shape{
      .numbered = true,
      .parts = {{.name = "_employments", .kind = Kind::objects}, {.name = "internationalID", .kind = Kind::object}}};
  for (const char* decimal : decimals) shape.parts.push_back({.name = decimal});
  return shape;
}

void Finago::edited(const std::string& table, const std::string& id, const Json&, const Json& after) {
  if (table != "employees" || after.is_null()) return;
  Json whole = blank_employee();
  whole.update(after);
  whole["empId"] = id;
  if (!whole.contains("_employments")) whole["_employments"] = Json::array();
  *store.find(table, id) = std::move(whole);
}

Answer Finago::error(int status, const std::string& text) const {
  const std::string& form = knobs.text("error_body");
  if (form == "json") return json_answer(status, {{"error", text}});
  if (form == "text") return {.status = status, .content_type = "text/plain", .body = text};
  if (form == "html")
    return {.status = status, .content_type = "text/html", .body = "<html><body>" + text + "</body></html>"};
  return {.status = status};
}

Answer Finago::failure(int status, const Call&) {
  if (status == 401) return error(401, "Error, bad input parameter");
  return error(status, status >= 500 ? "Internal server error. Contact support for more info." : "Error");
}

bool Finago::expire_tokens() {
  for (auto& [text, token] : tokens_) token.expires = clock.now();
  return true;
}

bool Finago::revoke_tokens() {
  tokens_.clear();
  return true;
}

Answer Finago::exchange(const Call& call) {
  const std::string secret = call.param("token").value_or("");
  const Json* known = store.find("access_tokens", secret);
  if (known == nullptr || member(*known, "active") != true) return failure(401, call);
  const Moment expires = clock.now() + std::chrono::seconds(knobs.number("token_seconds"));
  const std::string token = random_uuid();
  tokens_[token] = {secret, expires};
  return json_answer(
      200,
      {{"accessToken", token},
       {"expiresOn", knobs.is("expires_on", "utc") ? to_instant(expires).substr(0, 19) + 'Z' : local_instant(expires)}},
      knobs.text("answer_type"));
}

bool Finago::is_authorized(const Call& call) {
  const std::string& place = knobs.text("authorization_header");
  std::string_view header = call.header(place == "authorization2" ? "authorization2" : "Authorization");
  if (place == "either" && header.empty()) header = call.header("authorization2");
  const auto token = tokens_.find(equal_fold(header.substr(0, 7), "bearer ") ? trim(header.substr(7)) : "");
  if (token == tokens_.end() || token->second.expires <= clock.now()) return false;
  const Json* secret = store.find("access_tokens", token->second.secret);
  return secret != nullptr && member(*secret, "active") == true;
}

bool Finago::is_too_fast() {
  const Moment now = clock.now();
  std::erase_if(recent_, [&](Moment each) { return each + std::chrono::seconds(1) <= now; });
  const long long limit = knobs.number("rate_limit");
  if (limit <= 0) return false;
  if (static_cast<long long>(recent_.size()) >= limit) return true;
  recent_.push_back(now);
  return false;
}

Answer Finago::answer(const Call& call) {
  std::vector<std::string> parts = split(call.path, '/');  // "", "api", …
  if (parts.size() > 2 && parts.back().empty()) parts.pop_back();
  if (parts.size() < 3 || parts[1] != "api") return error(404, "Not found");
  if (parts.size() == 3 && parts[2] == "auth" && call.method == "GET") return exchange(call);
  if (!is_authorized(call)) return failure(401, call);
  if (is_too_fast()) {
    Answer answer = failure(429, call);
    if (knobs.on("retry_after")) answer.headers.emplace_back("Retry-After", "1");
    return answer;
  }
  const bool known = parts.size() >= 4 && parts.size() <= 5 && parts[3] == "v2";
  const std::string id = parts.size() == 5 ? parts[4] : "";
  if (!known || (!id.empty() && !all_digits(id))) return error(404, "Not found");
  if (parts[2] == "employee") return answer_employees(*this, call, id);
  if (parts[2] == "employment" && !id.empty()) return answer_employments(*this, call, id);
  if (parts[2] != "organization" || !id.empty() || call.method != "GET") return error(404, "Not found");
  Json organization = *store.find("organization", "1");
  if (knobs.is("organization_country", "absent")) organization.erase("country_code");
  return json_answer(200, organization, knobs.text("answer_type"));
}

}  // namespace dovetail::sandbox::finago
