#include "dsl/test/report.hpp"

#include <fmt/core.h>

#include <algorithm>

namespace dovetail::dsl {
namespace {

std::string painted(const ReportStyle& style, const char* colour, const std::string& text) {
  return style.colour ? "\x1b[" + std::string(colour) + "m" + text + "\x1b[0m" : text;
}

std::string place(const ir::Origin& origin) { return fmt::format("{}:{}:{}", origin.file, origin.line, origin.column); }

std::string count_text(const Coverage& coverage, Mutant::Kind kind) {
  const auto all = std::ranges::count(coverage.rules, kind, &Coverage::Rule::kind);
  const auto tested = std::ranges::count_if(
      coverage.rules, [&](const Coverage::Rule& rule) { return rule.kind == kind && rule.tested; });
  return fmt::format("{} of {}", tested, all);
}

void append_result(std::string& out, const TestResult& result, const ReportStyle& style) {
  if (result.failures.empty() && !result.vacuous) {
    if (!style.quiet) out += painted(style, "32", "ok  ") + "  " + result.test->name + "\n";
    return;
  }
  if (result.vacuous) {
    out += painted(style, "33", "vain") + "  " + result.test->name + "\n";
    out += fmt::format("      {}: warning[vacuous-test]: it passes whatever rule is taken away\n",
                       place(result.test->origin));
    return;
  }
  out += painted(style, "31", "FAIL") + "  " + result.test->name + "\n";
  for (const TestFailure& failure : result.failures)
    out += fmt::format("      {}: error[failing-test]\n        expected  {}\n        got       {}\n",
                       place(failure.origin), failure.expected, failure.got);
}

}  // namespace

std::size_t failed(const Coverage& coverage) {
  return static_cast<std::size_t>(
      std::ranges::count_if(coverage.results, [](const TestResult& result) { return !result.failures.empty(); }));
}

std::size_t vacuous(const Coverage& coverage) {
  return static_cast<std::size_t>(std::ranges::count_if(coverage.results, &TestResult::vacuous));
}

std::string to_text(const Coverage& coverage, const std::string& map, const ReportStyle& style) {
  std::string out = painted(style, "1", map) + "\n";
  for (const TestResult& result : coverage.results) append_result(out, result, style);
  for (const Coverage::Rule& rule : coverage.rules)
    if (!rule.tested)
      out +=
          painted(style, "33", "bare") + fmt::format("  {}: no test fails without {}\n", place(rule.origin), rule.what);
  out += fmt::format("{} tests, {} failed, {} vacuous; guarded by tests: {} fields, {} clauses and table rows\n",
                     coverage.results.size(), failed(coverage), vacuous(coverage),
                     count_text(coverage, Mutant::Kind::row), count_text(coverage, Mutant::Kind::clause));
  return out;
}

}  // namespace dovetail::dsl
