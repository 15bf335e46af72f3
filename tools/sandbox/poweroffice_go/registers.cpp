// What the connection test and the setting-up read: the integration itself, number series, departments, contact groups.
#include "tools/sandbox/poweroffice_go/listing.hpp"

namespace dovetail::sandbox::poweroffice_go {

namespace {

Answer integration(const Request& request) {
  const Json& client = *request.system.store.find("clients", request.token.client);
  Json valid = Json::array();
  for (const std::string& each : request.token.privileges) valid.push_back(each);
  return json_answer(200, {{"ClientId", member(client, "ClientId")},
                           {"ClientName", member(client, "ClientName")},
                           {"ActiveClientSubscriptions", member(client, "ActiveClientSubscriptions")},
                           {"ValidPrivileges", valid},
                           {"InvalidPrivileges", member(client, "InvalidPrivileges")}});
}

Answer remove_integration(const Request& request) {
  request.system.store.rows("clients").erase(request.token.client);
  return json_answer(200, {{"Message", "The integration was removed."},
                           {"RemoveFactoring", false},
                           {"ResetInvoiceFinancing", false},
                           {"Success", true}});
}

}  // namespace

std::optional<Answer> answer_registers(const Request& request) {
  const std::vector<std::string>& parts = request.parts;
  const std::string& method = request.call.method;
  if (method == "DELETE" && parts.size() == 2 && equal_fold(parts[0], "Offboarding") &&
      equal_fold(parts[1], "RemoveIntegration")) {
    return remove_integration(request);
  }
  if (method != "GET" || parts.size() != 1) return std::nullopt;
  if (equal_fold(parts[0], "ClientIntegrationInformation")) return integration(request);
  const char* table = equal_fold(parts[0], "SubLedgerNumberSeries") ? "number_series"
                      : equal_fold(parts[0], "Departments")         ? "departments"
                      : equal_fold(parts[0], "ContactGroups")       ? "contact_groups"
                                                                    : nullptr;
  if (table == nullptr) return std::nullopt;
  if (!request.may({"Employee", "Employee_Full"})) return request.forbidden("Employee_Full");
  std::vector<const Json*> rows;
  for (const auto& [id, row] : request.system.store.rows(table)) {
    if (request.owns(row)) rows.push_back(&row);
  }
  return list_answer(request, std::move(rows));
}

}  // namespace dovetail::sandbox::poweroffice_go
