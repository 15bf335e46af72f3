// mapcheck value TYPE: judges values from the arguments or, one a line, from standard input.
#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <iostream>
#include <string>
#include <vector>

#include "dsl/check/similar.hpp"
#include "engine/api/rules_root.hpp"
#include "engine/values/type.hpp"
#include "tools/mapcheck/escapes.hpp"
#include "tools/mapcheck/subcommands.hpp"

namespace dovetail::mapcheck {
namespace {

struct Options {
  std::string type;
  std::vector<std::string> values;
  std::string region;
  std::string today;
  bool escaped = false;
  bool test_system = false;
};

bool is_letter(char c) { return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z'); }
char upper(char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; }

// Judges values of one type and answers a line each.
class Judge {
 public:
  Judge(const CheckedType& type, const CheckContext& context, bool escaped)
      : type_(type), context_(context), escaped_(escaped) {}

  // Appends the answer to `out`. `text` is the value as given, escaped or not.
  void answer(std::string_view text, std::string& out) {
    if (!escaped_) return answer_bytes(text, out);
    if (const auto bytes = unescaped(text)) return answer_bytes(*bytes, out);
    all_valid_ = false;
    out += "invalid\tsyntax\ta backslash begins one of \\\\ \\t \\n \\r \\xHH here\n";
  }

  bool all_valid() const { return all_valid_; }

 private:
  void answer_bytes(std::string_view value, std::string& out) {
    CheckContext context = context_;
    std::array<char, 2> region{};
    if (type_.by_region && has_region_prefix(value)) {
      region = {upper(value[0]), upper(value[1])};
      value.remove_prefix(3);
      context.region = std::string_view(region.data(), region.size());
      if (context.region == "ZZ") context.region = {};
    }
    canonical_.clear();
    const Fault fault = type_.check(value, context, canonical_);
    if (fault == Fault::none) {
      out += "valid\t";
      append_canonical(out);
    } else {
      all_valid_ = false;
      out.append("invalid\t").append(name(fault)).append("\t").append(describe(type_, fault));
    }
    out.push_back('\n');
  }

  static bool has_region_prefix(std::string_view value) {
    return value.size() >= 3 && is_letter(value[0]) && is_letter(value[1]) && value[2] == ':';
  }

  void append_canonical(std::string& out) {
    if (escaped_ && type_.of_lines) {
      append_escaped(canonical_, out);
    } else {
      out += canonical_;
    }
  }

  const CheckedType& type_;
  CheckContext context_;
  bool escaped_;
  bool all_valid_ = true;
  std::string canonical_;
};

bool write(const std::string& text) { return std::fwrite(text.data(), 1, text.size(), stdout) == text.size(); }

// A line at a time while someone waits for the answer, many at a time while input is at hand.
ExitCode answer_lines(Judge& judge) {
  constexpr std::size_t enough = std::size_t{1} << 16U;
  std::ios::sync_with_stdio(false);
  std::string line;
  std::string out;
  while (std::getline(std::cin, line)) {
    judge.answer(line, out);
    if (out.size() < enough && std::cin.rdbuf()->in_avail() > 0) continue;
    if (!write(out) || std::fflush(stdout) != 0) return could_not_run;
    out.clear();
  }
  if (!write(out) || std::fflush(stdout) != 0 || std::cin.bad()) return could_not_run;
  return judge.all_valid() ? clean : needs_person;
}

ExitCode answer_arguments(Judge& judge, const std::vector<std::string>& values) {
  std::string out;
  for (const std::string& value : values) judge.answer(value, out);
  if (!write(out)) return could_not_run;
  return judge.all_valid() ? clean : needs_person;
}

ExitCode refuse(std::string_view what) {
  fmt::print(stderr, "mapcheck: {}\n", what);
  return could_not_run;
}

ExitCode refuse_type(const std::string& wanted) {
  std::vector<std::string_view> names;
  for (const CheckedType& type : checked_types()) names.push_back(type.name);
  const auto near = dsl::find_similar(wanted, names);
  const std::string hint = near ? fmt::format("did you mean `{}`?", *near) : "`mapcheck types` lists them";
  return refuse(fmt::format("there is no type `{}`; {}", wanted, hint));
}

CivilDay current_day() { return std::chrono::floor<std::chrono::days>(std::chrono::system_clock::now()); }

ExitCode run(const Options& options) {
  const CheckedType* type = find_type(options.type);
  if (type == nullptr) return refuse_type(options.type);
  CheckContext context{.tables = nullptr, .today = current_day(), .region = {}, .test_system = options.test_system};
  if (!options.today.empty()) {
    context.today = parse_day(options.today);
    if (!context.today) return refuse(fmt::format("--today is `{}`, not a day as YYYY-MM-DD", options.today));
  }
  std::string region = options.region;
  std::ranges::transform(region, region.begin(), upper);
  if (!region.empty() && (region.size() != 2 || !std::ranges::all_of(region, is_letter))) {
    return refuse(fmt::format("--region is `{}`, not a country's two letters, as NO", options.region));
  }
  if (region != "ZZ") context.region = region;
  const auto root = find_rules_root();
  if (!root) return refuse(root.error().what);
  const auto tables = load_reference_tables(*root);
  if (!tables) return refuse(tables.error().what);
  context.tables = &*tables;
  Judge judge(*type, context, options.escaped);
  return options.values.empty() ? answer_lines(judge) : answer_arguments(judge, options.values);
}

constexpr const char* explanation =
    "Answers a line for each value: valid<TAB>canonical form, or invalid<TAB>code<TAB>what is wrong.\n"
    "Values of phone and postal_code may begin with a country, as NO:40612345 (ZZ: none); name_equal and email_equal\n"
    "take two values with | between and say whether they are equal; se_bank_account takes clearing number and "
    "account.\n"
    "Exit code: 0 all are valid, 1 some are not, 2 could not run.";

constexpr char mark = '\x7F';

std::string as_written(std::string value) {
  if (value.size() > 1 && value[0] == mark && value[1] == '[') value.erase(0, 1);
  return value;
}

}  // namespace

std::string as_one_value(std::string word) { return word.starts_with('[') && word.ends_with(']') ? mark + word : word; }

void add_value(CLI::App& app, Session& session) {
  auto* command = app.add_subcommand("value", "check values of a type");
  command->footer(explanation);
  static Options options;
  command->add_option("TYPE", options.type, "a type, as `mapcheck types` lists them")->required();
  command->add_option("VALUE", options.values, "values; none: they are read from standard input, one a line")
      ->transform(as_written);
  command->add_option("--region", options.region, "the country of values that name none, as NO");
  command->add_option("--today", options.today, "judge as on this day (YYYY-MM-DD); otherwise as of now");
  command->add_flag("--escaped", options.escaped,
                    "values are written with \\\\ \\t \\n \\r \\xHH for what a line can't hold");
  command->add_flag("--test-system", options.test_system, "accept synthetic and reserved identifiers");
  command->callback([&session] { session.exit = run(options); });
}

}  // namespace dovetail::mapcheck
