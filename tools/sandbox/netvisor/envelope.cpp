#include "tools/sandbox/netvisor/envelope.hpp"

#include <fmt/format.h>

namespace dovetail::sandbox::netvisor {

namespace {

std::string escaped(std::string_view text) {
  std::string result;
  for (const char each : text) {
    switch (each) {
      case '&':
        result += "&amp;";
        break;
      case '<':
        result += "&lt;";
        break;
      case '>':
        result += "&gt;";
        break;
      default:
        result += each;
    }
  }
  return result;
}

// Finnish wall clock, without leading zeros in day, month and hour.
std::string time_stamp(Moment now) {
  using namespace std::chrono;
  const auto local = now + western_europe_offset(now) + hours(1);
  const year_month_day day(floor<days>(local));
  const hh_mm_ss time(floor<seconds>(local - floor<days>(local)));
  return fmt::format("{}.{}.{} {}:{:02}:{:02}", static_cast<unsigned>(day.day()), static_cast<unsigned>(day.month()),
                     static_cast<int>(day.year()), time.hours().count(), time.minutes().count(),
                     time.seconds().count());
}

constexpr std::string_view declaration = "<?xml version=\"1.0\" encoding=\"utf-8\" standalone=\"yes\"?>\r\n";

std::string wrapped(Moment now, std::string_view statuses, std::string_view payload) {
  return fmt::format(
      "{}<Root>\r\n    <ResponseStatus>\r\n{}        <TimeStamp>{}</TimeStamp>\r\n    "
      "</ResponseStatus>\r\n{}</Root>\r\n",
      declaration, statuses, time_stamp(now), payload);
}

}  // namespace

Refusal form_incorrect() {
  return {"INVALID_DATA",
          "Data form incorrect:. XML message validation failed: Could not validate xml",
          "Tiedon muoto virheellinen:. XML-sanoman validointi epäonnistui: Could not validate xml",
          {}};
}

Refusal data_incorrect(const std::string& english, const std::string& finnish) {
  return {"INVALID_DATA",
          "Data form incorrect:. " + english,
          "Tiedon muoto virheellinen:. " + (finnish.empty() ? english : finnish),
          {}};
}

void XmlText::leaf(std::string_view name, std::string_view text, std::string_view attribute) {
  text_ += fmt::format("{:{}}<{}{}{}>{}</{}>\r\n", "", depth_ * 4, name, attribute.empty() ? "" : " ", attribute,
                       escaped(text), name);
}

void XmlText::open(std::string_view name) {
  text_ += fmt::format("{:{}}<{}>\r\n", "", depth_ * 4, name);
  ++depth_;
}

void XmlText::close(std::string_view name) {
  --depth_;
  text_ += fmt::format("{:{}}</{}>\r\n", "", depth_ * 4, name);
}

int status_of(std::string_view code) {
  if (code == "AUTHENTICATION_FAILED") return 401;
  if (code == "SERVICE_ACCESS_ERROR") return 403;
  if (code == "SYSTEM_MAINTENANCE" || code == "SYSTEM_MAINTANANCE") return 503;
  return code == "TECHNICAL_ERROR" ? 500 : 400;
}

std::string envelope(Moment now, std::string_view payload) {
  return wrapped(now, "        <Status>OK</Status>\r\n", payload);
}

std::string envelope(Moment now, const Refusal& refusal, std::string_view language) {
  const std::string& words = equal_fold(language, "FI") && !refusal.finnish.empty() ? refusal.finnish : refusal.english;
  return wrapped(now,
                 fmt::format("        <Status>FAILED</Status>\r\n        <Status>{} :: {}{}</Status>\r\n", refusal.code,
                             escaped(words), refusal.tail),
                 {});
}

}  // namespace dovetail::sandbox::netvisor
