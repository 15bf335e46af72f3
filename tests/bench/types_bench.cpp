// Nanoseconds a value, for a valid and an invalid value of every type.
#include <fmt/core.h>

#include <array>
#include <chrono>
#include <string>

#include "tests/engine/values/reference_tables.hpp"

using namespace dovetail;

namespace {

struct Sample {
  std::string_view type, valid, invalid;
};

constexpr std::array samples = {
    Sample{"text", "Kari Nordmann", "Kari\x01"},
    Sample{"integer", "0042", "4 2"},
    Sample{"decimal", "12.50", "12,50"},
    Sample{"boolean", "true", "yes"},
    Sample{"date", "2024-02-29", "2023-02-29"},
    Sample{"iso_date", "2024-02-29", "2023-02-29"},
    Sample{"iso_datetime", "2024-02-29T23:30:00.123+01:00", "2024-02-29T23:30:00"},
    Sample{"bank_account", "NO53 3624 0734 014", "\xC3\xA5"},
    Sample{"no_account", "3624.07.34014", "36240734015"},
    Sample{"se_bank_account", "8105-9,744202631", "9400,1234565"},
    Sample{"iban", "SE66 5000 0000 0520 1123 4567", "SE6750000000052011234567"},
    Sample{"bic", "NDEANOKKXXX", "DABAUKSX"},
    Sample{"no_fnr", "130557-00359", "13055700350"},
    Sample{"no_fnr_2032", "13055700367", "13055700360"},
    Sample{"no_fnr_synthetic", "13855700748", "13855700749"},
    Sample{"se_personnummer", "850917-9811", "850917-9812"},
    Sample{"dk_cpr", "070761-1234", "310685-1234"},
    Sample{"fi_hetu", "150874-891Y", "150874-891X"},
    Sample{"fi_hetu_synthetic", "010203A9013", "010203A9014"},
    Sample{"country_alpha2", "NO", "XK"},
    Sample{"country_alpha3", "NOR", "XKX"},
    Sample{"postal_code", "0150", "150"},
    Sample{"postal_text", "114 55", "\x01"},
    Sample{"phone", "+47 406 12 345", "10612345"},
    Sample{"email", "kari.nordmann@example.com", "kari@example"},
    Sample{"name_equal", "Kari Nordmann|KARI NORDMANN", "Kari|Karl"},
    Sample{"email_equal", "Kari@example.com|kari@example.com", "kari@example.com|karl@example.com"},
};

double nanoseconds(const CheckedType& type, std::string_view value, const CheckContext& context) {
  using Clock = std::chrono::steady_clock;
  constexpr auto long_enough = std::chrono::milliseconds(30);
  std::string sent;
  const auto start = Clock::now();
  long rounds = 0;
  while (Clock::now() - start < long_enough) {
    for (int i = 0; i < 64; ++i, ++rounds) {
      sent.clear();
      type.check(value, context, sent);
    }
  }
  return std::chrono::duration<double, std::nano>(Clock::now() - start).count() / static_cast<double>(rounds);
}

}  // namespace

int main() {
  CheckContext context = test::context();
  context.region = "NO";
  fmt::print("{:<18} {:>10} {:>10}\n", "ns a value", "valid", "invalid");
  for (const CheckedType& type : checked_types()) {
    const Sample* found = nullptr;
    for (const Sample& sample : samples) {
      if (sample.type == type.name) found = &sample;
    }
    if (found == nullptr) {
      fmt::print("{:<18} has no sample\n", type.name);
      continue;
    }
    fmt::print("{:<18} {:>10.0f} {:>10.0f}\n", type.name, nanoseconds(type, found->valid, context),
               nanoseconds(type, found->invalid, context));
  }
}
