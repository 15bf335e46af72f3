// getemployees.nv and getemployee.nv.
#include <fmt/format.h>

#include "tools/sandbox/netvisor/netvisor.hpp"

namespace dovetail::sandbox::netvisor {

namespace {

constexpr std::string_view ansi = "format=\"ansi\"";
constexpr std::string_view own_type = "type=\"netvisor\"";
constexpr std::string_view iso = "type=\"ISO-3166\"";

bool flag(const Call& call, std::string_view name) { return call.param(name) == "1"; }

// A person without periods, or with one that has not ended, is employed.
bool is_employed(const Json& row, const std::string& today) {
  const Json& periods = member(row, "periods");
  if (periods.empty()) return true;
  return std::ranges::any_of(periods, [&](const Json& period) {
    const std::string end = text_member(period, "enddate");
    return end.empty() || end >= today;
  });
}

// Writes leaves of one row, leaving out what is unset where the knob says so.
class RowText {
 public:
  RowText(XmlText& text, const Json& row, bool absent) : text_(text), row_(row), absent_(absent) {}
  void leaf(const char* name, std::string_view attribute = {}) { value(name, text_member(row_, name), attribute); }
  void flag_leaf(const char* name, const char* fallback) {
    const std::string value_now = text_member(row_, name);
    value(name, value_now.empty() ? fallback : value_now, {});
  }
  void value(const char* name, const std::string& value, std::string_view attribute) {
    if (!value.empty() || !absent_) text_.leaf(name, value, attribute);
  }

 private:
  XmlText& text_;
  const Json& row_;
  bool absent_;
};

void write_base(XmlText& text, const Json& row, const Knobs& knobs) {
  RowText out(text, row, knobs.is("unset_on_reads", "absent"));
  text.open("employeebaseinformation");
  out.leaf("netvisorkey");
  out.leaf("employeenumber");
  const bool as_attribute = knobs.is("foreign_type_on_reads", "attribute");
  std::string attribute = fmt::format("type=\"{}\"", text_member(row, "identifiertype"));
  if (as_attribute)
    attribute += fmt::format(" foreignidentifiertype=\"{}\"", text_member(row, "foreignidentifiertype"));
  text.leaf("employeeidentifier", text_member(row, "identifier"), attribute);
  if (!as_attribute) out.leaf("foreignidentifiertype");
  out.leaf("issuingcountry", iso);
  if (!text_member(row, "companyidentifier").empty()) out.leaf("companyidentifier");
  if (!text_member(row, "companyname").empty()) out.leaf("companyname");
  out.leaf("firstname");
  out.leaf("lastname");
  out.value("fullname", text_member(row, "lastname") + ' ' + text_member(row, "firstname"), {});
  out.flag_leaf("payrollservice", "1");
  out.flag_leaf("resourcemanagement", "0");
  out.flag_leaf("lunchbenefit", "0");
  // The parsers in use need these three even where they are not set.
  text.leaf("nationality", text_member(row, "nationality"), iso);
  text.leaf("language", text_member(row, "language"), iso);
  out.leaf("municipality");
  out.leaf("gender");
  out.leaf("dateofbirth");
  out.leaf("streetaddress");
  out.leaf("postnumber");
  out.leaf("city");
  text.leaf("country", text_member(row, "country"), iso);
  out.leaf("phonenumber");
  out.leaf("email");
  out.leaf("bankaccountnumber");
  out.leaf("bankidentificationcode");
  out.flag_leaf("activity", "1");
  text.close("employeebaseinformation");
}

void write_period(XmlText& text, const Json& period, const Knobs& knobs) {
  RowText out(text, period, knobs.is("unset_on_reads", "absent"));
  text.open("employmentperiod");
  out.leaf("netvisorkey");
  for (const char* name : {"companystartdate", "startdate", "probationenddate"}) out.leaf(name, ansi);
  out.leaf("employmentmode", own_type);
  out.leaf("profession");
  out.leaf("comment");
  out.leaf("enddate", ansi);
  out.leaf("endreason", own_type);
  out.leaf("occupationclassification", "type=\"isco\"");
  out.leaf("employmentcontract", own_type);
  out.leaf("employmentform", own_type);
  for (const char* name :
       {"parttimepercent", "regularworkinghours", "groundsforemployment", "kevaprofessionalclasscode"}) {
    out.leaf(name);
  }
  // Always there: a client in wide use fails without it.
  text.open("kevaemploymentregistration");
  text.leaf("keva", "");
  text.leaf("pensionprovidercode", "");
  text.close("kevaemploymentregistration");
  for (const auto& [name, value] : period.items()) {
    if (name.starts_with("ispaymenttype") && name.find('@') == std::string::npos)
      text.leaf(name, text_member(period, name));
  }
  out.leaf("collectiveagreement", "type=\"cbacode\"");
  for (const char* name : {"stateemploymentfund", "carbenefityear", "isabroadcarbenefit"}) out.leaf(name);
  out.value("caremissionvalue", text_member(period, "caremissionsvalue"), {});
  text.close("employmentperiod");
}

void write_payroll(XmlText& text, const Json& row) {
  text.open("employeepayrollinformation");
  text.open("payrollrulegroup");
  text.leaf("netvisorkey", "");
  text.leaf("name", text_member(row, "payrollrulegroupname"));
  text.close("payrollrulegroup");
  for (const char* name : {"taxnumber", "foreclosure", "placeofbusiness", "payslipdeliverymethod"}) {
    text.leaf(name, text_member(row, name));
  }
  text.close("employeepayrollinformation");
}

const Json* find_by_key(const Request& request, const std::string& key) {
  const Json* row = request.system.store.find("employees", key);
  return row != nullptr && text_member(*row, "organisation") == request.organisation ? row : nullptr;
}

const Json* find_by(const Request& request, const char* wanted, const std::string& value) {
  for (const auto& [key, row] : request.system.store.rows("employees")) {
    if (text_member(row, wanted) == value && text_member(row, "organisation") == request.organisation) return &row;
  }
  return nullptr;
}

}  // namespace

Outcome get_employees(const Request& request) {
  const bool ended_too = flag(request.call, "includeendedemployments");
  const std::string today = to_date(request.system.clock.now());
  XmlText text;
  text.open("employees");
  std::size_t left = request.call.cut ? request.call.cut->rows : std::string::npos;
  for (const auto& [key, row] : request.system.store.rows("employees")) {
    const bool employed = is_employed(row, today);
    if (text_member(row, "organisation") != request.organisation || (!employed && !ended_too)) continue;
    if (left-- == 0) break;
    RowText out(text, row, false);
    text.open("employee");
    out.leaf("employeenumber");
    out.leaf("netvisorkey");
    text.leaf("personalid", text_member(row, "identifier"),
              fmt::format("type=\"{}\"", text_member(row, "identifiertype")));
    out.leaf("firstname");
    out.leaf("lastname");
    out.value("realname", text_member(row, "lastname") + ' ' + text_member(row, "firstname"), {});
    out.value("employmentstatus", employed ? "1" : "0", {});
    out.flag_leaf("payrollservice", "1");
    out.flag_leaf("resourcemanagement", "0");
    out.flag_leaf("lunchbenefit", "0");
    text.close("employee");
  }
  text.close("employees");
  return text.text();
}

Outcome get_employee(const Request& request) {
  const auto key = request.call.param("netvisorkey");
  const auto number = request.call.param("employeenumber");
  if (!key && !number) return std::unexpected(data_incorrect("Parameter netvisorkey or employeenumber is missing"));
  const Json* row = key ? find_by_key(request, *key) : find_by(request, "employeenumber", *number);
  const Knobs& knobs = request.system.knobs;
  if (row == nullptr) {
    if (knobs.is("employee_not_found", "empty")) return "    <employee></employee>\r\n";
    const std::string what = key ? "Netvisor identifier: " + *key : "employee number: " + *number;
    return std::unexpected(data_incorrect("Employee not found with " + what,
                                          "Työntekijää ei löydy tunnisteella: " + key.value_or(number.value_or(""))));
  }
  XmlText text;
  text.open("employee");
  write_base(text, *row, knobs);
  if (flag(request.call, "employeepayrollinformation")) write_payroll(text, *row);
  if (flag(request.call, "employmentperiods")) {
    text.open("employmentperiods");
    for (const Json& period : member(*row, "periods")) write_period(text, period, knobs);
    text.close("employmentperiods");
  }
  for (const char* block : {"educationalinformation", "additionalinformationfields", "employeesettlementpoints"}) {
    if (!flag(request.call, block)) continue;
    text.open(block);
    text.close(block);
  }
  text.close("employee");
  return text.text();
}

}  // namespace dovetail::sandbox::netvisor
