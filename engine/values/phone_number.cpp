#include "engine/values/phone_number.hpp"

#include <phonenumbers/phonenumberutil.h>

namespace dovetail {
namespace {

using i18n::phonenumbers::PhoneNumber;
using i18n::phonenumbers::PhoneNumberUtil;

bool read(std::string_view e164, PhoneNumber& number) {
  const auto& plans = *PhoneNumberUtil::GetInstance();
  return plans.Parse(std::string(e164), "ZZ", &number) == PhoneNumberUtil::NO_PARSING_ERROR;
}

}  // namespace

PhoneVerdict judge_phone(std::string_view written, std::string_view region, std::string& e164) {
  const auto& plans = *PhoneNumberUtil::GetInstance();
  PhoneNumber number;
  const auto outcome = plans.Parse(std::string(written), region.empty() ? "ZZ" : std::string(region), &number);
  if (outcome == PhoneNumberUtil::INVALID_COUNTRY_CODE_ERROR) {
    return written.starts_with('+') ? PhoneVerdict::not_in_plan : PhoneVerdict::no_region;
  }
  if (outcome != PhoneNumberUtil::NO_PARSING_ERROR) return PhoneVerdict::no_number;
  if (!plans.IsValidNumber(number)) return PhoneVerdict::not_in_plan;
  std::string formatted;
  plans.Format(number, PhoneNumberUtil::E164, &formatted);
  e164.append(formatted);
  return PhoneVerdict::valid;
}

bool append_national_form(std::string_view e164, std::string& out) {
  PhoneNumber number;
  if (!read(e164, number)) return false;
  std::string formatted;
  PhoneNumberUtil::GetInstance()->Format(number, PhoneNumberUtil::NATIONAL, &formatted);
  out.append(formatted);
  return true;
}

bool append_national_digits(std::string_view e164, std::string_view region, std::string& out) {
  const auto& plans = *PhoneNumberUtil::GetInstance();
  PhoneNumber number;
  if (!read(e164, number) || number.country_code() != plans.GetCountryCodeForRegion(std::string(region))) return false;
  std::string significant;
  plans.GetNationalSignificantNumber(number, &significant);
  out.append(significant);
  return true;
}

}  // namespace dovetail
