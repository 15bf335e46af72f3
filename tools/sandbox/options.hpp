// The command line of `dovetail sandbox`.
#pragma once

#include <expected>
#include <string>
#include <utility>
#include <vector>

#include "tools/sandbox/core/text.hpp"
#include "tools/sandbox/people/person.hpp"

namespace dovetail::sandbox {

struct Options {
  std::vector<std::string> systems;
  int port = 0;  // of the first system, the next ones follow; 0: any free ones
  Population population{.count = 10};
  Pairs knobs;              // "system.knob" and its position
  std::string record;       // beginning of the names of the files that get every call
  std::string credentials;  // a file that gets the credentials; empty: none
  bool help = false;
  bool list_knobs = false;
};

// What is wrong with the arguments, or the options.
std::expected<Options, std::string> read_options(const std::vector<std::string>& arguments);
std::string help_text();

}  // namespace dovetail::sandbox
