// mapcheck: the linter of .map files. One line per subcommand; each has its own file.
#include <cstdio>
#include <exception>

#include "tools/mapcheck/subcommands.hpp"

using namespace dovetail::mapcheck;

int main(int argc, char** argv) try {
  CLI::App app{"mapcheck checks, explains and documents Dovetail rule files", "mapcheck"};
  app.require_subcommand(1);
  Session session;

  add_docs(app, session);
  add_explain(app, session);
  add_rules(app, session);
  add_test(app, session);
  add_types(app, session);
  add_value(app, session);

  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& wrong) {
    return app.exit(wrong) == 0 ? clean : could_not_run;
  }
  return session.exit;
} catch (const std::exception& failure) {
  std::fprintf(stderr, "mapcheck: internal error: %s\n", failure.what());
  return could_not_run;
}
