#include "engine/api/rules_root.hpp"

#include <fmt/format.h>

#include <cstdlib>
#include <fstream>
#include <iterator>

namespace dovetail {
namespace {

namespace fs = std::filesystem;

std::unexpected<Error> failure(std::string what) {
  return std::unexpected(Error{.kind = Error::Kind::input, .what = std::move(what), .field = {}, .retry_after = {}});
}

bool is_rules_root(const fs::path& folder) {
  std::error_code unreadable;
  return fs::is_directory(folder / "tables", unreadable);
}

// Appends what keeps the file from being read.
TableTexts::File read_file(const fs::path& path, std::string& problems) {
  std::ifstream file(path, std::ios::binary);
  TableTexts::File result{path.string(), {std::istreambuf_iterator<char>(file), {}}};
  if (!file.is_open() || file.bad()) problems += fmt::format("{}: can't be read\n", result.name);
  return result;
}

}  // namespace

Result<fs::path> find_rules_root() {
  if (const char* chosen = std::getenv("DOVETAIL_RULES"); chosen != nullptr && *chosen != '\0') {
    if (is_rules_root(chosen)) return fs::path(chosen);
    return failure(fmt::format("DOVETAIL_RULES is {}, which has no folder tables", chosen));
  }
  std::error_code unknown;
  const fs::path program = fs::read_symlink("/proc/self/exe", unknown);
  if (unknown) return failure("can't tell where this program is: set DOVETAIL_RULES to the folder of the rules");
  const fs::path installed = program.parent_path().parent_path() / "share" / "dovetail" / "rules";
  if (is_rules_root(installed)) return installed;
  return failure(fmt::format("{} has no folder tables: install the rules there, or set DOVETAIL_RULES to their folder",
                             installed.string()));
}

Result<ReferenceTables> load_reference_tables(const fs::path& root) {
  std::string problems;
  const auto read = [&](const char* name) { return read_file(root / "tables" / name, problems); };
  const TableTexts texts = {.countries = read("countries.tsv"),
                            .iban = read("iban.tsv"),
                            .se_clearing = read("se_clearing.tsv"),
                            .banks = read("banks.tsv")};
  if (problems.empty()) {
    auto tables = ReferenceTables::parse(texts);
    if (tables) return *std::move(tables);
    for (const TableFault& fault : tables.error()) problems += to_text(fault) + '\n';
  }
  problems.pop_back();
  return failure(std::move(problems));
}

}  // namespace dovetail
