#include "tools/sandbox/huma/huma.hpp"

namespace dovetail::sandbox::huma {

std::vector<Knob> knobs() {
  return {
      {"token_seconds", "3600", {}, "U", "how long a token lives"},
      {"basic_client_auth", "on", on_off(), "I", "the token endpoint takes the client's credentials as Basic too"},
      {"rate_limit", "0", {}, "U", "calls a second; 0: no limit"},
      {"limit_above_most", "refused", {"refused", "clamped"}, "U", "a `limit` above 50"},
      {"list_total", "present", {"present", "absent"}, "V", "lists come with `total`"},
      {"groups_list", "items", {"items", "array"}, "U", "the shape of the list of groups"},
      {"empty_fields", "no_value", {"no_value", "null_value", "absent"}, "I", "how a user's field without a value is shown"},
      {"null_in_patch", "unset", {"unset", "keep", "refused"}, "U", "an explicit null in a patch"},
      {"unknown_members", "ignored", {"ignored", "refused"}, "U", "members that a patch may not hold"},
      {"email_change", "immediate", {"immediate", "pending"}, "U",
       "a changed e-mail counts at once, or is `requestedValue` until it is confirmed (action confirm_email)"},
      {"duplicate_code", "field:already-exists", {"*"}, "U", "errorCode of an e-mail, phone or employment id that another user has"},
      {"phone_unique", "on", on_off(), "V", "two users can't have one phone number"},
      {"employment_id_unique", "on", on_off(), "V", "two users can't have one employment id"},
      {"phone_format", "e164", {"e164", "any"}, "I", "phone numbers must be written as +4790000000"},
      {"bank_types", "lower", {"lower", "upper"}, "U", "the types of bank accounts: national and international, or in capitals"},
      {"bank_type_check", "on", on_off(), "U", "other types of bank accounts are refused"},
      {"connected_id_name", "externalId", {"externalId", "id"}, "U", "the member of connectedIntegrations that holds the provider's id"},
      {"inactive_visible", "on", on_off(), "U", "deactivated users are listed and can be read"},
      {"inactive_edit", "refused", {"refused", "allowed"}, "U", "a change to a deactivated user"},
      {"locked_edit", "disconnects", {"disconnects", "refused", "allowed"}, "I", "a change to a field that an integration has locked"},
      {"unique_titles", "off", on_off(), "U", "a job title that exists, case ignored, can't be created again"},
      {"webhook_signature", "hex", {"hex", "base64"}, "U", "how huma-hmac-sha256 is written"},
      {"webhook_attempts", "3", {}, "U", "how often a delivery is tried"},
      {"webhook_twice", "off", on_off(), "U", "every delivery is made twice"},
  };
}

}  // namespace dovetail::sandbox::huma
