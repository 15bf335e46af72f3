#include "tests/samples/generator/identifiers.hpp"

#include <fmt/format.h>

#include <array>
#include <chrono>
#include <string_view>

namespace dovetail::samples {
namespace {

unsigned digit(char c) { return static_cast<unsigned>(c - '0'); }

std::string digits(Chance& chance, unsigned count) {
  std::string text;
  while (text.size() < count) text += static_cast<char>('0' + chance.below(10));
  return text;
}

char luhn(std::string_view stem) {
  unsigned sum = 0;
  bool twice = true;
  for (std::size_t i = stem.size(); i-- > 0; twice = !twice) {
    const unsigned value = digit(stem[i]) * (twice ? 2 : 1);
    sum += value / 10 + value % 10;
  }
  return static_cast<char>('0' + (10 - sum % 10) % 10);
}

std::string iban(std::string_view country, std::string_view bban) {
  unsigned remainder = 0;
  const auto take = [&remainder](std::string_view text) {
    for (const char c : text) {
      remainder =
          c >= 'A' ? (remainder * 100 + static_cast<unsigned>(c - 'A' + 10)) % 97 : (remainder * 10 + digit(c)) % 97;
    }
  };
  take(bban);
  take(country);
  take("00");
  return fmt::format("{}{:02}{}", country, 98 - remainder, bban);
}

// Weighted from the right: 2 3 4 5 6 7 2 3 …; 10: there is no such digit.
unsigned mod11(std::string_view stem) {
  unsigned sum = 0, weight = 2;
  for (std::size_t i = stem.size(); i-- > 0; weight = weight == 7 ? 2 : weight + 1) sum += digit(stem[i]) * weight;
  return (11 - sum % 11) % 11;
}

std::chrono::year_month_day parsed(const std::string& day) {
  using namespace std::chrono;
  return year(std::stoi(day.substr(0, 4))) / std::stoi(day.substr(5, 2)) / std::stoi(day.substr(8, 2));
}

std::string shown(std::chrono::year_month_day day) {
  return fmt::format("{:04}-{:02}-{:02}", static_cast<int>(day.year()), static_cast<unsigned>(day.month()),
                     static_cast<unsigned>(day.day()));
}

}  // namespace

std::string make_day(Chance& chance, unsigned from, unsigned to) {
  return fmt::format("{:04}-{:02}-{:02}", chance.between(from, to), chance.between(1, 12), chance.between(1, 28));
}

std::string days_later(const std::string& day, int days) {
  return shown(std::chrono::sys_days(parsed(day)) + std::chrono::days(days));
}

std::string make_hetu(const std::string& born, bool female, unsigned count) {
  constexpr std::string_view checks = "0123456789ABCDEFHJKLMNPRSTUVWXY";
  const unsigned serial = 900 + (count % 50) * 2 + (female ? 0 : 1);
  const std::string stem = born.substr(8, 2) + born.substr(5, 2) + born.substr(2, 2);
  const unsigned long number = std::stoul(stem + std::to_string(serial));
  return fmt::format("{}{}{}{}", stem, born < "2000" ? '-' : 'A', serial, checks[number % 31]);
}

std::string make_synthetic_fnr(Chance& chance, const std::string& born, bool female) {
  constexpr std::array<unsigned, 9> first = {3, 7, 6, 1, 8, 9, 4, 5, 2};
  constexpr std::array<unsigned, 10> second = {5, 4, 3, 2, 7, 6, 5, 4, 3, 2};
  for (;;) {
    const unsigned low = born < "2000" ? 0 : 500;
    unsigned serial = chance.between(low, low + 499);
    if (serial % 2 != (female ? 0U : 1U)) serial ^= 1U;
    std::string number =
        fmt::format("{}{:02}{}{:03}", born.substr(8, 2), std::stoi(born.substr(5, 2)) + 80, born.substr(2, 2), serial);
    const auto check = [&number](const auto& weights) {
      unsigned sum = 0;
      for (std::size_t i = 0; i < weights.size(); ++i) sum += digit(number[i]) * weights[i];
      return (11 - sum % 11) % 11;
    };
    const unsigned k1 = check(first);
    if (k1 == 10) continue;
    number += std::to_string(k1);
    const unsigned k2 = check(second);
    if (k2 == 10) continue;
    return number + std::to_string(k2);
  }
}

Account make_finnish_account(Chance& chance) {
  // The bank code that the vendors' own examples use, and one of another bank.
  const bool nordea = chance.percent(70);
  std::string bban = (nordea ? "123456" : "500015") + digits(chance, 7);
  bban += luhn(bban);
  return {bban, iban("FI", bban), nordea ? "NDEAFIHH" : "OKOYFIHH"};
}

Account make_norwegian_account(Chance& chance) {
  for (;;) {
    std::string stem = "8601" + fmt::format("{}", chance.between(11, 99)) + digits(chance, 4);
    const unsigned check = mod11(stem);
    if (check == 10) continue;
    stem += std::to_string(check);
    return {stem, iban("NO", stem), "DNBANOKK"};
  }
}

SwedishAccount make_swedish_account(Chance& chance) {
  // Handelsbanken: clearing 6112, nine digits, modulus 11 with the weights 1 2 3 … from the right.
  for (;;) {
    std::string stem = fmt::format("{}", chance.between(1, 9)) + digits(chance, 7);
    unsigned sum = 0;
    for (std::size_t i = 0; i < stem.size(); ++i) sum += digit(stem[i]) * static_cast<unsigned>(9 - i);
    const unsigned check = (11 - sum % 11) % 11;
    if (check == 10) continue;
    return {"6112", stem + std::to_string(check)};
  }
}

std::string make_phone(unsigned count) {
  constexpr std::array<std::string_view, 13> ranges = {
      "+44207946",  "+441134960", "+441144960", "+441174960", "+441184960", "+441214960", "+441314960",
      "+441414960", "+441514960", "+441614960", "+441914980", "+442920180", "+442896496"};
  const std::string_view range = ranges[count / 1000 % ranges.size()];
  return fmt::format("{}{}{:03}", range, range.size() == 9 ? "0" : "", count % 1000);
}

std::string make_swedish_phone(unsigned count) { return fmt::format("+46701740{:03}", 605 + count % 90); }

std::string make_uuid(Chance& chance) {
  const std::uint64_t high = chance.next(), low = chance.next();
  return fmt::format("{:08x}-{:04x}-4{:03x}-a{:03x}-{:012x}", high >> 32U, (high >> 16U) & 0xFFFFU, high & 0xFFFU,
                     (low >> 48U) & 0xFFFU, low & 0xFFFFFFFFFFFFU);
}

}  // namespace dovetail::samples
