// How fast maps are read: parse alone, and load with every check. Maps of 100,000 lines by default, in three shapes.
// Processor time of the best round, so that other work on the machine counts little.
#include <fmt/core.h>

#include <algorithm>
#include <cstdlib>
#include <ctime>
#include <map>
#include <string>
#include <vector>

#include "dsl/compile.hpp"
#include "dsl/grammar/parse.hpp"

using namespace dovetail;

namespace {

using Files = std::map<std::string, std::string>;

const std::string header =
    "map bench version 1 syntax 1\n"
    "hub hr \"HR\" from \"schemas/hr.schema.map\"\n"
    "provider pay \"Pay\" from \"schemas/pay.schema.map\"\n";

std::string schema(const std::string& name, const std::string& prefix, std::size_t members) {
  std::string text = "schema " + name + " version 1 syntax 1\nadapter " + name +
                     "\nidentity id\nmember id text read only wire \"Id\"\n" +
                     "member kind enum(north, south, east, west) wire \"kind\"\n";
  for (std::size_t i = 0; i < members; ++i) {
    const std::string number = std::to_string(i);
    text += "member " + prefix + number + "  text  max length 40  wire \"" + prefix + number + "\"\n";
  }
  return text;
}

std::string fields(std::size_t count) {
  std::string text = "match by \"Field number 0\"\n";
  for (std::size_t i = 0; i < count; ++i) {
    const std::string number = std::to_string(i);
    text += "field \"Field number " + number + "\"  required  member" + number + "  <->  employee" + number +
            " {\n    unique in both\n    max length 40 in pay\n}\n";
  }
  return text;
}

std::string tables(std::size_t lines) {
  std::string text;
  for (std::size_t i = 0; i < lines / 7; ++i) {
    text += "## Table " + std::to_string(i) + "\nvalues table" + std::to_string(i) +
            " {\n    north <-> south\n    south <-> north\n    east  <-> west\n    west  <-> east\n}\n";
  }
  return text;
}

std::string tests(std::size_t lines) {
  std::string text;
  for (std::size_t i = 0; i < lines / 7; ++i) {
    const std::string number = std::to_string(i);
    text += "test \"number " + number + " is sent\" {\n    given hr { member0 = \"a\", member1 = \"text " + number +
            "\" }\n    given pay {\n        employee0 = \"a\"\n    }\n    push\n" +
            "    expect pay.employee1 = \"text " + number + "\"\n}\n";
  }
  return text;
}

// Every field and every member is there once: two schemas of as many members as the map has fields.
Files of_fields(std::size_t lines) {
  const std::size_t count = std::max<std::size_t>(2, lines / 4);
  return {{"bench.map", header + fields(count)},
          {"schemas/hr.schema.map", schema("hr", "member", count)},
          {"schemas/pay.schema.map", schema("pay", "employee", count)}};
}

Files of_tables(std::size_t lines) {
  return {{"bench.map", header + fields(2) + tables(lines)},
          {"schemas/hr.schema.map", schema("hr", "member", 2)},
          {"schemas/pay.schema.map", schema("pay", "employee", 2)}};
}

Files of_tests(std::size_t lines) {
  return {{"bench.map", header + fields(2) + tests(lines)},
          {"schemas/hr.schema.map", schema("hr", "member", 2)},
          {"schemas/pay.schema.map", schema("pay", "employee", 2)}};
}

// Seconds on the processor, in the program and for it in the kernel.
template <typename Work>
double best_of(int rounds, Work work) {
  double best = 1e9;
  for (int i = 0; i < rounds; ++i) {
    const std::clock_t start = std::clock();
    work();
    best = std::min(best, static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC);
  }
  return best;
}

void measure(const char* shape, const Files& files) {
  const dsl::SourceFile source("bench.map", files.at("bench.map"));
  std::size_t items = 0;
  const double parsed = best_of(9, [&] {
    std::vector<dsl::Diagnostic> diagnostics;
    items = dsl::parse(source, diagnostics).items.size();
  });
  std::size_t errors = 0, findings = 0;
  const double checked = best_of(9, [&] {
    std::vector<dsl::Diagnostic> diagnostics;
    const auto read = [&](const std::string& path) -> Result<std::string> { return files.at(path); };
    const auto loaded = dsl::load("bench.map", read, diagnostics);
    const dsl::CompileResult result = dsl::compile(*loaded, std::move(diagnostics));
    errors = result.rules.has_value() ? 0 : 1;
    findings = result.diagnostics.size();
  });
  std::size_t lines = 0;
  for (const auto& [path, text] : files) lines += static_cast<std::size_t>(std::ranges::count(text, '\n'));
  const auto map_lines = static_cast<std::size_t>(std::ranges::count(source.text(), '\n'));
  fmt::print(
      "{:7} {:7} lines, {:.1f} MB, {:6} items: parsed in {:.3f} s; with its schemas ({} lines in all) parsed "
      "and checked in {:.3f} s, {} findings{}\n",
      shape, map_lines, static_cast<double>(source.text().size()) / 1e6, items, parsed, lines, checked, findings,
      errors == 0 ? "" : ", ERRORS");
}

}  // namespace

int main(int argc, char** argv) {
  const std::size_t lines = argc > 1 ? std::strtoul(argv[1], nullptr, 10) : 100000;
  const std::string only = argc > 2 ? argv[2] : "";
  const auto wanted = [&only](const char* shape) { return only.empty() || only == shape; };
  if (wanted("fields")) measure("fields", of_fields(lines));
  if (wanted("tables")) measure("tables", of_tables(lines));
  if (wanted("tests")) measure("tests", of_tests(lines));
  return 0;
}
