// What `mapcheck test` says about one map.
#pragma once

#include <string>

#include "dsl/test/coverage.hpp"

namespace dovetail::dsl {

struct ReportStyle {
  bool colour = false;
  bool quiet = false;  // only what needs a person, and the totals
};

// A line for each test, then what no test guards, then the totals. `map`: how the file is called.
std::string to_text(const Coverage& coverage, const std::string& map, const ReportStyle& style = {});

// How many tests failed.
std::size_t failed(const Coverage& coverage);
std::size_t vacuous(const Coverage& coverage);

}  // namespace dovetail::dsl
