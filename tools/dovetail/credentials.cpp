#include "tools/dovetail/credentials.hpp"

#include <fmt/format.h>
#include <sys/stat.h>

#include <cstdlib>
#include <fstream>
#include <nlohmann/json.hpp>

#include "engine/api/live_systems.hpp"

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

// The adapter's part of the file. Never says what stands in it.
Result<providers::Credentials> from_file(const std::string& path, const std::string& adapter) {
  providers::Credentials found;
  if (path.empty()) return found;
  std::ifstream file(path);
  if (!file) return fail(fmt::format("{}: cannot be read", path));
  struct stat facts{};
  if (::stat(path.c_str(), &facts) == 0 && (facts.st_mode & (S_IRWXG | S_IRWXO)) != 0) {
    fmt::print(stderr, "dovetail: {}: others can read these credentials; chmod 600 it\n", path);
  }
  const auto json = nlohmann::json::parse(file, nullptr, false);
  if (!json.is_object()) return fail(fmt::format("{}: not a JSON object of credentials by system", path));
  if (!json.contains(adapter)) return found;
  if (!json[adapter].is_object())
    return fail(fmt::format("{}: `{}` must hold an object of credentials", path, adapter));
  for (const auto& [name, value] : json[adapter].items()) {
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
  for (const char* optional : {"groups", "webhook_token"}) names.emplace_back(optional);
  for (const std::string& name : names) {
    const char* value = std::getenv(variable(adapter, name).c_str());
    if (value != nullptr && *value != '\0') (*credentials)[name] = value;
  }
  return credentials;
}

Result<providers::Credentials> find_credentials(const std::string& adapter, const std::string& file) {
  Result<providers::Credentials> credentials = known_credentials(adapter, file);
  if (!credentials) return credentials;
  for (const std::string& name : credential_names(adapter)) {
    if (credentials->contains(name)) continue;
    return fail(fmt::format("{} needs the credential `{}`: set {}, or give it in the file of --credentials", adapter,
                            name, variable(adapter, name)));
  }
  return credentials;
}

}  // namespace dovetail::tools
