// docs/checks.md against the list of findings and the examples that the checker is tested with.
#include <sstream>

#include "tests/dsl/check/checked_files.hpp"
#include "tests/places.hpp"

namespace {

namespace fs = std::filesystem;

// The section of the page about one check, from its heading to the next.
std::string section_of(const std::string& page, std::string_view name) {
  const std::string heading = "\n### " + std::string(name) + "\n";
  const std::size_t begin = page.find(heading);
  if (begin == std::string::npos) return {};
  return page.substr(begin, page.find("\n##", begin + heading.size()) - begin);
}

// The lines of the block after `title`; empty: there is none.
std::vector<std::string> block_after(const std::string& section, const std::string& title) {
  const std::size_t begin = section.find("\n" + title + "\n\n```text\n");
  if (begin == std::string::npos) return {};
  std::istringstream text(section.substr(begin + title.size() + 11));
  std::vector<std::string> lines;
  for (std::string line; std::getline(text, line) && line != "```";) lines.push_back(line);
  return lines;
}

void check_block(const std::string& section, const std::string& title, const std::string& name,
                 const std::string& which) {
  const fs::path folder = fs::path(DOVETAIL_SOURCE_DIR) / "tests" / "golden" / "check" / name;
  const fs::path schema = folder / (which + ".schema.map");
  const std::string file = dovetail::test::read_text(fs::exists(schema) ? schema : folder / (which + ".map"));
  for (const std::string& line : block_after(section, title)) {
    INFO(name << ": " << line);
    CHECK(file.find(line) != std::string::npos);
  }
}

}  // namespace

TEST_CASE("the page of checks has every check, with its sentence and the examples of its tests") {
  const std::string page = dovetail::test::read_text(fs::path(DOVETAIL_SOURCE_DIR) / "docs" / "checks.md");
  for (const dovetail::dsl::DiagnosticKind& kind : dovetail::dsl::diagnostic_kinds()) {
    const std::string name(kind.name);
    INFO(name);
    const std::string section = section_of(page, kind.name);
    REQUIRE_FALSE(section.empty());
    std::string severity(dovetail::dsl::name(kind.severity));
    severity.front() = static_cast<char>(severity.front() - 'a' + 'A');
    CHECK_THAT(section, Catch::Contains(severity + ": " + std::string(kind.summary) + "."));
    check_block(section, "Bad:", name, "bad");
    check_block(section, "Good:", name, "good");
  }
}
