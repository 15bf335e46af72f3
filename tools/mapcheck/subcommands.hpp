// The subcommands of mapcheck: one function and one file each. Each adds itself to the program and, when chosen,
// does its work and stores the exit code.
#pragma once

#include <string>

#include <CLI/CLI.hpp>

namespace dovetail::mapcheck {

// What all tools answer with.
enum ExitCode : int {
  clean = 0,          // nothing to do for anyone
  needs_person = 1,   // findings at or above the level that fails
  could_not_run = 2,  // wrong usage, unreadable input, our own error
};

// What the program has besides the arguments: where the answer goes.
struct Session {
  ExitCode exit = clean;
};

void add_check(CLI::App& app, Session& session);
void add_docs(CLI::App& app, Session& session);
void add_explain(CLI::App& app, Session& session);
void add_ir(CLI::App& app, Session& session);
void add_rules(CLI::App& app, Session& session);
void add_test(CLI::App& app, Session& session);
void add_types(CLI::App& app, Session& session);
void add_value(CLI::App& app, Session& session);
// CLI11 takes "[a,b]" for two values of one option: marked, so that `value` gets it as it is written.
std::string as_one_value(std::string word);

}  // namespace dovetail::mapcheck
