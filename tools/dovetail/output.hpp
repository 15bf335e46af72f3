// Standard output as a place that may fail: a full disk, or closed by whoever started the program.
#pragma once

#include <string_view>

namespace dovetail::tools {

// On standard error, with the program's name before each line but excerpts of files; nothing that a terminal would
// obey.
void print_error(std::string_view what);

// Call it first: with a standard stream closed, the next file that is opened would take its place. False: standard
// output is closed, which has been said on standard error; nothing should be done then.
bool has_output();

// Call it last: writes what is still in memory. Where standard output did not take everything, says so on standard
// error and returns could_not_run; otherwise `result`.
int finish_output(int result);

}  // namespace dovetail::tools
