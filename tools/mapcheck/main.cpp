// mapcheck: the linter of .map files. One line per subcommand; each has its own file.
#include <algorithm>
#include <csignal>
#include <cstdio>
#include <exception>
#include <string>
#include <string_view>
#include <vector>

#include "tools/mapcheck/subcommands.hpp"

using namespace dovetail::mapcheck;

namespace {

constexpr std::string_view examples = R"(
Examples:
  mapcheck rules/netvisor.map        everything that is wrong in a rule file
  mapcheck explain unknown-path      what a finding means, with an example
  mapcheck value iban "NO93 8601 1117 947"
  mapcheck SUBCOMMAND --help         more of each

Exit code: 0 clean or done, 1 something needs a person, 2 could not run.)";

bool is_name_of_subcommand(const CLI::App& app, const std::string& word) {
  const auto names = app.get_subcommands([](const CLI::App*) { return true; });
  return std::ranges::any_of(names, [&](const CLI::App* one) { return one->get_name() == word; });
}

// The arguments from last to first, as CLI11 takes them. What starts with a file is `check`.
std::vector<std::string> arguments_of(int argc, char** argv, const CLI::App& app) {
  std::vector<std::string> arguments(argv + 1, argv + argc);
  const auto is_subcommand = [&](const std::string& word) { return is_name_of_subcommand(app, word); };
  const bool help =
      std::ranges::any_of(arguments, [](const std::string& word) { return word == "-h" || word == "--help"; });
  const bool named = std::ranges::any_of(arguments, is_subcommand);
  if (!arguments.empty() && !named && !help) arguments.insert(arguments.begin(), "check");
  if (!arguments.empty() && arguments.front() == "value") {
    for (std::string& word : arguments) word = as_one_value(std::move(word));
  }
  std::ranges::reverse(arguments);
  return arguments;
}

}  // namespace

int main(int argc, char** argv) try {
  std::signal(SIGXFSZ, SIG_IGN);  // a file that may grow no further is an error of writing it
  CLI::App app{"mapcheck checks, explains and documents Dovetail rule files", "mapcheck"};
  app.require_subcommand(1);
  app.footer(std::string(examples));
  Session session;

  add_check(app, session);
  add_docs(app, session);
  add_explain(app, session);
  add_ir(app, session);
  add_rules(app, session);
  add_test(app, session);
  add_types(app, session);
  add_value(app, session);

  if (argc < 2) {
    std::fputs(app.help().c_str(), stderr);
    return could_not_run;
  }
  try {
    app.parse(arguments_of(argc, argv, app));
  } catch (const CLI::ParseError& wrong) {
    return app.exit(wrong) == 0 ? clean : could_not_run;
  }
  return session.exit;
} catch (const std::exception& failure) {
  std::fprintf(stderr, "mapcheck: internal error: %s\n", failure.what());
  return could_not_run;
}
