#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "tests/samples/generator/writers.hpp"

namespace dovetail::samples {
namespace {

std::string escaped(const std::string& text) {
  std::string safe;
  for (const char c : text) {
    switch (c) {
      case '&':
        safe += "&amp;";
        break;
      case '<':
        safe += "&lt;";
        break;
      case '>':
        safe += "&gt;";
        break;
      default:
        safe += c;
    }
  }
  return safe;
}

// Netvisor writes an empty element where there is no value.
void element(std::string& into, int level, std::string_view name, const std::string& value,
             std::string_view attribute = {}) {
  into += fmt::format("{:{}}<{}{}>{}</{}>\n", "", level * 4, name, attribute, escaped(value), name);
}

void period(std::string& into, const Employment& of) {
  into += "                <employmentperiod>\n";
  element(into, 5, "netvisorkey", of.id);
  element(into, 5, "companystartdate", of.start, " format=\"ansi\"");
  element(into, 5, "startdate", of.start, " format=\"ansi\"");
  element(into, 5, "probationenddate", of.probation_end, " format=\"ansi\"");
  element(into, 5, "employmentmode", "1", " type=\"netvisor\"");
  element(into, 5, "profession", of.title);
  element(into, 5, "comment", "");
  element(into, 5, "enddate", of.end, " format=\"ansi\"");
  element(into, 5, "endreason", of.end.empty() ? "" : "4", " type=\"netvisor\"");
  into += "                </employmentperiod>\n";
}

void employee(std::string& into, const Record& of) {
  into += "        <employee>\n            <employeebaseinformation>\n";
  element(into, 4, "netvisorkey", of.id);
  element(into, 4, "employeenumber", of.employment_id);
  element(into, 4, "employeeidentifier", of.identification, " type=\"finnishidentifier\"");
  element(into, 4, "foreignidentifiertype", "");
  element(into, 4, "issuingcountry", "", " type=\"ISO-3166\"");
  element(into, 4, "firstname", of.given_name);
  element(into, 4, "lastname", of.family_name);
  element(into, 4, "fullname", of.family_name + " " + of.given_name);
  element(into, 4, "payrollservice", "1");
  element(into, 4, "resourcemanagement", "0");
  element(into, 4, "lunchbenefit", "0");
  element(into, 4, "nationality", of.nationality, " type=\"ISO-3166\"");
  element(into, 4, "language", "FI", " type=\"ISO-3166\"");
  element(into, 4, "municipality", of.city);
  element(into, 4, "gender", of.gender);
  element(into, 4, "dateofbirth", of.birth_date);
  element(into, 4, "streetaddress", of.line1);
  element(into, 4, "postnumber", of.postal_code);
  element(into, 4, "city", of.city);
  element(into, 4, "country", of.country, " type=\"ISO-3166\"");
  element(into, 4, "phonenumber", of.phone);
  element(into, 4, "email", of.email);
  element(into, 4, "bankaccountnumber", of.iban);
  element(into, 4, "bankidentificationcode", of.bic);
  element(into, 4, "activity", of.active ? "1" : "0");
  into += "            </employeebaseinformation>\n            <employmentperiods>\n";
  for (const Employment& of_period : of.employments) period(into, of_period);
  into += "            </employmentperiods>\n        </employee>\n";
}

// One employee as a line of JSON: no interface of Netvisor's, but what is read in bulk.
nlohmann::ordered_json line_of(const Record& of) {
  nlohmann::ordered_json periods = nlohmann::ordered_json::array();
  for (const Employment& period : of.employments) {
    periods.push_back({{"netvisorkey", period.id},
                       {"startdate", period.start},
                       {"profession", period.title},
                       {"probationenddate", period.probation_end},
                       {"enddate", period.end}});
  }
  return {{"employeebaseinformation",
           {{"netvisorkey", of.id},
            {"employeenumber", of.employment_id},
            {"employeeidentifier", of.identification},
            {"firstname", of.given_name},
            {"lastname", of.family_name},
            {"nationality", of.nationality},
            {"gender", of.gender},
            {"dateofbirth", of.birth_date},
            {"streetaddress", of.line1},
            {"postnumber", of.postal_code},
            {"city", of.city},
            {"country", of.country},
            {"phonenumber", of.phone},
            {"email", of.email},
            {"bankaccountnumber", of.iban},
            {"bankidentificationcode", of.bic},
            {"municipality", of.city},
            {"activity", of.active ? "1" : "0"}}},
          {"employmentperiods", periods}};
}

}  // namespace

std::string netvisor_lines(const People& people) {
  std::string text;
  for (const Person& person : people) {
    if (person.provider.present) text += line_of(person.provider).dump() + "\n";
  }
  return text;
}

std::string netvisor_employees(const People& people) {
  std::string text =
      "<?xml version=\"1.0\" encoding=\"utf-8\" standalone=\"yes\"?>\n<Root>\n    <ResponseStatus>\n"
      "        <Status>OK</Status>\n        <TimeStamp>3.6.2025 9:05:07</TimeStamp>\n    </ResponseStatus>\n"
      "    <employees>\n";
  for (const Person& person : people) {
    if (person.provider.present) employee(text, person.provider);
  }
  return text + "    </employees>\n</Root>\n";
}

}  // namespace dovetail::samples
