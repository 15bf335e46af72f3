// employee.nv (add and edit) and patchemployee.nv.
#include <fmt/format.h>

#include "tools/sandbox/ids/account.hpp"
#include "tools/sandbox/ids/national_id.hpp"
#include "tools/sandbox/netvisor/netvisor.hpp"
#include "tools/sandbox/netvisor/periods.hpp"
#include "tools/sandbox/netvisor/schema.hpp"

namespace dovetail::sandbox::netvisor {

namespace {

using Wrong = std::optional<Refusal>;

Reading reading_of(const Knobs& knobs, bool adding) {
  return {.adding = adding,
          .empty_mandatory = knobs.is("empty_mandatory_on_edit", "cleared"),
          .ansi_attribute = knobs.is("date_attribute", "required"),
          .exact_names = knobs.is("names", "lower_case"),
          .too_long_is_size = knobs.is("length_code", "INVALID_DATA_SIZE")};
}

Json* find_by(const Request& request, const char* wanted, const std::string& value) {
  if (value.empty()) return nullptr;
  if (std::string_view(wanted) == "netvisorkey") {
    Json* row = request.system.store.find("employees", value);
    return row != nullptr && text_member(*row, "organisation") == request.organisation ? row : nullptr;
  }
  for (auto& [key, row] : request.system.store.rows("employees")) {
    if (text_member(row, "organisation") == request.organisation && equal_fold(text_member(row, wanted), value))
      return &row;
  }
  return nullptr;
}

Refusal duplicate(const Request& request, const std::string& english, const std::string& finnish) {
  Refusal refusal = data_incorrect(english, finnish);
  refusal.code = request.system.knobs.text("duplicate_code");
  return refusal;
}

Refusal not_found(const std::string& identifier) {
  return data_incorrect("Employee not found with identifier: " + identifier,
                        "Työntekijää ei löydy tunnisteella: " + identifier);
}

// Omitted elements stay as they are, empty ones are cleared.
Wrong set_leaves(const Request& request, Json& row, const Json& block) {
  const Knobs& knobs = request.system.knobs;
  for (const auto& [name, value] : block.items()) {
    if (value.is_object() || value.is_array() || name.find('@') != std::string::npos) continue;
    if (name == "employeeidentifier") continue;  // the key; it can't be changed
    if (value == "" && name == "nationality" && knobs.is("empty_nationality", "refused")) {
      return data_incorrect("Nationality is mandatory", "Kansalaisuus on pakollinen tieto");
    }
    if (value == "" && name == "bankaccountnumber" && !knobs.is("empty_clears", "cleared")) {
      if (knobs.is("empty_clears", "refused")) return form_incorrect();
      continue;
    }
    const std::string text = value.get<std::string>();
    const bool code = name == "country" || name == "nationality" || name == "language";
    row[name] = name == "bankaccountnumber" ? replace_all(text, " ", "") : code ? upper(text) : text;
  }
  return std::nullopt;
}

Wrong set_settings(Json& row, const Json& block) {
  const std::string service = text_member(block, "payrollservice");
  if (!service.empty()) row["payrollservice"] = service == "enabled" ? "1" : "0";
  return std::nullopt;
}

// An employee number may be taken by nobody else, a rule group must exist, an account must be one.
Wrong check_row(const Request& request, const Json& row) {
  Store& store = request.system.store;
  const Json* holder = find_by(request, "employeenumber", text_member(row, "employeenumber"));
  if (holder != nullptr && member(*holder, "netvisorkey") != member(row, "netvisorkey")) {
    return duplicate(request, "Employee number is already in use: " + text_member(row, "employeenumber"),
                     "Työntekijänumero on jo käytössä: " + text_member(row, "employeenumber"));
  }
  const std::string group = text_member(row, "payrollrulegroupname");
  const bool known = std::ranges::any_of(store.rows("payrollrulegroups"),
                                         [&](const auto& each) { return text_member(each.second, "name") == group; });
  if (!known) return data_incorrect("Payroll rule group not found: " + group, "Palkkamallia ei löydy: " + group);
  const std::string account = text_member(row, "bankaccountnumber"), bic = text_member(row, "bankidentificationcode");
  const bool checks = request.system.knobs.on("check_iban");
  if (checks && !account.empty() && !is_iban(account)) {
    return data_incorrect("Bank account number is not valid: " + account, "Tilinumero ei ole kelvollinen: " + account);
  }
  if (checks && !bic.empty() && !is_bic(bic)) return data_incorrect("Bank identification code is not valid: " + bic);
  if (text_member(row, "foreclosure") == "1" && text_member(row, "foreclosuremaintenancepersons").empty()) {
    return data_incorrect("Number of foreclosure maintenance persons is mandatory");
  }
  return std::nullopt;
}

// A Finnish code tells gender and birth date; a foreign one brings them along.
Wrong set_identity(const Request& request, Json& row, const Json& base) {
  const Json& foreign = member(base, "foreignemployeeidentification");
  const std::string hetu = text_member(base, "employeeidentifier");
  if (hetu.empty() == foreign.is_null()) return form_incorrect();
  if (foreign.is_null()) {
    const auto facts = read_hetu(hetu, request.system.knobs.on("synthetic_ids"));
    if (!facts)
      return data_incorrect("Employee identifier is not valid: " + hetu, "Henkilötunnus ei ole kelvollinen: " + hetu);
    row["identifier"] = upper(hetu);
    row["identifiertype"] = "finnishidentifier";
    row["gender"] = facts->gender == Gender::male ? "male" : "female";
    row["dateofbirth"] = to_text(facts->born);
    return std::nullopt;
  }
  const std::string type = text_member(foreign, "identifier@type");
  if (type != "taxidentificationnumber" && type != "foreignpersonalidentifier" && type != "other")
    return form_incorrect();
  row["identifier"] = text_member(foreign, "identifier");
  row["identifiertype"] = "foreignidentifier";
  row["foreignidentifiertype"] = type;
  row["issuingcountry"] = upper(text_member(foreign, "issuingcountry"));
  row["gender"] = text_member(foreign, "gender");
  row["dateofbirth"] = text_member(foreign, "dateofbirth");
  return std::nullopt;
}

void derive_bic(Json& row, const Json& payroll) {
  if (text_member(payroll, "bankaccountnumber").empty() || payroll.contains("bankidentificationcode")) return;
  row["bankidentificationcode"] = bic_of_finnish_iban(text_member(row, "bankaccountnumber"));
}

// employee.nv spells one element differently from everything else.
void rename_misspelt(Json& row) {
  if (!row.contains("foreclosuremaitenancepersons")) return;
  row["foreclosuremaintenancepersons"] = row["foreclosuremaitenancepersons"];
  row.erase("foreclosuremaitenancepersons");
}

Wrong set_blocks(const Request& request, Json& row, const Json& body) {
  const Json& payroll = member(body, "employeepayrollinformation");
  if (auto wrong = set_leaves(request, row, member(body, "employeebaseinformation"))) return wrong;
  Json leaves = payroll.is_null() ? Json::object() : payroll;
  if (auto wrong = set_leaves(request, row, leaves)) return wrong;
  rename_misspelt(row);
  return set_settings(row, member(body, "employeesettings"));
}

// Periods inside an edit: what the real service does with them is not known.
Wrong edit_periods(const Request& request, Json& row, const Json& periods) {
  const Knobs& knobs = request.system.knobs;
  if (knobs.is("edit_periods", "replace")) row["periods"] = Json::array();
  for (const Json& period : periods) {
    const Json& present = member(row, "periods");
    const auto same = std::ranges::find_if(
        present, [&](const Json& each) { return member(each, "startdate") == member(period, "startdate"); });
    const bool match = knobs.is("edit_periods", "match_start") && same != present.end();
    const auto place = static_cast<std::size_t>(same - present.begin());
    if (auto wrong =
            match ? change_period(request.system, row, place, period) : add_period(request.system, row, period)) {
      return wrong;
    }
  }
  return std::nullopt;
}

Outcome add(const Request& request, const Json& body) {
  System& system = request.system;
  Json row = {{"organisation", request.organisation},
              {"netvisorkey", ""},
              {"employeenumber", ""},
              {"country", "FI"},
              {"nationality", "FI"},
              {"language", "FI"},
              {"activity", "1"},
              {"payrollservice", "1"},
              {"periods", Json::array()}};
  if (auto wrong = set_identity(request, row, member(body, "employeebaseinformation"))) return std::unexpected(*wrong);
  if (find_by(request, "identifier", text_member(row, "identifier")) != nullptr) {
    return std::unexpected(duplicate(request,
                                     "Employee already exists with identifier: " + text_member(row, "identifier"),
                                     "Työntekijä on jo olemassa tunnisteella: " + text_member(row, "identifier")));
  }
  const Json& payroll = member(body, "employeepayrollinformation");
  if (auto wrong = set_blocks(request, row, body)) return std::unexpected(*wrong);
  derive_bic(row, payroll);
  if (auto wrong = check_row(request, row)) return std::unexpected(*wrong);
  for (const Json& period : member(member(body, "employmentperiods"), "employmentperiod")) {
    if (auto wrong = add_period(system, row, period)) return std::unexpected(*wrong);
  }
  const std::string begin = text_member(payroll, "jobbegindate"), profession = text_member(payroll, "profession");
  if (system.knobs.on("begin_date_makes_period") && row["periods"].empty() && !begin.empty() && !profession.empty()) {
    if (auto wrong = add_period(system, row, {{"startdate", begin}, {"profession", profession}}))
      return std::unexpected(*wrong);
  }
  const std::string key = std::to_string(system.store.next("employees"));
  row["netvisorkey"] = key;
  if (text_member(row, "employeenumber").empty() && system.knobs.is("next_number", "next"))
    row["employeenumber"] = "1" + key;
  system.store.rows("employees")[key] = std::move(row);
  return "";  // no key: the caller finds it in the list
}

Outcome edit(const Request& request, const Json& body) {
  const Json& base = member(body, "employeebaseinformation");
  const Json& foreign = member(base, "foreignemployeeidentification");
  const std::string identifier =
      foreign.is_null() ? text_member(base, "employeeidentifier") : text_member(foreign, "identifier");
  if (identifier.empty()) return std::unexpected(form_incorrect());
  Json* present = find_by(request, "identifier", identifier);
  if (present == nullptr) return std::unexpected(not_found(identifier));
  Json row = *present;
  if (!foreign.is_null()) {
    for (const char* name : {"issuingcountry", "gender", "dateofbirth"}) {
      if (foreign.contains(name)) row[name] = foreign[name];
    }
  }
  if (auto wrong = set_blocks(request, row, body)) return std::unexpected(*wrong);
  derive_bic(row, member(body, "employeepayrollinformation"));
  if (auto wrong = check_row(request, row)) return std::unexpected(*wrong);
  const Json& periods = member(member(body, "employmentperiods"), "employmentperiod");
  if (auto wrong = edit_periods(request, row, periods)) return std::unexpected(*wrong);
  *present = std::move(row);
  return "";
}

}  // namespace

Outcome write_employee(const Request& request) {
  const std::string method = lower(request.call.param("method").value_or(""));
  if (method != "add" && method != "edit") {
    return std::unexpected(data_incorrect("Parameter method must be add or edit"));
  }
  const bool whole = method == "add" || request.system.knobs.is("edit_mandatory", "required");
  const auto body =
      read_body(request.call.body, {"employee"}, employee_schema(), reading_of(request.system.knobs, whole));
  if (!body) return std::unexpected(body.error());
  return method == "add" ? add(request, *body) : edit(request, *body);
}

Outcome patch_employee(const Request& request) {
  const std::string type = lower(request.call.param("identifiertype").value_or(""));
  const std::string identifier = request.call.param("identifier").value_or("");
  const char* name = type == "netvisorkey"                    ? "netvisorkey"
                     : type == "number"                       ? "employeenumber"
                     : type == "personalidentificationnumber" ? "identifier"
                                                              : nullptr;
  if (name == nullptr) return std::unexpected(data_incorrect("Parameter identifiertype is not valid"));
  const auto body =
      read_body(request.call.body, {"patchemployee"}, patch_schema(), reading_of(request.system.knobs, false));
  if (!body) return std::unexpected(body.error());
  if (!body->contains("employeebaseinformation") && request.system.knobs.is("patch_base_block", "required")) {
    return std::unexpected(form_incorrect());
  }
  Json* present = find_by(request, name, identifier);
  if (present == nullptr) return std::unexpected(not_found(identifier));
  const Json& payroll = member(*body, "employeepayrollinformation");
  if (!text_member(payroll, "bankaccountnumber").empty() && text_member(payroll, "bankidentificationcode").empty()) {
    return std::unexpected(data_incorrect("Bank identification code is mandatory when bank account number is given",
                                          "Pankin tunnus on pakollinen, kun tilinumero on annettu"));
  }
  Json row = *present;
  if (auto wrong = set_blocks(request, row, *body)) return std::unexpected(*wrong);
  if (auto wrong = check_row(request, row)) return std::unexpected(*wrong);
  *present = std::move(row);
  return "";
}

}  // namespace dovetail::sandbox::netvisor
