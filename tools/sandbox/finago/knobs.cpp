#include "tools/sandbox/finago/finago.hpp"

namespace dovetail::sandbox::finago {

std::vector<Knob> knobs() {
  return {
      {"token_seconds", "3600", {}, "U", "how long a token lives"},
      {"authorization_header",
       "authorization",
       {"authorization", "authorization2", "either"},
       "V",
       "the header that the bearer token is read from"},
      {"expires_on",
       "offset",
       {"offset", "utc"},
       "I",
       "the moment a token ends: with the offset of local time, or as UTC with a Z"},
      {"error_body", "json", {"json", "text", "html", "empty"}, "U", "the form of errors"},
      {"answer_type",
       "application/json",
       {"application/json", "text/plain", "*/*"},
       "V",
       "the content type of answers"},
      {"unknown_employee_get", "200_empty", {"200_empty", "404"}, "U", "reading an employee that does not exist"},
      {"unknown_employee_post", "400", {"400", "404", "500"}, "U", "changing an employee that does not exist"},
      {"create_answer", "object", {"object", "array"}, "I", "the item that a write answers with, alone or in an array"},
      {"auto_number", "on", on_off(), "U", "an employee created without empId gets the next number; off: refused"},
      {"required_on_create", "names_and_email", {"names_and_email", "nothing"}, "U", "what a new employee needs"},
      {"duplicate_email", "400", {"400", "409", "500", "allowed"}, "U", "an e-mail that another employee has"},
      {"update", "partial", {"partial", "whole"}, "I", "what an update leaves out is kept; whole: cleared"},
      {"employment_update", "partial", {"partial", "whole"}, "I", "the same, of an employment"},
      {"longest_text", "0", {}, "U", "a longer text is refused with 400; 0: any length"},
      {"rate_limit", "0", {}, "U", "calls a second; 0: no limit"},
      {"retry_after", "off", on_off(), "U", "429 says Retry-After"},
      {"empty_clears", "on", on_off(), "I", "an empty text clears a value; off: ignored"},
      {"empty_international_id", "ignored", {"ignored", "cleared", "refused"}, "I", "an internationalID without an ID"},
      {"decimals", "two_digits", {"two_digits", "as_sent"}, "V", "how decimals come back"},
      {"check_personnr", "off", on_off(), "U", "personnr must be a valid number or a birth date"},
      {"check_account", "off", on_off(), "U", "Norwegian account numbers must pass mod 11"},
      {"check_country", "on", on_off(), "U", "country codes must be two letters of ISO 3166-1"},
      {"invalid_employment", "400", {"400", "500"}, "U", "the status that refuses an employment"},
      {"second_primary", "moves", {"moves", "allowed"}, "U", "a second employment sent as the primary one"},
      {"organization_country", "present", {"present", "absent"}, "V", "country_code of the organization"},
  };
}

}  // namespace dovetail::sandbox::finago
