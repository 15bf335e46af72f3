// mapcheck: the linter of .map files.
#include <CLI/CLI.hpp>

int main(int argc, char** argv) {
  CLI::App app{"mapcheck checks, explains and documents Dovetail rule files"};
  app.require_subcommand(1);
  CLI11_PARSE(app, argc, argv);
  return 0;
}
