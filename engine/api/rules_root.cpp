#include "engine/api/rules_root.hpp"

#include <dlfcn.h>
#include <fmt/format.h>

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <optional>
#include <string_view>

namespace dovetail {
namespace {

namespace fs = std::filesystem;

std::unexpected<Error> failure(std::string what) {
  return std::unexpected(Error{.kind = Error::Kind::input, .what = std::move(what), .field = {}, .retry_after = {}});
}

constexpr const char* countries = "countries.tsv";

bool is_rules_root(const fs::path& folder) {
  std::error_code unreadable;
  return fs::is_directory(folder / "tables", unreadable);
}

// The program or the shared library that this code is a part of.
std::optional<fs::path> own_file() {
  Dl_info found{};
  static const char here = 0;
  std::error_code unknown;
  if (::dladdr(&here, &found) == 0 || found.dli_fname == nullptr) return std::nullopt;
  const std::string_view name = found.dli_fname;
  // A program is named as it was called, which need not be a path.
  const fs::path file = name.find(".so") == name.npos ? fs::read_symlink("/proc/self/exe", unknown)
                                                      : fs::canonical(fs::path(name), unknown);
  return unknown ? std::nullopt : std::optional(file);
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
  const std::optional<fs::path> code = own_file();
  if (!code) return failure("can't tell where this program is: set DOVETAIL_RULES to the folder of the rules");
  const fs::path beside = fs::path("share") / "dovetail" / "rules";
  const fs::path program = code->parent_path().parent_path();
  // A program stands in PREFIX/bin, a library in PREFIX/lib or a folder below it.
  for (const fs::path& prefix : {program, program.parent_path()}) {
    if (is_rules_root(prefix / beside)) return prefix / beside;
  }
  return failure(fmt::format("{} has no folder tables: install the rules there, or set DOVETAIL_RULES to their folder",
                             (program / beside).string()));
}

Result<fs::path> find_tables_root(const std::string& map) {
  const fs::path given(map);
  std::error_code unreadable;
  const bool is_file = fs::is_regular_file(given, unreadable);
  const fs::path own = is_file ? fs::absolute(given, unreadable).lexically_normal().parent_path() : fs::path();
  if (is_file) {
    for (const fs::path& folder : {own, own.parent_path()}) {
      // Somebody may call another folder `tables`.
      if (fs::is_regular_file(folder / "tables" / countries, unreadable)) return folder;
    }
  }
  Result<fs::path> product = find_rules_root();
  if (!product && is_file) {
    product.error().what = fmt::format(
        "{}: the reference tables (a folder tables, with {} and others) stand neither beside it, in {}, nor in the "
        "folder above; {}",
        map, countries, own.string(), product.error().what);
  }
  return product;
}

Result<ReferenceTables> load_reference_tables(const fs::path& root) {
  std::string problems;
  const auto read = [&](const char* name) { return read_file(root / "tables" / name, problems); };
  const TableTexts texts = {.countries = read(countries),
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

std::vector<fs::path> reference_table_files(const fs::path& root) {
  std::vector<fs::path> files;
  for (const char* name : {countries, "iban.tsv", "se_clearing.tsv", "banks.tsv"})
    files.push_back(root / "tables" / name);
  return files;
}

}  // namespace dovetail
