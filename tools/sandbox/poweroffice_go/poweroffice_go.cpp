#include "tools/sandbox/poweroffice_go/poweroffice_go.hpp"

#include <fmt/format.h>

#include "tools/sandbox/core/digest.hpp"
#include "tools/sandbox/poweroffice_go/employee.hpp"
#include "tools/sandbox/poweroffice_go/problem.hpp"

namespace dovetail::sandbox::poweroffice_go {

namespace {

constexpr const char* application_key = "5c1f0e6a-0000-4000-8000-0000000a0001";
constexpr const char* client_key = "9d27b1c4-0000-4000-8000-0000000c0001";
constexpr const char* subscription_key = "0123456789abcdef0123456789abcdef";

Population settled(Population population) {
  if (population.countries.empty()) population.countries = {Country::norway};
  population.system = "poweroffice_go";
  return population;
}

bool starts_fold(std::string_view text, std::string_view beginning) {
  return equal_fold(text.substr(0, beginning.size()), beginning);
}

std::string with_privileges(const Json& client, Token& token) {
  const Json& invalid = member(client, "InvalidPrivileges");
  for (const Json& each : member(client, "Privileges")) {
    if (std::ranges::find(invalid, each) == invalid.end()) token.privileges.insert(each.get<std::string>());
  }
  const Json head = {{"alg", "HS256"}, {"typ", "JWT"}};
  const Json claims = {{"role", token.privileges},
                       {"goInvalidPrivileges", invalid},
                       {"goActiveClientSubscriptions", member(client, "ActiveClientSubscriptions")},
                       {"goClientId", text_member(client, "ClientId")},
                       {"goClientName", text_member(client, "ClientName")},
                       {"goUserId", text_member(client, "UserId")},
                       {"goAllowShowEmployeeSSN", token.shows_ids},
                       {"exp", std::chrono::floor<std::chrono::seconds>(token.expires).time_since_epoch().count()},
                       {"jti", random_uuid()}};
  const std::string text = base64_encode(to_text(head), true) + '.' + base64_encode(to_text(claims), true);
  return text + '.' + base64_encode(hmac_sha256("sandbox", text), true);
}

Answer token_refused(const std::string& error, const std::string& description) {
  return json_answer(400, {{"error", error}, {"error_description", description}});
}

}  // namespace

PowerOfficeGo::PowerOfficeGo(Population population) : System(poweroffice_go::knobs()) {
  store.rows("applications")[application_key] = {{"Name", "Huma"}};
  store.rows("subscriptions")[subscription_key] = {{"Name", "Huma"}};
  store.rows("clients")[client_key] = {
      {"ClientId", "f1a4c0de-0000-4000-8000-000000000001"},
      {"ClientName", "Sandkasse AS"},
      {"ClientOrganizationNumber", "999888777"},
      {"UserId", "f1a4c0de-0000-4000-8000-000000000002"},
      {"Environment", "any"},
      {"Privileges", {"Employee_Full", "ContactBankAccount_Full", "EmployeeBankAccounts_Full"}},
      {"InvalidPrivileges", Json::array()},
      {"ActiveClientSubscriptions", {"Payroll"}},
      {"ShowEmployeeSSN", false}};
  store.rows("number_series")["1"] = {{"Id", uuid_of("series")}, {"Name", "Ansatte"},        {"Type", "Employee"},
                                      {"FromInclusive", 1},      {"ToInclusive", 9'999'999}, {"IsDefault", true},
                                      {"_client", client_key}};
  store.rows("departments")["11"] = {{"Id", 11}, {"Code", "10"}, {"Name", "Drift"}, {"_client", client_key}};
  store.rows("contact_groups")["21"] = {{"Id", 21}, {"Name", "Ansatte"}, {"_client", client_key}};
  store.rows("employees");
  store.rows("bank_accounts");
  for (const Person& person : make_people(settled(std::move(population)))) add_generated(*this, person, client_key);
}

Json PowerOfficeGo::credentials() const {
  return {{"application_key", application_key},
          {"client_key", client_key},
          {"subscription_key", subscription_key},
          {"token_url", base + "/OAuth/Token"},
          {"api_url", base + "/v2"}};
}

std::string PowerOfficeGo::stamp() {
  last_stamp_ = std::max(clock.now(), last_stamp_ + std::chrono::microseconds(1));
  return to_instant(last_stamp_);
}

void PowerOfficeGo::commit(const std::string& table, const std::string& id, Json row) {
  const auto lag = std::chrono::milliseconds(knobs.number("replica_lag_ms"));
  if (lag.count() > 0) store.keep_for_replica(table, id, clock.now() + lag);
  store.rows(table)[id] = std::move(row);
}

void PowerOfficeGo::remove(const std::string& table, const std::string& id) {
  const auto lag = std::chrono::milliseconds(knobs.number("replica_lag_ms"));
  if (lag.count() > 0) store.keep_for_replica(table, id, clock.now() + lag);
  store.rows(table).erase(id);
}

std::string PowerOfficeGo::new_id(const std::string& table) {
  if (table == "employees") return std::to_string(store.next("contacts", 77'001));
  if (table == "bank_accounts") return std::to_string(store.next("accounts", 9'001));
  return {};
}

RowShape PowerOfficeGo::shape(const std::string& table) const {
  using Kind = RowPart::Kind;
  if (table == "employees") {
    return {
        .numbered = true,
        .parts = {{.name = "MailAddress", .kind = Kind::object}, {.name = "ContactGroupIds", .kind = Kind::wholes}}};
  }
  if (table == "bank_accounts") return {.numbered = true};
  if (table == "number_series") return {.parts = {{.name = "FromInclusive", .kind = Kind::whole, .needed = true}}};
  if (table == "clients") {
    return {.parts = {{.name = "Privileges", .kind = Kind::texts}, {.name = "InvalidPrivileges", .kind = Kind::texts}}};
  }
  return {};
}

void PowerOfficeGo::edited(const std::string& table, const std::string& id, const Json& before, const Json& after) {
  if (after.is_null() || (table != "employees" && table != "bank_accounts")) return;
  Json& row = *store.find(table, id);
  Json whole = table == "employees" ? blank_employee() : Json::object();
  whole.update(row);
  if (!whole.contains("_client")) whole["_client"] = client_key;
  whole["Id"] = *to_number(id);
  const auto without_address = [](Json json) {
    if (json.is_object()) json.erase("MailAddress");
    return json;
  };
  if (table == "bank_accounts" || without_address(before) != without_address(row))
    whole["LastChangedDateTimeOffset"] = stamp();
  row = std::move(whole);
}

bool PowerOfficeGo::expire_tokens() {
  for (auto& [text, token] : tokens_) token.expires = clock.now();
  return true;
}

bool PowerOfficeGo::revoke_tokens() {
  tokens_.clear();
  return true;
}

Answer PowerOfficeGo::failure(int status, const Call&) {
  if (status == 429) {
    return gateway_answer(429, "Rate limit is exceeded. Try again in 1 seconds.", knobs.on("status_code_as_text"));
  }
  if (status >= 500) return gateway_answer(status, "Internal server error", knobs.on("status_code_as_text"));
  return problem(status, "Error", "The request could not be carried out.");
}

std::optional<Answer> PowerOfficeGo::stopped_by_gateway(const Call& call) {
  const bool as_text = knobs.on("status_code_as_text");
  std::string key(call.header("Ocp-Apim-Subscription-Key"));
  if (key.empty()) key = call.param("subscription-key").value_or("");
  if (key.empty()) {
    return gateway_answer(401,
                          "Access denied due to missing subscription key. Make sure to include subscription key when "
                          "making requests to an API.",
                          as_text);
  }
  if (store.find("subscriptions", key) == nullptr) {
    return gateway_answer(
        401,
        "Access denied due to invalid subscription key. Make sure to provide a valid key for an active subscription.",
        as_text);
  }
  const long long limit = knobs.number("rate_limit");
  std::deque<Moment>& recent = recent_[key];
  const Moment now = clock.now();
  while (!recent.empty() && recent.front() + std::chrono::seconds(1) <= now) recent.pop_front();
  if (limit > 0 && static_cast<long long>(recent.size()) >= limit) {
    Answer answer = failure(429, call);
    if (knobs.on("retry_after")) answer.headers.emplace_back("Retry-After", "1");
    return answer;
  }
  recent.push_back(now);
  return std::nullopt;
}

Answer PowerOfficeGo::give_token(const Call& call, bool demo) {
  std::string grant;
  for (const auto& [name, value] : query_pairs(call.body)) {
    if (name == "grant_type") grant = value;
  }
  if (grant.empty()) return token_refused("invalid_request", "grant_type is missing.");
  if (grant != "client_credentials")
    return token_refused("unsupported_grant_type", "grant_type must be client_credentials.");
  const std::string_view header = call.header("Authorization");
  const auto keys = starts_fold(header, "basic ") ? base64_decode(trim(header.substr(6))) : std::nullopt;
  const auto colon = keys ? keys->find(':') : std::string::npos;
  const std::string application = keys ? lower(keys->substr(0, colon)) : "";
  const std::string client_id = colon == std::string::npos ? "" : lower(keys->substr(colon + 1));
  const Json* client = store.find("clients", client_id);
  const std::string environment = client == nullptr ? "" : text_member(*client, "Environment");
  if (store.find("applications", application) == nullptr || client == nullptr ||
      (environment != "any" && environment != (demo ? "demo" : "production"))) {
    return token_refused(
        "invalid_client",
        "Client integration not found. Please ensure the provided keys are matching the desired environment.");
  }
  const long long seconds = knobs.number("token_seconds");
  Token token{.client = client_id,
              .privileges = {},
              .shows_ids = member(*client, "ShowEmployeeSSN") == true,
              .expires = clock.now() + std::chrono::seconds(seconds)};
  const std::string text = with_privileges(*client, token);
  tokens_[text] = token;
  return json_answer(200, {{"access_token", text}, {"token_type", "bearer"}, {"expires_in", seconds}});
}

Answer PowerOfficeGo::answer_onboarding(const Call& call, const std::string& path) {
  const Json body = parse_json(call.body).value_or(Json());
  if (equal_fold(path, "Onboarding/Initiate")) {
    if (store.find("applications", lower(text_member(body, "ApplicationKey"))) == nullptr) {
      return problem(400, "Onboarding error(s)", "ApplicationKey is not valid.");
    }
    // The link already carries what the user's consent would bring.
    const std::string token = random_uuid();
    onboarding_[token] = client_key;
    return json_answer(200, {{"TemporaryUrl", base + "/onboarding?onboarding_token=" + token},
                             {"ValidUntilDateTimeOffset", to_instant(clock.now() + std::chrono::minutes(10))}});
  }
  const auto found = onboarding_.find(text_member(body, "OnboardingToken"));
  const Json* known = found == onboarding_.end() ? nullptr : store.find("clients", found->second);
  if (known == nullptr) return problem(400, "Onboarding error(s)", "OnboardingToken is not valid.");
  const Json& client = *known;
  return json_answer(200, {{"UserEmail", "admin@example.com"},
                           {"OnboardedClientsInformation",
                            {{{"ClientKey", found->second},
                              {"ClientName", text_member(client, "ClientName")},
                              {"ClientOrganizationNumber", text_member(client, "ClientOrganizationNumber")}}}}});
}

Answer PowerOfficeGo::answer_api(const Call& call, const std::string& path) {
  if (call.method == "POST" && (equal_fold(path, "Onboarding/Initiate") || equal_fold(path, "Onboarding/Finalize"))) {
    return answer_onboarding(call, path);
  }
  const std::string_view header = call.header("Authorization");
  const auto token = tokens_.find(starts_fold(header, "bearer ") ? trim(header.substr(7)) : "");
  if (token == tokens_.end() || token->second.expires <= clock.now() ||
      store.find("clients", token->second.client) == nullptr) {
    Answer answer = knobs.is("unauthorized_body", "empty")
                        ? Answer{.status = 401}
                        : problem(401, "Unauthorized", "The access token is missing or has expired.");
    answer.headers.emplace_back("WWW-Authenticate", "Bearer");
    return answer;
  }
  const Token mine = token->second;
  const Request request{*this, call, mine, split(path, '/')};
  if (auto answer = answer_employees(request)) return *answer;
  if (auto answer = answer_bank_accounts(request)) return *answer;
  if (auto answer = answer_registers(request)) return *answer;
  return gateway_answer(404, "Resource not found", knobs.on("status_code_as_text"));
}

Answer PowerOfficeGo::answer(const Call& call) {
  Answer answer = answer_call(call);
  if (answer.content_type.starts_with("application/problem+json"))
    answer.content_type = knobs.text("problem_type") + "; charset=utf-8";
  return answer;
}

Answer PowerOfficeGo::answer_call(const Call& call) {
  // The gateway's limit on addresses speaks as if nothing were there.
  if (call.target.size() > 2000) return gateway_answer(404, "Resource not found", knobs.on("status_code_as_text"));
  std::string path = call.path.substr(std::min<std::size_t>(call.path.size(), 1));
  const bool demo = starts_fold(path, "demo/");
  if (demo) path.erase(0, 5);
  while (path.ends_with('/')) path.pop_back();
  if (auto stopped = stopped_by_gateway(call)) return *stopped;
  if (equal_fold(path, "oauth/token") && call.method == "POST") return give_token(call, demo);
  if (starts_fold(path, "v2/")) return answer_api(call, path.substr(3));
  return gateway_answer(404, "Resource not found", knobs.on("status_code_as_text"));
}

bool Request::may(std::initializer_list<const char*> any_of) const {
  return std::ranges::any_of(any_of, [&](const char* each) { return token.privileges.contains(each); });
}

Answer Request::forbidden(const char* privilege) const {
  const std::string detail = fmt::format("The integration is missing the privilege {}.", privilege);
  if (knobs().is("missing_privilege", "403_problem")) return problem(403, "Forbidden", detail);
  if (knobs().is("missing_privilege", "400_problem")) return problem(400, "Missing privilege", detail);
  return {.status = 403};
}

}  // namespace dovetail::sandbox::poweroffice_go
