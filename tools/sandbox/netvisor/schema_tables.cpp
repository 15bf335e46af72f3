// The sequences of employee.nv, patchemployee.nv and the job periods, in schema order.
#include "tools/sandbox/netvisor/schema.hpp"

namespace dovetail::sandbox::netvisor {

namespace {

constexpr bool must = true;

Element text(const char* name, std::size_t most, bool mandatory = false) {
  return {.name = name, .kind = Kind::text, .mandatory = mandatory, .most = most};
}
Element of_kind(const char* name, Kind kind, std::size_t most = 0) {
  return {.name = name, .kind = kind, .most = most};
}
Element choice(const char* name, std::vector<std::string> choices) {
  return {.name = name, .kind = Kind::choice, .choices = std::move(choices)};
}
Element group(const char* name, std::vector<Element> children, bool mandatory = false) {
  return {.name = name, .kind = Kind::group, .mandatory = mandatory, .children = std::move(children)};
}
Element many(Element element) {
  element.many = true;
  return element;
}

Element employment_period() {
  Element start = of_kind("startdate", Kind::date);
  start.mandatory = true;
  return group("employmentperiod", {of_kind("companystartdate", Kind::date),
                                    start,
                                    of_kind("probationenddate", Kind::date),
                                    choice("employmentmode", {"1", "2", "3", "4", "5"}),
                                    text("profession", 250, must),
                                    text("comment", 500),
                                    of_kind("enddate", Kind::date),
                                    choice("endreason", {"2", "4", "5", "6", "11", "12", "13"}),
                                    of_kind("occupationclassification", Kind::text),
                                    choice("employmentcontract", {"1", "2"}),
                                    choice("employmentform", {"1", "2", "3"}),
                                    of_kind("parttimepercent", Kind::percent),
                                    of_kind("regularworkinghours", Kind::hours),
                                    of_kind("groundsforemployment", Kind::text),
                                    of_kind("kevaprofessionalclasscode", Kind::text),
                                    of_kind("kevaemploymentregistration", Kind::anything),
                                    of_kind("ispaymenttype*", Kind::text),
                                    of_kind("collectiveagreement", Kind::text),
                                    of_kind("stateemploymentfund", Kind::text),
                                    of_kind("carbenefityear", Kind::text),
                                    of_kind("isabroadcarbenefit", Kind::text),
                                    of_kind("caremissionsvalue", Kind::text)});
}

// The part of the payroll block that follows the names of the two resources' own elements.
std::vector<Element> payroll_flags(const char* maintenance_persons) {
  return {of_kind("accountingaccountnumber", Kind::text),
          of_kind("hierarchy", Kind::anything),
          many(of_kind("dimension", Kind::anything)),
          choice("payslipdeliverymethod", {"1", "2", "3"}),
          of_kind("isjointowner", Kind::flag),
          of_kind("isathlete", Kind::flag),
          of_kind("isperformingartist", Kind::flag),
          choice("employeeinsurancetype", {"1", "2", "3", "4"}),
          of_kind("ispersonworkingonaroadferryonalandislands", Kind::flag),
          of_kind("isentrepreneurwithoptionalyelormyel", Kind::flag),
          of_kind("nosocialsecuritypayment", Kind::flag),
          of_kind("activity", Kind::flag),
          of_kind("foreclosure", Kind::flag),
          of_kind(maintenance_persons, Kind::number),
          of_kind("taxnumber", Kind::text),
          of_kind("placeofbusiness", Kind::text)};
}

std::vector<Element> joined(std::vector<Element> first, const std::vector<Element>& second) {
  first.insert(first.end(), second.begin(), second.end());
  return first;
}

Element foreign_identification() {
  Element identifier = text("identifier", 30, must);
  return group("foreignemployeeidentification",
               {identifier, of_kind("issuingcountry", Kind::country), choice("gender", {"male", "female"}),
                of_kind("dateofbirth", Kind::date)});
}

std::vector<Element> contact(bool mandatory) {
  return {text("firstname", 50, mandatory), text("lastname", 50, mandatory), text("phonenumber", 50, mandatory),
          text("email", 100, mandatory)};
}

Element employee() {
  const std::vector<Element> base = joined(
      {foreign_identification(), text("employeeidentifier", 11), text("companyidentifier", 0), text("companyname", 0)},
      contact(must));
  const std::vector<Element> payroll =
      joined({text("streetaddress", 255, must), text("postnumber", 50, must), text("city", 255, must),
              text("municipality", 255), of_kind("country", Kind::country, 2), of_kind("nationality", Kind::country, 2),
              of_kind("language", Kind::language, 2), of_kind("employeenumber", Kind::number, 10),
              text("profession", 255), of_kind("jobbegindate", Kind::date), text("payrollrulegroupname", 50, must),
              text("bankaccountnumber", 34), text("bankidentificationcode", 20)},
             payroll_flags("foreclosuremaitenancepersons"));
  return group(
      "employee",
      {group("employeebaseinformation", base, must), group("employeepayrollinformation", payroll, must),
       group("employmentperiods", {many(employment_period())}),
       group("employeesettings", {choice("payrollservice", {"enabled", "disabled"}), of_kind("*", Kind::anything)}),
       of_kind("employeesettlementpoints", Kind::anything), of_kind("employeeeducationalinformation", Kind::anything),
       of_kind("employeeadditionalinformation", Kind::anything)});
}

Element patch() {
  const std::vector<Element> base = joined({text("companyname", 0)}, contact(must));
  const std::vector<Element> payroll = joined(
      {text("streetaddress", 255, must), text("postnumber", 50, must), text("city", 255, must),
       text("municipality", 255), of_kind("country", Kind::country, 2), of_kind("nationality", Kind::country, 2),
       of_kind("language", Kind::language, 2), of_kind("employeenumber", Kind::number, 10),
       text("payrollrulegroupname", 50, must), text("bankaccountnumber", 34), text("bankidentificationcode", 20)},
      payroll_flags("foreclosuremaintenancepersons"));
  return group(
      "patchemployee",
      {group("employeebaseinformation", base), group("employeepayrollinformation", payroll),
       group("employeesettings", {choice("payrollservice", {"enabled", "disabled"}), of_kind("*", Kind::anything)})});
}

}  // namespace

const Element& employee_schema() {
  static const Element schema = employee();
  return schema;
}

const Element& patch_schema() {
  static const Element schema = patch();
  return schema;
}

const Element& period_schema() {
  static const Element schema = employment_period();
  return schema;
}

}  // namespace dovetail::sandbox::netvisor
