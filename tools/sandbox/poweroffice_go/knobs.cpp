#include "tools/sandbox/poweroffice_go/poweroffice_go.hpp"

namespace dovetail::sandbox::poweroffice_go {

std::vector<Knob> knobs() {
  return {
      {"token_seconds", "1200", {}, "V", "how long a token lives"},
      {"rate_limit", "10", {}, "V", "calls a second for one subscription key; 0: no limit"},
      {"retry_after", "on", on_off(), "C", "429 says Retry-After"},
      {"status_code_as_text", "off", on_off(), "I", "the gateway's bodies give statusCode as text"},
      {"unauthorized_body", "empty", {"empty", "problem"}, "U", "the body of a 401"},
      {"missing_privilege",
       "403_empty",
       {"403_empty", "403_problem", "400_problem"},
       "C",
       "the answer to a call without the privilege"},
      {"replica_lag_ms",
       "0",
       {},
       "I",
       "how long reads still show what was before a write (the real one: up to a second)"},
      {"date_with_time", "off", on_off(), "C", "dates come with a time of midnight behind them"},
      {"camel_case_address", "off", on_off(), "C", "members of MailAddress come in camelCase"},
      {"camel_case_bodies",
       "ignored",
       {"ignored", "accepted"},
       "C",
       "members of posted objects in another case than PascalCase"},
      {"patch_content_type", "any_json", {"any_json", "json_patch_only"}, "I", "PATCH sent as application/json"},
      {"patch_conversion", "strict", {"strict", "lenient"}, "C", "numbers and booleans sent as text in a patch"},
      {"unset_members", "null", {"null", "absent"}, "I", "members without a value"},
      {"page_size", "5000", {}, "V", "rows of a page where the caller names no size"},
      {"page_size_most", "20000", {}, "V", "the largest page"},
      {"page_size_above_most", "refused", {"refused", "clamped"}, "U", "a larger PageSize"},
      {"pagination_header", "on", on_off(), "C", "lists come with X-Pagination"},
      {"pagination_members", "all", {"all", "few"}, "I", "few: only totalPages and nextPageLink"},
      {"email_filter", "on", on_off(), "C", "the filters of 2026 by e-mail, phone and national id; off: ignored"},
      {"unique_account", "allowed", {"allowed", "refused"}, "U", "the same account number twice for one contact"},
      {"check_account", "on", on_off(), "I", "Norwegian account numbers must pass mod 11"},
      {"write_hidden_gender", "refused", {"refused", "ignored"}, "U", "Gender written as Hidden"},
      {"patch_address",
       "free",
       {"free", "city_and_zip"},
       "U",
       "a patch that leaves an address without city or zip code"},
      {"salary_answer", "employee", {"employee", "three_ids"}, "C", "what PATCH BankAccounts answers with"},
  };
}

}  // namespace dovetail::sandbox::poweroffice_go
