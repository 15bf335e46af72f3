#include "engine/api/same_company.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>

#include "engine/api/live_systems.hpp"

namespace dovetail {
namespace {

struct Place {
  std::string adapter, host;  // with the port, where it is not the scheme's own

  friend bool operator==(const Place&, const Place&) = default;
};

// "https://user@Host:443/path" is "host".
std::string host_of(std::string_view url) {
  const std::size_t scheme = url.find("://");
  const bool plain = url.starts_with("http://");
  if (scheme != url.npos) url.remove_prefix(scheme + 3);
  url = url.substr(0, url.find_first_of("/?#"));
  if (const std::size_t at = url.rfind('@'); at != url.npos) url.remove_prefix(at + 1);
  std::string host(url);
  for (char& c : host) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  const std::size_t colon = host.rfind(':');
  const bool has_port = colon != host.npos && host.find(']', colon) == host.npos;
  std::string port = has_port ? host.substr(colon) : std::string();
  if (has_port) host.resize(colon);
  if (port == (plain ? ":80" : ":443")) port.clear();
  if (host.ends_with('.')) host.pop_back();
  if (host.starts_with("127.") || host == "[::1]") host = "localhost";
  return host + port;
}

Place place_of(const Connection& of) {
  const std::optional<LiveSpec> spec = find_live_spec(of.provider);
  if (!spec) return {{}, of.provider};
  const providers::AdapterEntry* entry = providers::find_adapter(spec->adapter);
  return {spec->adapter, host_of(spec->url.empty() && entry != nullptr ? entry->url : std::string_view(spec->url))};
}

auto turn_of(const Connection& of) {
  return std::tuple(of.state == ConnectionState::paused, !of.activated.has_value(), of.id);
}

}  // namespace

bool is_same_company(const Connection& one, const Connection& other) {
  return !one.company_id.empty() && one.company_id == other.company_id && place_of(one) == place_of(other);
}

const Connection* find_twin(const std::vector<Connection>& all, const Connection& of) {
  const auto found =
      std::ranges::find_if(all, [&](const Connection& each) { return each.id != of.id && is_same_company(each, of); });
  return found == all.end() ? nullptr : &*found;
}

const Connection* find_preferred_twin(const std::vector<Connection>& all, const Connection& of) {
  const auto found = std::ranges::find_if(all, [&](const Connection& each) {
    return each.id != of.id && is_same_company(each, of) && turn_of(each) < turn_of(of);
  });
  return found == all.end() ? nullptr : &*found;
}

std::string company_title(const std::string& name, const std::string& id) {
  return name.empty() ? id : fmt::format("{} ({})", name, id);
}

}  // namespace dovetail
