#include "tools/sandbox/netvisor/netvisor.hpp"

namespace dovetail::sandbox::netvisor {

std::vector<Knob> knobs() {
  return {
      {"legacy_mac", "off", on_off(), "V", "the old plain SHA256 and MD5 codes are accepted too"},
      {"timestamp_window_s", "300", {}, "U", "how many seconds the timestamp may be off"},
      {"advertised_base", "", {"*"}, "I", "scheme and host that clients sign; empty: as they called"},
      {"mac_hint", "off", on_off(), "V", "a wrong code is answered with what was signed, unescaped, as the test environment does"},
      {"http_codes_default", "off", on_off(), "V", "real HTTP codes also for callers that don't ask for them"},
      {"overlap", "refused", {"refused", "allowed"}, "V", "two calls of one company at a time"},
      {"overlap_code", "TECHNICAL_ERROR", {"TECHNICAL_ERROR", "REQUEST_NOT_UNIQUE", "INVALID_DATA"}, "U",
       "the code that refuses an overlapping call"},
      {"employee_not_found", "failed", {"failed", "empty"}, "U", "getemployee of nobody: FAILED, or OK with an empty element"},
      {"unset_on_reads", "empty", {"empty", "absent"}, "I", "how getemployee shows what is not set"},
      {"foreign_type_on_reads", "element", {"element", "attribute"}, "V", "where foreignidentifiertype stands"},
      {"duplicate_code", "DUPLICATE_DATA", {"DUPLICATE_DATA", "INVALID_DATA"}, "U", "adding a person or a number that exists"},
      {"length_code", "INVALID_DATA_SIZE", {"INVALID_DATA_SIZE", "INVALID_DATA"}, "I", "a value that is too long"},
      {"date_attribute", "required", {"required", "optional"}, "I", "dates without format=\"ansi\""},
      {"empty_mandatory_on_edit", "refused", {"refused", "cleared"}, "I", "an empty mandatory element in an edit"},
      {"empty_clears", "cleared", {"cleared", "ignored", "refused"}, "U",
       "an empty bank account or end date in an edit (other elements are cleared)"},
      {"empty_nationality", "refused", {"refused", "cleared"}, "I", "an empty nationality"},
      {"check_iban", "on", on_off(), "U", "bank accounts must be valid IBANs"},
      {"edit_periods", "match_start", {"match_start", "append", "replace"}, "U", "periods inside an edit by employee.nv"},
      {"overlapping_periods", "allowed", {"allowed", "refused"}, "U", "a period that begins before another one has ended"},
      {"begin_date_makes_period", "off", on_off(), "U", "jobbegindate and profession at creation become a period"},
      {"next_number", "empty", {"empty", "next"}, "U", "the employee number of a person added without one"},
      {"patch_base_block", "required", {"required", "optional"}, "V", "patchemployee without employeebaseinformation"},
  };
}

}  // namespace dovetail::sandbox::netvisor
