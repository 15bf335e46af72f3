#include "tools/dovetail/live_systems.hpp"

#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <nlohmann/json.hpp>

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

std::optional<LiveSpec> find_live_spec(const std::string& text) {
  const std::size_t colon = text.find(':');
  if (colon == text.npos || colon == 0) return std::nullopt;
  const std::string adapter = text.substr(0, colon), rest = text.substr(colon + 1);
  if (adapter.find_first_not_of("abcdefghijklmnopqrstuvwxyz_") != adapter.npos) return std::nullopt;
  const bool url = rest.empty() || rest.starts_with("http://") || rest.starts_with("https://");
  return url ? std::optional(LiveSpec{adapter, rest}) : std::nullopt;
}

Result<std::unique_ptr<System>> LiveSystems::open(const LiveSpec& spec, const Options& options,
                                                  const ir::Schema& schema, const CheckContext& context,
                                                  providers::conformance::Faults* faults) {
  if (spec.adapter != schema.adapter) {
    return fail(fmt::format("{}: the rules speak of {} here", spec.adapter, schema.adapter));
  }
  Result<providers::Credentials> credentials = from_file(options.credentials, spec.adapter);
  if (!credentials) return std::unexpected(credentials.error());
  const providers::AdapterEntry* entry = providers::find_adapter(spec.adapter);
  std::vector<std::string> names = {"groups"};
  if (entry != nullptr) names.insert(names.end(), entry->credentials.begin(), entry->credentials.end());
  for (const std::string& name : names) {
    const char* value = std::getenv(variable(spec.adapter, name).c_str());
    if (value != nullptr && *value != '\0') (*credentials)[name] = value;
  }
  for (const std::string& name : names) {
    if (name == "groups" || credentials->contains(name)) continue;
    return fail(fmt::format("{} needs the credential `{}`: set {}, or give it in the file of --credentials",
                            spec.adapter, name, variable(spec.adapter, name)));
  }
  Calls& calls = calls_[spec.adapter];
  providers::AdapterSetup setup{
      .endpoint = {.base = spec.url, .ca_file = options.ca_file, .proxy = options.proxy},
      .credentials = std::move(*credentials),
      .schema = schema,
      .context = context,
      .around = {.clock = clock_, .budgets = budgets_, .trace = [&calls](const providers::Trace& trace) {
                   ++calls.by_operation[trace.operation];
                   if (trace.attempt > 1) ++calls.repeated;
                 }}};
  if (faults != nullptr) {
    setup.between = [faults](std::unique_ptr<providers::Transport> below) { return faults->between(std::move(below)); };
  }
  return providers::open_system(std::move(setup));
}

std::string LiveSystems::counts() const {
  std::string text;
  for (const auto& [adapter, calls] : calls_) {
    int total = 0;
    std::string parts;
    for (const auto& [operation, count] : calls.by_operation) {
      total += count;
      parts += fmt::format("{}{} {}", parts.empty() ? "" : ", ", operation, count);
    }
    text +=
        fmt::format("{}: {} call{}{}", adapter, total, total == 1 ? "" : "s", parts.empty() ? "" : " (" + parts + ")");
    if (calls.repeated > 0) text += fmt::format(", {} of them tried again", calls.repeated);
    text += '\n';
  }
  return text;
}

Result<std::string> introduce(const std::string& adapter, System& system) {
  Result<Identity> identity = system.check();
  if (!identity) {
    identity.error().what = fmt::format("{}: {}", adapter, identity.error().what);
    return std::unexpected(identity.error());
  }
  std::string text = fmt::format("{}: {}", adapter, identity->company_name);
  if (!identity->company_id.empty())
    text += fmt::format("{}({})", identity->company_name.empty() ? "" : " ", identity->company_id);
  for (const std::string& missing : identity->missing_privileges) text += "; missing privilege: " + missing;
  return text;
}

}  // namespace dovetail::tools
