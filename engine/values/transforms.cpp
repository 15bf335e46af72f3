#include <algorithm>
#include <array>

#include "engine/values/transforms/list.hpp"

namespace dovetail {
namespace {

// An invertible conversion of one value to one.
constexpr Transform one(std::string_view name, std::string_view summary, Conversion* forward, Conversion* backward,
                        std::string_view hub_type = {}, std::string_view provider_type = {}) {
  return {.name = name,
          .summary = summary,
          .hub_arity = 1,
          .provider_arity = 1,
          .arguments = 0,
          .invertible = true,
          .forward = forward,
          .backward = backward,
          .hub_type = hub_type,
          .provider_type = provider_type};
}

constexpr Transform one_way(std::string_view name, std::string_view summary, Conversion* forward,
                            std::string_view hub_type = {}, std::string_view provider_type = {}) {
  Transform transform = one(name, summary, forward, nullptr, hub_type, provider_type);
  transform.invertible = false;
  return transform;
}

constexpr Transform with_argument(Transform transform) {
  transform.arguments = 1;
  return transform;
}

constexpr Transform joining(Transform transform, std::size_t hub_values, std::size_t provider_values) {
  transform.hub_arity = hub_values;
  transform.provider_arity = provider_values;
  return transform;
}

constexpr std::array all = {
    one("trim", "outer blanks are cut", to_trimmed, to_trimmed),
    one_way("upper", "letters become capitals", to_upper),
    one_way("lower", "letters become small", to_lower),
    one_way("digits", "only the digits are kept", to_digits),
    with_argument(one("pad", "pad(N): digits, filled with zeros on the left to N", to_padded, from_padded)),
    with_argument(one("prefix", "prefix(\"X\"): the text with X before it", to_prefixed, from_prefixed)),
    one("integer", "a number written without leading zeros, and the number", to_integer, from_integer, {}, "integer"),
    one("decimal_comma", "12.5 and 12,5", to_decimal_comma, from_decimal_comma, "decimal"),
    one("date_dotted", "2024-02-29 and 29.02.2024", to_dotted_date, from_dotted_date, "date"),
    one("date_compact", "2024-02-29 and 20240229", to_compact_date, from_compact_date, "date"),
    one("date_midnight", "2024-02-29 and 2024-02-29T00:00:00", to_midnight, from_midnight, "date"),
    one_way("no_fnr_birth_date", "the birth date in a Norwegian birth number", to_birth_date_of_fnr, "no_fnr", "date"),
    one_way("se_personnummer_birth_date", "the birth date in a Swedish personal number", to_birth_date_of_personnummer,
            "se_personnummer", "date"),
    one_way("dk_cpr_birth_date", "the birth date in a Danish CPR number", to_birth_date_of_cpr, "dk_cpr", "date"),
    one_way("fi_hetu_birth_date", "the birth date in a Finnish identity code", to_birth_date_of_hetu, "fi_hetu",
            "date"),
    joining(one("se_clearing", "a Swedish account, and clearing number and account apart", to_clearing_and_account,
                from_clearing_and_account, "se_bank_account"),
            1, 2),
    one("no_account_iban", "a Norwegian account and its IBAN", to_iban_of_no_account, from_iban_of_no_account,
        "no_account", "iban"),
    one("fi_account_iban", "a Finnish account (123456-785) and its IBAN", to_iban_of_fi_account,
        from_iban_of_fi_account, {}, "iban"),
    one_way("se_account_iban", "the IBAN of a Swedish account", to_iban_of_se_account, "se_bank_account", "iban"),
    one_way("iban_bic", "the BIC of the bank in an IBAN, where the bank is known", to_bic_of_iban, "iban", "bic"),
    joining(one("iban_with_bic", "IBAN and BIC; a missing BIC is filled in where the bank is known", to_iban_with_bic,
                from_iban_with_bic, "iban", "iban"),
            2, 2),
    one("phone_national", "+4740612345 and 40612345, for numbers of the record's country", to_national_phone,
        from_national_phone, "phone"),
    one("phone_double_zero", "+4740612345 and 004740612345", to_double_zero_phone, from_double_zero_phone, "phone"),
    one("phone_digits", "+4740612345 and 4740612345", to_digits_phone, from_digits_phone, "phone"),
    one("alpha2_alpha3", "the country codes NO and NOR", to_alpha3, from_alpha3, "country_alpha2", "country_alpha3"),
    one("postal_spaced", "11455 and 114 55, as Sweden, the Netherlands and Britain print their codes",
        to_spaced_postal_code, from_spaced_postal_code, "postal_code"),
};

}  // namespace

std::span<const Transform> transforms() { return all; }

const Transform* find_transform(std::string_view name) {
  const auto found = std::ranges::find(all, name, &Transform::name);
  return found == all.end() ? nullptr : &*found;
}

}  // namespace dovetail
