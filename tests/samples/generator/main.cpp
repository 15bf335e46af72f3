// make_people: writes two exports of made-up people who differ in known ways, and the truth about them.
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <optional>

#include "tests/samples/generator/seeding.hpp"
#include "tests/samples/generator/writers.hpp"

namespace {

using namespace dovetail::samples;

struct Arguments {
  std::string system = "netvisor";
  unsigned long count = 300;
  unsigned long seed = 1;
  unsigned long percent = 40;  // of the people have something that was made wrong
  std::filesystem::path out;
  bool lines = false;
  bool apart = false;
};

constexpr const char* usage =
    "make_people --out DIR [--system netvisor|poweroffice_go|finago] [--count N] [--seed N] [--faults PERCENT] "
    "[--ndjson] [--apart]\n"
    "Writes DIR/huma.json, the system's export, and DIR/truth.json: what was made to differ, and what must come of "
    "it.\n"
    "--ndjson writes a record a line (huma.ndjson …). --apart writes what poweroffice_go and finago list apart from\n"
    "their employees into files of its own (employees.json, addresses.json …).\n";

std::optional<unsigned long> number(std::string_view text) {
  unsigned long value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::optional<Arguments> parse(int count, char** words) {
  Arguments arguments;
  for (int i = 1; i < count; ++i) {
    const std::string_view name = words[i];
    if (name == "--ndjson" || name == "--apart") {
      (name == "--apart" ? arguments.apart : arguments.lines) = true;
      continue;
    }
    if (i + 1 == count) return std::nullopt;
    const std::string_view value = words[++i];
    const std::optional<unsigned long> amount = number(value);
    if (name == "--out") {
      arguments.out = value;
    } else if (name == "--system") {
      arguments.system = value;
    } else if (name == "--count" && amount) {
      arguments.count = *amount;
    } else if (name == "--seed" && amount) {
      arguments.seed = *amount;
    } else if (name == "--faults" && amount && *amount <= 50) {
      arguments.percent = *amount;
    } else {
      return std::nullopt;
    }
  }
  if (arguments.out.empty()) return std::nullopt;
  return arguments;
}

People make(const Arguments& of, Country country, const std::vector<Fault>& faults) {
  Chance chance(of.seed);
  std::set<std::string> taken;
  People people;
  for (unsigned i = 0; i < of.count; ++i) people.push_back(make_person(chance, country, i, taken));
  // Every fault in turn, whatever the seed; nobody with a fault stands next to another one.
  std::size_t next = chance.below(static_cast<unsigned>(faults.size()));
  for (std::size_t i = 0; i + 1 < people.size(); ++i) {
    if (!chance.percent(static_cast<unsigned>(of.percent * 2))) continue;
    faults[next++ % faults.size()].seed(chance, country, people[i], people[i + 1]);
    ++i;
  }
  return people;
}

bool write(const std::filesystem::path& file, const std::string& text) {
  std::ofstream out(file, std::ios::binary);
  out << text;
  out.close();
  if (!out) fmt::print(stderr, "make_people: cannot write {}\n", file.string());
  return static_cast<bool>(out);
}

bool write_all(const Arguments& to, const People& people) {
  std::error_code error;
  std::filesystem::create_directories(to.out, error);
  const std::string extension = to.lines ? ".ndjson" : ".json";
  const bool netvisor = to.system == "netvisor";
  const std::string provider = netvisor && to.lines    ? netvisor_lines(people)
                               : netvisor              ? netvisor_employees(people)
                               : to.system == "finago" ? finago_employees(people, to.lines)
                                                       : poweroffice_employees(people, to.lines);
  const bool begun = write(to.out / ("huma" + extension), huma_users(people, to.lines)) &&
                     write(to.out / "truth.json", truth(people, to.system, to.seed));
  if (to.apart && !netvisor) {
    const Files files = to.system == "finago" ? finago_files(people, to.lines) : poweroffice_files(people, to.lines);
    return begun && std::ranges::all_of(
                        files, [&](const auto& file) { return write(to.out / (file.first + extension), file.second); });
  }
  return begun && write(to.out / (to.system + (netvisor && !to.lines ? ".xml" : extension)), provider);
}

}  // namespace

int main(int argc, char** argv) {
  const std::optional<Arguments> arguments = parse(argc, argv);
  if (!arguments) {
    fmt::print(stderr, "{}", usage);
    return 2;
  }
  if (arguments->system == "netvisor")
    return write_all(*arguments, make(*arguments, Country::finland, netvisor_faults())) ? 0 : 2;
  if (arguments->system == "finago")
    return write_all(*arguments, make(*arguments, Country::norway, finago_faults())) ? 0 : 2;
  if (arguments->system == "poweroffice_go") {
    return write_all(*arguments, make(*arguments, Country::norway, poweroffice_faults())) ? 0 : 2;
  }
  fmt::print(stderr, "make_people: no system is called `{}`\n{}", arguments->system, usage);
  return 2;
}
