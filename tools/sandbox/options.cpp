#include "tools/sandbox/options.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <optional>

#include "tools/sandbox/systems.hpp"

namespace dovetail::sandbox {

namespace {

std::optional<std::vector<Country>> countries_from(const std::string& text) {
  std::vector<Country> countries;
  for (const std::string& code : split(upper(text), ',')) {
    if (code == "FI")
      countries.push_back(Country::finland);
    else if (code == "NO")
      countries.push_back(Country::norway);
    else if (code == "SE")
      countries.push_back(Country::sweden);
    else
      return std::nullopt;
  }
  return countries;
}

using Wrong = std::optional<std::string>;

Wrong set_number(int& place, const std::string& name, const std::string& value, long long most) {
  const auto number = to_number(value);
  if (!number || *number < 0 || *number > most)
    return fmt::format("{} takes a whole number from 0 to {}, not `{}`", name, most, value);
  place = static_cast<int>(*number);
  return std::nullopt;
}

Wrong set_option(Options& options, const std::string& name, const std::string& value) {
  Population& people = options.population;
  if (name == "--port") return set_number(options.port, name, value, 65'000);
  if (name == "--people") return set_number(people.count, name, value, 1'000'000);
  if (name == "--differing") return set_number(people.differing, name, value, 100);
  if (name == "--missing") return set_number(people.missing, name, value, 100);
  if (name == "--seed") {
    const auto seed = to_number(value);
    if (!seed) return fmt::format("--seed takes a whole number, not `{}`", value);
    people.seed = static_cast<std::uint64_t>(*seed);
    return std::nullopt;
  }
  if (name == "--countries") {
    const auto countries = countries_from(value);
    if (!countries) return fmt::format("--countries takes FI, NO and SE, separated by commas, not `{}`", value);
    people.countries = *countries;
    return std::nullopt;
  }
  if (name == "--record" || name == "--credentials") {
    (name == "--record" ? options.record : options.credentials) = value;
    return value.empty() ? Wrong(name + " needs the name of a file") : std::nullopt;
  }
  const auto equals = value.find('=');
  const auto dot = value.find('.');
  if (equals == std::string::npos || dot > equals)
    return fmt::format("--set takes SYSTEM.KNOB=POSITION, not `{}`", value);
  options.knobs.emplace_back(value.substr(0, equals), value.substr(equals + 1));
  return std::nullopt;
}

Wrong check(const Options& options) {
  if (options.help || options.list_knobs) return std::nullopt;
  if (options.systems.empty()) return "name at least one system: " + fmt::format("{}", fmt::join(system_names(), ", "));
  for (const auto& [name, position] : options.knobs) {
    const std::string system = name.substr(0, name.find('.'));
    if (std::ranges::find(options.systems, system) == options.systems.end()) {
      return fmt::format("--set {} names no system that is to run", name);
    }
  }
  return std::nullopt;
}

}  // namespace

std::expected<Options, std::string> read_options(const std::vector<std::string>& arguments) {
  constexpr std::array with_value = {"--port",    "--people", "--seed", "--countries",  "--differing",
                                     "--missing", "--record", "--set",  "--credentials"};
  const std::vector<std::string> names = system_names();
  Options options;
  for (std::size_t at = 0; at < arguments.size(); ++at) {
    const auto equals = arguments[at].starts_with("--") ? arguments[at].find('=') : std::string::npos;
    const std::string name = arguments[at].substr(0, equals);
    if (name == "--help" || name == "-h") {
      options.help = true;
    } else if (name == "--knobs") {
      options.list_knobs = true;
    } else if (std::ranges::find(with_value, name) != with_value.end()) {
      if (equals == std::string::npos && at + 1 == arguments.size()) return std::unexpected(name + " needs a value");
      const std::string value = equals == std::string::npos ? arguments[++at] : arguments[at].substr(equals + 1);
      if (auto wrong = set_option(options, name, value)) return std::unexpected(*wrong);
    } else if (std::ranges::find(names, name) != names.end()) {
      options.systems.push_back(name);
    } else {
      return std::unexpected(
          fmt::format("`{}` is neither a system ({}) nor an option", arguments[at], fmt::join(names, ", ")));
    }
  }
  if (auto wrong = check(options)) return std::unexpected(*wrong);
  return options;
}

std::string help_text() {
  return fmt::format(
      R"(dovetail sandbox SYSTEM... [options]: simulated systems on this machine, each behind its own port.

Systems: {}

  --port N          port of the first system, the next ones follow; default: any free ones
  --people N        generated people of each country (10)
  --seed S          which people (1); one seed gives the same people in every system
  --countries LIST  FI, NO, SE; default: the system's own (Huma: all three)
  --differing P     of a hundred people, so many have one value that no other system has (0)
  --missing P       of a hundred people, so many are not known to the system (0)
  --set SYSTEM.KNOB=POSITION   what the sources leave open; may be repeated
  --credentials FILE  writes what opens them, as dovetail plan and sync take it
  --record FILE     every call, one JSON object a line, in FILE.SYSTEM.jsonl
  --knobs           print all knobs and exit
  --help            print this and exit

Each answers its own interface and, for tests, GET URL/_sandbox. Only this machine can reach it.
)",
      fmt::join(system_names(), ", "));
}

}  // namespace dovetail::sandbox
