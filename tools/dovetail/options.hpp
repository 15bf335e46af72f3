// What dovetail was asked to do.
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace dovetail::tools {

// What all tools answer with.
enum ExitCode : int {
  clean = 0,          // nothing to do, or all done
  needs_person = 1,   // something differs, waits for a decision, is held or failed
  could_not_run = 2,  // wrong usage, unreadable input, our own error
};

// Which findings are listed; each empty: all.
struct Filter {
  std::vector<std::string> kinds, people, fields;
  bool empty() const { return kinds.empty() && people.empty() && fields.empty(); }
};

struct Options {
  std::string map;
  std::vector<std::string> hub, provider;      // a system, or its exports
  std::string base;                            // empty: none is read or kept
  std::string key_file;                        // of the base's secrets; empty: DOVETAIL_KEY, or beside the base
  std::string today;                           // empty: the system's
  std::vector<std::string> settings, answers;  // NAME=VALUE, QUESTION=VALUE
  std::string decide;                          // hub, provider, leave, preselected; empty: undecided
  std::string decisions;                       // a file; empty: none
  std::vector<std::string> create;             // hub, provider, both, none
  Filter filter;
  std::string format = "text";
  std::string color = "auto";
  std::vector<std::string> accept_empty;  // names of lists
  std::string out_hub, out_provider;      // empty: in place
  std::string person;                     // explain
  std::string credentials;                // a file; empty: the environment only
  std::string ca_file, proxy;             // for systems over HTTPS; empty: the machine's own authorities, no proxy
  std::string system, url;                // conformance
  bool write = false;                     // conformance: the cases that change the system, too
  bool test_system = false;
  bool all = false;  // list what is known and quiet, too
  bool ask = false;  // sync: ask on the terminal about what is undecided
};

int plan_command(const Options& options);
int sync_command(const Options& options);
int explain_command(const Options& options);
int conformance_command(const Options& options);

}  // namespace dovetail::tools
