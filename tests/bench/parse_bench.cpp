// How fast maps are read: parse alone, and load with every check. A map of 100,000 lines by default.
#include <fmt/core.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <map>
#include <string>
#include <vector>

#include "dsl/compile.hpp"
#include "dsl/grammar/parse.hpp"

using namespace dovetail;

namespace {

std::string schema(const std::string& name, const std::string& prefix, std::size_t members) {
  std::string text = "schema " + name + " version 1 syntax 1\nadapter " + name +
                     "\nidentity id\nmember id text read only wire \"Id\"\n";
  for (std::size_t i = 0; i < members; ++i) {
    const std::string number = std::to_string(i);
    text += "member " + prefix + number + "  text  max length 40  wire \"" + prefix + number + "\"\n";
  }
  return text;
}

std::string map(std::size_t fields) {
  std::string text =
      "map bench version 1 syntax 1\n"
      "hub hr \"HR\" from \"hr.schema.map\"\n"
      "provider pay \"Pay\" from \"pay.schema.map\"\n"
      "match by \"Field number 0\"\n";
  for (std::size_t i = 0; i < fields; ++i) {
    const std::string number = std::to_string(i);
    text += "field \"Field number " + number + "\"  required  member" + number + "  <->  employee" + number +
            " {\n    unique in both\n    max length 40 in pay\n}\n";
  }
  return text;
}

template <typename Work>
double best_of(int rounds, Work work) {
  double best = 1e9;
  for (int i = 0; i < rounds; ++i) {
    const auto start = std::chrono::steady_clock::now();
    work();
    best = std::min(best, std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count());
  }
  return best;
}

}  // namespace

int main(int argc, char** argv) {
  const std::size_t lines = argc > 1 ? std::strtoul(argv[1], nullptr, 10) : 100000;
  const std::size_t fields = std::max<std::size_t>(1, lines / 4);
  const std::map<std::string, std::string> files = {{"bench.map", map(fields)},
                                                    {"hr.schema.map", schema("hr", "member", fields)},
                                                    {"pay.schema.map", schema("pay", "employee", fields)}};
  const dsl::SourceFile source("bench.map", files.at("bench.map"));
  std::size_t found = 0;
  const double parsed = best_of(7, [&] {
    std::vector<dsl::Diagnostic> diagnostics;
    found = dsl::parse(source, diagnostics).items.size();
  });
  fmt::print("parse: {} lines, {:.1f} MB, {} items: {:.3f} s, {:.0f} k lines/s\n", lines,
             static_cast<double>(source.text().size()) / 1e6, found, parsed, static_cast<double>(lines) / parsed / 1e3);
  bool sound = false;
  const double checked = best_of(5, [&] {
    std::vector<dsl::Diagnostic> diagnostics;
    const auto read = [&](const std::string& path) -> Result<std::string> { return files.at(path); };
    const auto loaded = dsl::load("bench.map", read, diagnostics);
    sound = dsl::compile(*loaded, std::move(diagnostics)).rules.has_value();
  });
  fmt::print("parse and check, with both schemas ({} lines more): {:.3f} s, {}\n", 2 * fields, checked,
             sound ? "no errors" : "ERRORS");
  return 0;
}
