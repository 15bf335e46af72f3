#include "tools/sandbox/huma/huma.hpp"

#include <fmt/format.h>

#include "tools/sandbox/core/digest.hpp"

namespace dovetail::sandbox::huma {

namespace {

const std::string client_id = "0b6e7b1c-0000-4000-8000-00000000c001";
const std::string client_secret = "7d1f9a52-0000-4000-8000-00000000c002";
const std::string organization = "3f0d8a11-0000-4000-8000-0000000000a1";

Population settled(Population population) {
  if (population.countries.empty()) population.countries = {Country::finland, Country::norway, Country::sweden};
  population.system = "huma";
  return population;
}

Json bank_account(const Person& person) {
  if (person.account.empty()) return Json();
  if (person.country == Country::finland)
    return {{"type", "international"}, {"iban", person.account}, {"bic", person.bic}};
  return {
      {"type", "national"}, {"number", person.clearing + person.account}, {"country", country_code(person.country)}};
}

std::string title_id(Store& store, const std::string& name) {
  const std::string id = uuid_of("title " + name);
  store.rows("job_titles")[id] = {{"id", id}, {"name", name}, {"description", ""}};
  return id;
}

Json row_of(const Person& person, Store& store) {
  const std::string country = country_code(person.country);
  const std::string id = uuid_of("user " + person.employment_id);
  const std::string company = uuid_of("company " + country);
  store.rows("groups")[company] = {{"id", company}, {"name", "Sandbox " + country}, {"type", "company"}};
  Json address;
  if (!person.city.empty()) {
    address = {{"line1", person.street},           {"line2", ""},         {"line3", ""},
               {"postalCode", person.postal_code}, {"city", person.city}, {"country", country}};
  }
  Json position = {{"id", uuid_of("position " + id)},
                   {"contractStartDate", to_text(person.started)},
                   {"contractType", "Permanent"},
                   {"titleId", title_id(store, person.title)},
                   {"percentage", 100}};
  Json identification = {{"id", uuid_of("identification " + id)},
                         {"type", "national"},
                         {"country", country},
                         {"value", person.national_id}};
  return {{"id", id},
          {"active", true},
          {"givenName", person.given},
          {"familyName", person.family},
          {"email", person.email},
          {"phone", person.phone},
          {"birthDate", to_text(person.born)},
          {"gender", person.gender == Gender::male ? "Male" : "Female"},
          {"nationality", country},
          {"employmentId", person.employment_id},
          {"homeAddress", address},
          {"bankAccount", bank_account(person)},
          {"identifications", Json::array({identification})},
          {"positions", Json::array({position})},
          {"groups", Json::array({company})},
          {"connectedIntegrations", Json::object()},
          {"locks", Json::object()}};
}

// Members of a form or JSON body, and Basic credentials where they are taken.
Json credentials_of(const Call& call, const Knobs& knobs) {
  Json sent = Json::object();
  if (has_fold(call.header("Content-Type"), "json")) {
    sent = parse_json(call.body).value_or(Json::object());
    if (!sent.is_object()) sent = Json::object();
  } else {
    for (const auto& [name, value] : query_pairs(call.body)) sent[name] = value;
  }
  const std::string_view header = call.header("Authorization");
  if (knobs.on("basic_client_auth") && equal_fold(header.substr(0, 6), "basic ")) {
    const std::string keys = base64_decode(trim(header.substr(6))).value_or("");
    const auto colon = keys.find(':');
    sent["client_id"] = url_decode(keys.substr(0, colon), true);
    sent["client_secret"] = colon == std::string::npos ? "" : url_decode(keys.substr(colon + 1), true);
  }
  return sent;
}

// "" where there is none.
std::string bearer_of(const Call& call) {
  const std::string_view header = call.header("Authorization");
  return equal_fold(header.substr(0, 7), "bearer ") ? trim(header.substr(7)) : "";
}

Answer oauth_error(int status, const std::string& error, const std::string& description) {
  return json_answer(status, {{"error", error}, {"error_description", description}});
}

Answer no_route(const Call& call, const Clock& clock) {
  return json_answer(404, {{"timestamp", to_instant(clock.now())},
                           {"status", 404},
                           {"error", "Not Found"},
                           {"message", "No message available"},
                           {"path", call.path}});
}

}  // namespace

Huma::Huma(Population population) : System(huma::knobs()) {
  store.rows("api_keys")[client_id] = {{"secret", client_secret}, {"active", true}};
  for (const char* table : {"users", "job_titles", "groups", "webhooks"}) store.rows(table);
  for (const Person& person : make_people(settled(std::move(population)))) {
    Json row = row_of(person, store);
    const std::string id = row["id"];
    store.rows("users")[id] = std::move(row);
  }
  if (store.rows("groups").empty()) {
    const std::string company = uuid_of("company");
    store.rows("groups")[company] = {{"id", company}, {"name", "Sandbox"}, {"type", "company"}};
  }
}

Json Huma::credentials() const {
  return {{"client_id", client_id},
          {"client_secret", client_secret},
          {"token_url", base + "/auth/oauth/token"},
          {"organization_id", organization}};
}

std::string Huma::new_id(const std::string& table) {
  return table == "webhooks" ? std::to_string(store.next(table)) : random_uuid();
}

Answer bad_field(const std::string& code, const std::string& message, const std::vector<std::string>& fields) {
  return json_answer(400, {{"errorCode", code}, {"errorMessage", message}, {"fields", fields}});
}

Answer not_found(const std::string& type, const std::string& id) {
  return json_answer(404, {{"errorCode", "object:not-found"},
                           {"errorMessage", "Object not found"},
                           {"interpolations", {{"type", type}, {"id", id}}}});
}

Answer Huma::failure(int status, const Call& call) {
  if (status == 401) return oauth_error(401, "invalid_token", "The access token is invalid or has expired");
  if (status == 404) return not_found("User", "");
  if (status < 500 && status != 429) {
    Answer answer = bad_field("request:invalid", "Invalid request", {});
    answer.status = status;
    return answer;
  }
  return json_answer(status, {{"timestamp", to_instant(clock.now())},
                              {"status", status},
                              {"error", status == 429 ? "Too Many Requests" : "Internal Server Error"},
                              {"message", "No message available"},
                              {"path", call.path}});
}

bool Huma::expire_tokens() {
  for (auto& [text, token] : tokens_) token.expires = clock.now();
  return true;
}

bool Huma::revoke_tokens() {
  tokens_.clear();
  return true;
}

Answer Huma::give_token(const Call& call) {
  const Json sent = credentials_of(call, knobs);
  const std::string grant = text_member(sent, "grant_type");
  if (grant != "client_credentials")
    return oauth_error(400, "unsupported_grant_type", "Unsupported grant type: " + grant);
  const std::string id = text_member(sent, "client_id");
  const Json* key = store.find("api_keys", id);
  if (key == nullptr || text_member(*key, "secret") != text_member(sent, "client_secret") ||
      member(*key, "active") != true) {
    return oauth_error(401, "invalid_client", "Bad client credentials");
  }
  const long long seconds = knobs.number("token_seconds");
  const std::string text = random_uuid();
  tokens_[text] = {id, clock.now() + std::chrono::seconds(seconds)};
  const Rows& users = store.rows("users");
  return json_answer(200, {{"access_token", text},
                           {"token_type", "bearer"},
                           {"expires_in", seconds},
                           {"organizationId", organization},
                           {"userId", users.empty() ? uuid_of("nobody") : users.begin()->first}});
}

Answer Huma::revoke_token(const Call& call) {
  Json sent = credentials_of(call, knobs);
  std::string text = text_member(sent, "token");
  if (text.empty() && call.has_header("Authorization")) text = bearer_of(call);
  tokens_.erase(text);
  return json_answer(200, Json::object());
}

std::optional<Answer> Huma::stopped(const Call& call) {
  const auto token = tokens_.find(bearer_of(call));
  const Json* key = token == tokens_.end() ? nullptr : store.find("api_keys", token->second.key);
  if (key == nullptr || token->second.expires <= clock.now() || member(*key, "active") != true) {
    Answer answer = failure(401, call);
    answer.headers.emplace_back("WWW-Authenticate", "Bearer error=\"invalid_token\"");
    return answer;
  }
  const Moment now = clock.now();
  std::erase_if(recent_, [&](Moment each) { return each + std::chrono::seconds(1) <= now; });
  const long long limit = knobs.number("rate_limit");
  if (limit > 0 && static_cast<long long>(recent_.size()) >= limit) {
    Answer answer = failure(429, call);
    if (knobs.on("retry_after")) answer.headers.emplace_back("Retry-After", "1");
    return answer;
  }
  if (limit > 0) recent_.push_back(now);
  return std::nullopt;
}

std::optional<Answer> Huma::answer_route(const Call& call, const std::vector<std::string>& parts) {
  const Request request{*this, call, parts};
  if (parts[0] == "users") return answer_users(request);
  if (parts[0] == "job-titles") return answer_job_titles(request);
  if (parts[0] == "groups") return answer_groups(request);
  return std::nullopt;
}

Answer Huma::answer(const Call& call) {
  if (call.path == "/auth/oauth/token" && call.method == "POST") return give_token(call);
  if (call.path == "/auth/oauth/revoke" && call.method == "POST") return revoke_token(call);
  if (auto refusal = stopped(call)) return *refusal;
  auto answer =
      answer_route(call, split(std::string_view(call.path).substr(std::min<std::size_t>(call.path.size(), 1)), '/'));
  return answer ? *answer : no_route(call, clock);
}

void Huma::announce(const std::string& topic, const Json& user, const Json& changed) {
  Json told = {{"id", user["id"]}, {"email", member(user, "email")}};
  told.update(changed);
  deliver(topic, Json::array({told}));
}

void Huma::deliver(const std::string& topic, const Json& users) {
  const std::string body = to_text({{"topic", topic}, {"organizationId", organization}, {"users", users}});
  for (const auto& [id, row] : store.rows("webhooks")) {
    const Delivery delivery{.url = text_member(row, "url"),
                            .topic = topic,
                            .body = body,
                            .access_token = text_member(row, "access_token"),
                            .client_secret = text_member(row, "client_secret"),
                            .base64 = knobs.is("webhook_signature", "base64"),
                            .attempts = static_cast<int>(std::max(1LL, knobs.number("webhook_attempts")))};
    webhooks_.send(delivery);
    if (knobs.on("webhook_twice")) webhooks_.send(delivery);
  }
}

RowShape Huma::shape(const std::string& table) const {
  using Kind = RowPart::Kind;
  const RowPart id{.name = "id", .needed = true};
  if (table == "job_titles" || table == "groups") return {.parts = {{.name = "name", .needed = true}}};
  if (table != "users") return {};
  return {.parts = {{.name = "id"},
                    {.name = "active", .kind = Kind::truth},
                    {.name = "positions", .kind = Kind::objects, .inside = {id}},
                    {.name = "identifications", .kind = Kind::objects, .inside = {id}},
                    {.name = "groups", .kind = Kind::texts},
                    {.name = "connectedIntegrations", .kind = Kind::object},
                    {.name = "locks", .kind = Kind::object},
                    {.name = "requestedEmail"}}};
}

void Huma::edited(const std::string& table, const std::string& id, const Json& before, const Json& after) {
  if (table != "users") return;
  if (after.is_null()) return announce("users-delete", before, Json::object());
  Json& row = *store.find(table, id);
  Json whole = {{"id", id},
                {"active", true},
                {"identifications", Json::array()},
                {"positions", Json::array()},
                {"groups", Json::array()},
                {"connectedIntegrations", Json::object()},
                {"locks", Json::object()}};
  whole.update(row);
  row = std::move(whole);
  Json changed = Json::object();
  for (const auto& [name, value] : row.items()) {
    if (value != member(before, name)) changed[name] = value;
  }
  announce(before.is_null() ? "users-create" : "users-update", row, changed);
}

void commit_user(const Request& request, Json& present, Json changed) {
  Json different = Json::object();
  for (const auto& [name, value] : changed.items()) {
    if (value != member(present, name)) different[name] = value;
  }
  present = std::move(changed);
  if (!different.empty()) request.system.announce("users-update", present, different);
}

std::optional<Answer> Huma::act(const std::string& action, const Json& details) {
  if (action == "deliveries") return json_answer(200, webhooks_.attempts());
  if (action == "export") {
    Json everybody = Json::array();
    for (const auto& [id, row] : store.rows("users")) everybody.push_back(row);
    deliver("users-export", everybody);
    return json_answer(200, {{"users", store.rows("users").size()}});
  }
  if (action != "confirm_email") return std::nullopt;
  Json* user = store.find("users", text_member(details, "id"));
  if (user == nullptr || text_member(*user, "requestedEmail").empty())
    return json_answer(400, {{"error", "no user of that id has a requested e-mail"}});
  (*user)["email"] = (*user)["requestedEmail"];
  user->erase("requestedEmail");
  announce("users-update", *user, {{"email", (*user)["email"]}});
  return json_answer(200, *user);
}

Answer page_answer(const Request& request, std::vector<Json> items) {
  const auto limit = to_number(request.call.param("limit").value_or("25"));
  const auto offset = to_number(request.call.param("offset").value_or("0"));
  const bool clamps = request.knobs().is("limit_above_most", "clamped");
  if (!limit || *limit < 1 || (*limit > 50 && !clamps))
    return bad_field("field:invalid-value", "Invalid limit", {"limit"});
  if (!offset || *offset < 0) return bad_field("field:invalid-value", "Invalid offset", {"offset"});
  long long total = static_cast<long long>(items.size());
  const long long begin = std::min(*offset, total);
  long long end = std::min(begin + std::min(*limit, 50LL), total);
  if (request.call.cut) {
    end = std::min(end, begin + static_cast<long long>(request.call.cut->rows));
    if (!request.call.cut->says_more) total = end;
  }
  Json page = {{"items", Json::array()}};
  for (long long at = begin; at < end; ++at) page["items"].push_back(std::move(items[static_cast<std::size_t>(at)]));
  if (request.knobs().is("list_total", "present")) page["total"] = total;
  return json_answer(200, page);
}

}  // namespace dovetail::sandbox::huma
