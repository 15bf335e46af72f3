#include "engine/api/rule_files.hpp"

#include <fmt/format.h>

#include <fstream>
#include <iterator>

#include "engine/api/rules_root.hpp"

namespace dovetail {
namespace {

namespace fs = std::filesystem;

constexpr std::uintmax_t largest = std::uintmax_t{16} << 20U;

std::unexpected<Error> fail(std::string what) {
  return std::unexpected(Error{.kind = Error::Kind::input, .what = std::move(what)});
}

bool is_folder(const fs::path& path) {
  std::error_code ignored;
  return fs::is_directory(path, ignored);
}

fs::path root_above(const fs::path& file) {
  const fs::path own = file.parent_path();
  fs::path folder = own;
  for (int up = 0; up < 4 && folder.has_relative_path(); ++up, folder = folder.parent_path()) {
    if (is_folder(folder / "schemas") || is_folder(folder / "library")) return folder;
  }
  return own;
}

bool is_below(const fs::path& file, const fs::path& root) {
  std::error_code ignored;
  const fs::path relative = fs::weakly_canonical(file, ignored).lexically_relative(fs::weakly_canonical(root, ignored));
  return !relative.empty() && *relative.begin() != "..";
}

}  // namespace

Result<RuleFile> find_rule_file(const std::string& wanted) {
  std::error_code ignored;
  const fs::path given(wanted);
  if (fs::is_regular_file(given, ignored)) {
    const fs::path absolute = fs::absolute(given, ignored).lexically_normal();
    const fs::path root = root_above(absolute);
    return RuleFile{root, absolute.lexically_relative(root).generic_string()};
  }
  if (is_folder(given)) return fail(fmt::format("{} is a folder: name a rule file in it", wanted));
  const bool is_name = wanted.find_first_of("/\\.") == wanted.npos && !wanted.empty();
  if (!is_name) return fail(fmt::format("{}: no such file", wanted));
  const Result<fs::path> root = find_rules_root();
  if (!root) return std::unexpected(root.error());
  const std::string file = wanted + ".map";
  if (fs::is_regular_file(*root / file, ignored)) return RuleFile{fs::weakly_canonical(*root, ignored), file};
  return fail(fmt::format("no rule file `{}` here, and no map of that name in {}", wanted, root->string()));
}

dsl::ReadFile rule_reader(fs::path root) {
  return [root = std::move(root)](const std::string& path) -> Result<std::string> {
    const fs::path file = root / path;
    if (!is_below(file, root)) return fail(fmt::format("{} lies outside {}", path, root.string()));
    std::error_code error;
    const std::uintmax_t size = fs::file_size(file, error);
    if (error) return fail(fmt::format("{}: {}", shown_path(root, path), error.message()));
    if (size > largest) return fail(fmt::format("{}: larger than 16 MiB", shown_path(root, path)));
    std::ifstream in(file, std::ios::binary);
    std::string text{std::istreambuf_iterator<char>(in), {}};
    if (!in.is_open() || in.bad()) return fail(fmt::format("{}: can't be read", shown_path(root, path)));
    return text;
  };
}

std::string shown_path(const fs::path& root, const std::string& path) {
  std::error_code ignored;
  const fs::path file = (root / path).lexically_normal();
  const fs::path relative = file.lexically_relative(fs::current_path(ignored));
  if (relative.empty() || *relative.begin() == "..") return file.string();
  return relative.string();
}

}  // namespace dovetail
