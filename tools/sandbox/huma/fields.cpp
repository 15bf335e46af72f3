#include "tools/sandbox/huma/fields.hpp"

#include <algorithm>
#include <array>

#include "tools/sandbox/ids/civil_date.hpp"
#include "tools/sandbox/ids/country.hpp"

namespace dovetail::sandbox::huma {

namespace {

using Wrong = std::optional<Answer>;

Wrong invalid(const std::string& field) { return bad_field("field:invalid-format", "Invalid field Format", {field}); }
Wrong required(const std::string& field) { return bad_field("field:required", "Field is required", {field}); }

bool is_e164(const std::string& text) {
  return text.size() >= 7 && text.size() <= 16 && text[0] == '+' && all_digits(std::string_view(text).substr(1));
}

// Of UTF-8, in characters.
std::size_t length(const std::string& text) {
  return static_cast<std::size_t>(
      std::ranges::count_if(text, [](char each) { return (static_cast<unsigned char>(each) & 0xC0U) != 0x80U; }));
}

// Names, phone, e-mail and employment id are said to end here; of the others nothing is known.
bool is_limited(const std::string& field) {
  static constexpr std::array limited = {"givenName", "familyName", "phone", "email", "employmentId"};
  return std::ranges::find(limited, field) != limited.end();
}

bool fits(const Request& request, const std::string& field, const std::string& text) {
  constexpr std::size_t most = 255;
  if (length(text) > (is_limited(field) ? most : 4 * most)) return false;
  if (field == "email") return is_email(text);
  if (field == "birthDate") return date_from(text).has_value();
  if (field == "nationality") return is_country(text);
  if (field == "phone" && request.knobs().is("phone_format", "e164")) return is_e164(text);
  return true;
}

Wrong check_unique(const Request& request, const std::string& field, const std::string& value, const std::string& id) {
  const bool checked = field == "email" || (field == "phone" && request.knobs().on("phone_unique")) ||
                       (field == "employmentId" && request.knobs().on("employment_id_unique"));
  if (!checked || value.empty()) return std::nullopt;
  for (const auto& [other_id, other] : request.system.store.rows("users")) {
    const bool same = equal_fold(text_member(other, field), value) ||
                      (field == "email" && equal_fold(text_member(other, "requestedEmail"), value));
    if (other_id != id && same) {
      return bad_field(request.knobs().text("duplicate_code"), "Value is already in use", {field});
    }
  }
  return std::nullopt;
}

Wrong check_address(const Json& value) {
  if (!value.is_object()) return invalid("homeAddress");
  for (const char* name : {"line1", "line2", "line3", "postalCode", "city", "country"}) {
    if (!value.contains(name)) return required(std::string("homeAddress.") + name);
    if (!value[name].is_null() && !value[name].is_string()) return invalid(std::string("homeAddress.") + name);
  }
  const std::string country = text_member(value, "country");
  if (!country.empty() && !is_country(country)) return invalid("homeAddress.country");
  return std::nullopt;
}

Wrong check_bank_account(const Request& request, const Json& value) {
  if (!value.is_object()) return invalid("bankAccount");
  const std::string type = text_member(value, "type");
  const bool known = equal_fold(type, "national") || equal_fold(type, "international");
  if (type.empty()) return required("bankAccount.type");
  if (!known && request.knobs().on("bank_type_check")) return invalid("bankAccount.type");
  const bool national = value.contains("number");
  for (const char* name : national ? std::array{"number", "country"} : std::array{"iban", "bic"}) {
    if (text_member(value, name).empty()) return required(std::string("bankAccount.") + name);
  }
  if (national && !is_country(text_member(value, "country"))) return invalid("bankAccount.country");
  return std::nullopt;
}

// A field that an integration owns.
Wrong touch_lock(const Request& request, Json& user, const std::string& field) {
  const Json locks = member(member(user, "locks"), field);
  if (locks.is_null() || request.knobs().is("locked_edit", "allowed")) return std::nullopt;
  for (const auto& [integration, warning] : locks.items()) {
    if (warning != "locked_disconnect") continue;
    if (request.knobs().is("locked_edit", "refused"))
      return bad_field("field:locked", "Field is locked by an integration", {field});
    user["connectedIntegrations"].erase(integration);
    user["locks"].erase(field);
  }
  return std::nullopt;
}

Wrong set_field(const Request& request, Json& user, const std::string& id, const std::string& field,
                const Json& value) {
  if (value.is_null()) {
    if (request.knobs().is("null_in_patch", "keep") && !id.empty()) return std::nullopt;
    const bool needed = field == "givenName" || field == "familyName" || field == "email";
    if (needed || request.knobs().is("null_in_patch", "refused")) return required(field);
    user[field] = nullptr;
    return std::nullopt;
  }
  if (field == "homeAddress") {
    if (auto wrong = check_address(value)) return wrong;
  } else if (field == "bankAccount") {
    if (auto wrong = check_bank_account(request, value)) return wrong;
  } else {
    if (!value.is_string() || !fits(request, field, value.get<std::string>())) return invalid(field);
    const std::string text = value.get<std::string>();
    if (text.empty() && (field == "givenName" || field == "familyName")) return required(field);
    if (auto wrong = check_unique(request, field, text, id)) return wrong;
  }
  const bool pending =
      field == "email" && !id.empty() && request.knobs().is("email_change", "pending") && user[field] != value;
  user[pending ? "requestedEmail" : field] = value;
  return std::nullopt;
}

}  // namespace

bool is_email(const std::string& text) {
  const auto at = text.find('@');
  return at != 0 && at != std::string::npos && text.find('@', at + 1) == std::string::npos && at + 3 < text.size() &&
         text.find('.', at) != std::string::npos && text.back() != '.' && text.find(' ') == std::string::npos;
}

Wrong check_members(const Request& request, const Json& patch, const std::vector<std::string>& known) {
  if (!patch.is_object()) return bad_field("request:invalid-format", "Malformed JSON request", {});
  if (request.knobs().is("unknown_members", "ignored")) return std::nullopt;
  for (const auto& [name, value] : patch.items()) {
    if (std::ranges::find(known, name) == known.end()) return bad_field("field:unknown", "Unknown field", {name});
  }
  return std::nullopt;
}

Wrong set_fields(const Request& request, Json& user, const std::string& id, const Json& patch) {
  static const std::vector<std::string> fields = {"givenName",    "familyName",  "preferredName", "email",
                                                  "phone",        "birthDate",   "gender",        "nationality",
                                                  "employmentId", "homeAddress", "bankAccount"};
  std::vector<std::string> known = fields;
  if (id.empty())
    known.insert(known.end(), {"groups", "supervisor", "invite", "inviteSubject", "inviteMessage", "inviteLanguage"});
  if (auto wrong = check_members(request, patch, known)) return wrong;
  for (const std::string& field : fields) {
    if (!patch.contains(field)) continue;
    const Json before = member(user, field);
    if (auto wrong = set_field(request, user, id, field, patch[field])) return wrong;
    if (before == member(user, field)) continue;
    if (auto wrong = touch_lock(request, user, field)) return wrong;
  }
  return std::nullopt;
}

}  // namespace dovetail::sandbox::huma
