#include "tools/dovetail/credentials.hpp"

#include <fmt/format.h>
#include <sys/stat.h>

#include <cstdlib>
#include <set>

#include "engine/api/json_file.hpp"
#include "engine/api/live_systems.hpp"
#include "engine/api/printable.hpp"
#include "providers/file/staged_files.hpp"

namespace dovetail::tools {
namespace {

std::unexpected<Error> fail(std::string what) {
  return std::unexpected(Error{.kind = Error::Kind::input, .what = std::move(what)});
}

std::string variable(const std::string& adapter, std::string_view name) {
  std::string text = fmt::format("DOVETAIL_{}_{}", adapter, name);
  for (char& c : text) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  return text;
}

// Once for each file, as both sides read it.
void warn_of_readers(const std::string& path) {
  static std::set<std::string> warned;
  struct stat facts{};
  if (::stat(path.c_str(), &facts) != 0 || (facts.st_mode & (S_IRWXG | S_IRWXO)) == 0) return;
  if (!warned.insert(path).second) return;
  fmt::print(stderr, "dovetail: {}: others can read these credentials; chmod 600 it\n", printable(path));
}

// The adapter's part of the file. Never says what stands there.
Result<providers::Credentials> from_file(const std::string& path, const std::string& adapter) {
  providers::Credentials found;
  if (path.empty()) return found;
  const Result<std::string> text = providers::read_file(path);
  if (!text) return std::unexpected(text.error());
  warn_of_readers(path);
  if (text->empty()) return fail(fmt::format("{}: is empty, where credentials by system should be", path));
  const Result<Json> json = parse_json(*text);
  if (!json) return fail(fmt::format("{}: {}", path, json.error().what));
  if (!json->is_object()) return fail(fmt::format("{}: not a JSON object of credentials by system", path));
  if (!json->contains(adapter)) return found;
  const Json& mine = (*json)[adapter];
  if (!mine.is_object()) return fail(fmt::format("{}: `{}` must hold an object of credentials", path, adapter));
  for (const auto& [name, value] : mine.items()) {
    if (!value.is_string()) return fail(fmt::format("{}: `{}` of {} must be a text", path, name, adapter));
    found[name] = value.get<std::string>();
  }
  return found;
}

}  // namespace

Result<providers::Credentials> known_credentials(const std::string& adapter, const std::string& file) {
  Result<providers::Credentials> credentials = from_file(file, adapter);
  if (!credentials) return credentials;
  std::vector<std::string> names = credential_names(adapter);
  for (std::string& optional : optional_credential_names(adapter)) names.push_back(std::move(optional));
  for (const std::string& name : names) {
    const char* value = std::getenv(variable(adapter, name).c_str());
    if (value != nullptr && *value != '\0') (*credentials)[name] = value;
  }
  credentials = check_credential_names(adapter, std::move(*credentials));
  if (!credentials && !file.empty()) credentials.error().what = fmt::format("{}: {}", file, credentials.error().what);
  return credentials;
}

Result<providers::Credentials> find_credentials(const std::string& adapter, const std::string& file) {
  Result<providers::Credentials> credentials = known_credentials(adapter, file);
  if (!credentials) return credentials;
  for (const std::string& name : credential_names(adapter)) {
    const auto given = credentials->find(name);
    if (given != credentials->end() && !given->second.empty()) continue;
    const std::string where = file.empty() ? "the file of --credentials"
                                           : fmt::format("{}, where `{}` {}", file, adapter,
                                                         credentials->empty() ? "holds nothing" : "does not hold it");
    return fail(fmt::format("{} needs the credential `{}`: set {}, or give it in {}", adapter, name,
                            variable(adapter, name), where));
  }
  return credentials;
}

}  // namespace dovetail::tools
