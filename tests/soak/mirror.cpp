#include "tests/soak/mirror.hpp"

#include <algorithm>
#include <cctype>
#include <vector>

namespace dovetail::soak {
namespace {

using sandbox::Json;

struct Place {
  const char* what;
  const char* hub;  // members from the outside in, by dots
  const char* netvisor;
  const char* poweroffice_go;
  const char* finago;
};

// Null: the two do not share it.
const std::vector<Place> places = {
    {"given name", "givenName", "firstname", "FirstName", "firstname"},
    {"family name", "familyName", "lastname", "LastName", "lastname"},
    {"e-mail", "email", "email", "EmailAddress", "email"},
    {"phone", "phone", "phonenumber", "PhoneNumber", "telefon"},
    {"street", "homeAddress.line1", "streetaddress", "MailAddress.AddressLine1", "postaddress"},
    {"postal code", "homeAddress.postalCode", "postnumber", "MailAddress.ZipCode", "zipcode"},
    {"town", "homeAddress.city", "municipality", "MailAddress.City", "city"},
    {"country", "homeAddress.country", "country", "MailAddress.CountryCode", "countryCode"},
    {"birth date", "birthDate", "dateofbirth", "DateOfBirth", nullptr},
    {"number", "employmentId", "employeenumber", "Number", nullptr},
};

const char* member(const Place& place, const std::string& provider) {
  if (provider == "netvisor") return place.netvisor;
  return provider == "finago" ? place.finago : place.poweroffice_go;
}

std::string text_of(const Json& value) {
  if (value.is_null()) return {};
  return value.is_string() ? value.get<std::string>() : value.dump();
}

std::string text_at(const Json& row, const std::string& path) {
  const std::size_t dot = path.find('.');
  const auto found = row.find(path.substr(0, dot));
  if (found == row.end()) return {};
  return dot == path.npos ? text_of(*found) : found->is_object() ? text_at(*found, path.substr(dot + 1)) : "";
}

void set_at(Json& row, const std::string& path, const std::string& value) {
  const std::size_t dot = path.find('.');
  if (dot == path.npos) {
    row[path] = value;
  } else {
    set_at(row[path.substr(0, dot)], path.substr(dot + 1), value);
  }
}

// As somebody would compare them who reads both screens.
std::string plain(const std::string& what, std::string value) {
  if (what == "phone") std::erase_if(value, [](unsigned char c) { return std::isdigit(c) == 0; });
  if (what == "e-mail") std::ranges::transform(value, value.begin(), [](unsigned char c) { return std::tolower(c); });
  if (what == "birth date") value = value.substr(0, 10);
  return value;
}

const Place& place_of(const std::string& what) {
  return *std::ranges::find_if(places, [&](const Place& each) { return each.what == what; });
}

}  // namespace

Values values_in_hub(const Json& row, const std::string& provider) {
  Values values;
  for (const Place& place : places) {
    if (member(place, provider) != nullptr) values[place.what] = plain(place.what, text_at(row, place.hub));
  }
  return values;
}

Values values_in_provider(const Json& row, const std::string& provider) {
  Values values;
  for (const Place& place : places) {
    if (const char* at = member(place, provider)) values[place.what] = plain(place.what, text_at(row, at));
  }
  return values;
}

Json change_in_hub(const Json& row, const std::string& what, const std::string& value) {
  Json changed = row;
  set_at(changed, place_of(what).hub, value);
  return changed;
}

Json change_in_provider(const Json& row, const std::string& provider, const std::string& what,
                        const std::string& value) {
  Json changed = row;
  set_at(changed, member(place_of(what), provider), value);
  return changed;
}

}  // namespace dovetail::soak
