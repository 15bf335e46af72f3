#include "tools/sandbox/netvisor/netvisor.hpp"

#include <fmt/format.h>

#include <array>

namespace dovetail::sandbox::netvisor {

namespace {

constexpr const char* company = "1234567-8";

struct Resource {
  std::string_view name;
  bool reads = false;
  bool writes = false;
  Outcome (*answer)(const Request&);
};

constexpr std::array resources = {
    Resource{"getemployees.nv", true, false, get_employees},
    Resource{"getemployee.nv", true, false, get_employee},
    Resource{"employee.nv", false, true, write_employee},
    Resource{"patchemployee.nv", false, true, patch_employee},
    Resource{"addjobperiod.nv", false, true, add_job_period},
    Resource{"editjobperiod.nv", false, true, edit_job_period},
    Resource{"deletejobperiod.nv", true, true, delete_job_period},
};

const Resource* find_resource(std::string_view path) {
  for (const Resource& each : resources) {
    if (equal_fold(path.substr(std::min<std::size_t>(path.size(), 1)), each.name)) return &each;
  }
  return nullptr;
}

Json row_of(const Person& person, long long key, long long period_key) {
  const bool finnish = person.country == Country::finland;
  return {{"organisation", company},
          {"netvisorkey", std::to_string(key)},
          {"employeenumber", person.employment_id},
          {"identifier", person.national_id},
          {"identifiertype", finnish ? "finnishidentifier" : "foreignidentifier"},
          {"foreignidentifiertype", finnish ? "" : "foreignpersonalidentifier"},
          {"issuingcountry", finnish ? "" : country_code(person.country)},
          {"firstname", person.given},
          {"lastname", person.family},
          {"phonenumber", person.phone},
          {"email", person.email},
          {"gender", person.gender == Gender::male ? "male" : "female"},
          {"dateofbirth", to_text(person.born)},
          {"streetaddress", person.street},
          {"postnumber", person.postal_code},
          {"city", person.city},
          {"municipality", person.city},
          {"country", country_code(person.country)},
          {"nationality", country_code(person.country)},
          {"language", "FI"},
          {"payrollrulegroupname", "Kuukausipalkka"},
          {"bankaccountnumber", person.account},
          {"bankidentificationcode", person.bic},
          {"activity", "1"},
          {"payrollservice", "1"},
          {"periods",
           {{{"netvisorkey", std::to_string(period_key)},
             {"companystartdate", to_text(person.started)},
             {"startdate", to_text(person.started)},
             {"employmentmode", "1"},
             {"profession", person.title}}}}};
}

Population settled(Population population) {
  if (population.countries.empty()) population.countries = {Country::finland};
  population.system = "netvisor";
  return population;
}

}  // namespace

Netvisor::Netvisor(Population population) : System(netvisor::knobs()) {
  Json rights = Json::array();
  for (const Resource& each : resources) rights.push_back(each.name);
  store.rows("partners")["sandbox-partner"] = {{"key", "partnerkey"}};
  store.rows("customers")["cust-1"] = {{"key", "custkey"},
                                       {"organisation_id", company},
                                       {"active", true},
                                       {"payroll_role", true},
                                       {"resources", rights}};
  store.rows("payrollrulegroups")["1"] = {{"name", "Kuukausipalkka"}};
  store.rows("payrollrulegroups")["2"] = {{"name", "Tuntipalkka"}};
  Rows& employees = store.rows("employees");
  for (const Person& person : make_people(settled(std::move(population)))) {
    const long long key = store.next("employees");
    employees[std::to_string(key)] = row_of(person, key, store.next("periods"));
  }
}

Json Netvisor::credentials() const {
  return {{"customer_id", "cust-1"},
          {"customer_key", "custkey"},
          {"partner_id", "sandbox-partner"},
          {"partner_key", "partnerkey"},
          {"organisation_id", company}};
}

std::string Netvisor::lane(const Call& call) const { return std::string(call.header("X-Netvisor-Organisation-ID")); }

std::string Netvisor::new_id(const std::string& table) {
  return table == "partners" || table == "customers" ? "" : std::to_string(store.next(table));
}

RowShape Netvisor::shape(const std::string& table) const {
  using Kind = RowPart::Kind;
  if (table == "customers") return {.parts = {{.name = "resources", .kind = Kind::texts}}};
  if (table != "employees") return {};
  return {.parts = {{.name = "organisation"},
                    {.name = "periods", .kind = Kind::objects, .inside = {{.name = "netvisorkey"}}}}};
}

void Netvisor::edited(const std::string& table, const std::string& id, const Json&, const Json& after) {
  if (table != "employees" || after.is_null()) return;
  Json& row = *store.find(table, id);
  if (const auto key = to_number(id)) store.next("employees", *key);  // its number is taken now
  row["netvisorkey"] = id;
  if (!row.contains("organisation")) row["organisation"] = company;
  if (!row.contains("periods")) row["periods"] = Json::array();
  for (Json& period : row["periods"]) {
    if (!period.contains("netvisorkey")) period["netvisorkey"] = std::to_string(store.next("periods"));
  }
}

Answer Netvisor::refused(const Refusal& refusal, const Call& call) const {
  const bool real_codes =
      knobs.on("http_codes_default") || call.header("X-Netvisor-Authentication-UseHTTPResponseStatusCodes") == "1";
  int status = status_of(refusal.code);
  if (status == 400 && refusal.code != "INVALID_DATA") status = static_cast<int>(knobs.number("other_codes_status"));
  return {.status = real_codes ? status : 200,
          .content_type = "text/xml; charset=utf-8",
          .body = envelope(clock.now(), refusal, call.header("X-Netvisor-Interface-Language")),
          .headers = {}};
}

Answer Netvisor::failure(int status, const Call& call) {
  const std::string code = status == 401   ? "AUTHENTICATION_FAILED"
                           : status == 403 ? "SERVICE_ACCESS_ERROR"
                           : status == 503 ? knobs.text("maintenance_code")
                           : status < 500  ? "INVALID_DATA"
                                           : "TECHNICAL_ERROR";
  if (status == 503) status = static_cast<int>(knobs.number("maintenance_status"));
  Answer answer =
      refused({code, "The service is not available at the moment", "Palvelu ei ole käytettävissä", {}}, call);
  if (status == 429)
    answer = {.status = 429, .content_type = "text/html", .body = "<html>Too many requests</html>", .headers = {}};
  const bool real_codes = call.header("X-Netvisor-Authentication-UseHTTPResponseStatusCodes") == "1";
  if (real_codes || knobs.on("http_codes_default")) answer.status = status;
  return answer;
}

Netvisor::Outcome Netvisor::outcome(const Call& call, const std::string& resource) {
  if (call.overlaps && knobs.is("overlap", "refused")) {
    return std::unexpected(Refusal{knobs.text("overlap_code"),
                                   "Another request of the company is being processed",
                                   "Yrityksen toinen pyyntö on käsittelyssä",
                                   {}});
  }
  const auto customer = gate_.admit(*this, call);
  if (!customer) return std::unexpected(customer.error());
  const Json& rights = member(**customer, "resources");
  if (std::ranges::find(rights, Json(resource)) == rights.end()) {
    return std::unexpected(Refusal{"SERVICE_ACCESS_ERROR",
                                   "No permission to use the resource " + resource,
                                   "Ei oikeutta resurssiin " + resource,
                                   {}});
  }
  if (member(**customer, "payroll_role") != true) {
    return std::unexpected(Refusal{
        "SERVICE_ACCESS_ERROR", "The user has no role for payroll", "Käyttäjällä ei ole palkanlaskennan roolia", {}});
  }
  const Request request{*this, call, text_member(**customer, "organisation_id")};
  return find_resource('/' + resource)->answer(request);
}

Answer Netvisor::answer(const Call& call) {
  const Resource* resource = find_resource(call.path);
  if (resource == nullptr) {
    return {.status = 404,
            .content_type = "text/html",
            .body = "<html><body><h1>404 - File or directory not found.</h1></body></html>",
            .headers = {}};
  }
  if (!(call.method == "GET" && resource->reads) && !(call.method == "POST" && resource->writes)) {
    return {.status = 405,
            .content_type = "text/html",
            .body = "<html><body><h1>405 - HTTP verb not allowed</h1></body></html>",
            .headers = {}};
  }
  const auto result = outcome(call, std::string(resource->name));
  if (!result) return refused(result.error(), call);
  return {
      .status = 200, .content_type = "text/xml; charset=utf-8", .body = envelope(clock.now(), *result), .headers = {}};
}

}  // namespace dovetail::sandbox::netvisor
