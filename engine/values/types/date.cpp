// Days, and points in time with a zone.
#include <fmt/format.h>

#include <chrono>

#include "engine/values/types/ascii.hpp"
#include "engine/values/types/list.hpp"

namespace dovetail {
namespace {

// True if `text` looks like `shape`, where 0 stands for any digit.
bool has_shape(std::string_view text, std::string_view shape) {
  if (text.size() != shape.size()) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (shape[i] == '0' ? !ascii::is_digit(text[i]) : text[i] != shape[i]) return false;
  }
  return true;
}

// A point in time taken apart; the views are of the text it was read from.
struct Moment {
  std::string_view day;       // YYYY-MM-DD
  std::string_view time;      // hh:mm:ss
  std::string_view fraction;  // digits
  std::string_view zone;      // Z, z or ±hh:mm
};

bool split(std::string_view value, Moment& out) {
  constexpr std::size_t before_fraction = 19;
  if (value.size() <= before_fraction || ascii::to_upper(value[10]) != 'T') return false;
  out.day = value.substr(0, 10);
  out.time = value.substr(11, 8);
  std::string_view rest = value.substr(before_fraction);
  if (rest.starts_with('.')) {
    rest.remove_prefix(1);
    const auto digits = std::min(rest.find_first_not_of("0123456789"), rest.size());
    if (digits < 1 || digits > 9) return false;
    out.fraction = rest.substr(0, digits);
    rest.remove_prefix(digits);
  }
  out.zone = rest;
  const bool zulu = out.zone == "Z" || out.zone == "z";
  return has_shape(out.day, "0000-00-00") && has_shape(out.time, "00:00:00") &&
         (zulu || has_shape(out.zone, "+00:00") || has_shape(out.zone, "-00:00"));
}

bool is_time(std::string_view time) {
  return ascii::number(time.substr(0, 2)) <= 23 && ascii::number(time.substr(3, 2)) <= 59 &&
         (time.size() < 8 || ascii::number(time.substr(6, 2)) <= 59);
}

// Minutes east of Greenwich.
int offset(std::string_view zone) {
  if (zone.size() == 1) return 0;
  const int minutes = ascii::number(zone.substr(1, 2)) * 60 + ascii::number(zone.substr(4, 2));
  return zone.front() == '-' ? -minutes : minutes;
}

}  // namespace

Fault check_iso_date(std::string_view raw, const CheckContext&, std::string& sent) {
  const std::string_view value = ascii::trimmed(raw);
  if (const Fault fault = ascii::code_fault(value); fault != Fault::none) return fault;
  if (!has_shape(value, "0000-00-00")) return Fault::syntax;
  if (!parse_day(value)) return Fault::date;
  sent.append(value);
  return Fault::none;
}

Fault check_iso_datetime(std::string_view raw, const CheckContext&, std::string& sent) {
  const std::string_view value = ascii::trimmed(raw);
  if (const Fault fault = ascii::code_fault(value); fault != Fault::none) return fault;
  Moment moment;
  if (!split(value, moment)) return Fault::syntax;
  const bool zone_exists = moment.zone.size() == 1 || is_time(moment.zone.substr(1));
  if (!parse_day(moment.day) || !is_time(moment.time) || !zone_exists) return Fault::date;
  ascii::append_upper(sent, value);
  return Fault::none;
}

// The second since 1970 in UTC, and the fraction: one instant, one key.
void key_iso_datetime(std::string_view sent, std::string& key) {
  Moment moment;
  if (!split(sent, moment)) {
    key.append(sent);  // not in sent form
    return;
  }
  const std::chrono::sys_days day = *parse_day(moment.day);
  const long long minutes = ascii::number(moment.time.substr(0, 2)) * 60 + ascii::number(moment.time.substr(3, 2));
  const long long seconds = (day.time_since_epoch().count() * 1440LL + minutes - offset(moment.zone)) * 60 +
                            ascii::number(moment.time.substr(6, 2));
  const auto fraction = moment.fraction.substr(0, moment.fraction.find_last_not_of('0') + 1);
  fmt::format_to(std::back_inserter(key), "{}.{}", seconds, fraction);
}

std::string_view sentence_iso_date(Fault fault) {
  switch (fault) {
    case Fault::syntax:
      return "a date is written YYYY-MM-DD, as 2024-02-29";
    case Fault::date:
      return "there is no such day in the calendar";
    default:
      return {};
  }
}

std::string_view sentence_iso_datetime(Fault fault) {
  switch (fault) {
    case Fault::syntax:
      return "a point in time is written with seconds and zone, as 2024-02-29T23:30:00+01:00";
    case Fault::date:
      return "there is no such day, time or zone";
    default:
      return {};
  }
}

}  // namespace dovetail
