#include "providers/systems.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "providers/finago/finago.hpp"
#include "providers/huma/huma.hpp"
#include "providers/netvisor/netvisor.hpp"
#include "providers/poweroffice_go/poweroffice_go.hpp"

namespace dovetail::providers {
namespace {

constexpr std::array<std::string_view, 2> huma_credentials = {"client_id", "client_secret"};
constexpr std::array<std::string_view, 1> finago_credentials = {"api_key"};
constexpr std::array<std::string_view, 5> netvisor_credentials = {"user_id", "key", "business_id", "partner_id",
                                                                  "partner_key"};
constexpr std::array<std::string_view, 3> poweroffice_credentials = {"client_key", "application_key",
                                                                     "subscription_key"};

constexpr std::array<std::string_view, 3> huma_optional = {"groups", "webhook_token", "webhook_secret"};
constexpr std::array<std::string_view, 2> huma_beside = {"organization_id", "token_url"};
constexpr std::array<std::string_view, 1> finago_beside = {"api_url"};
constexpr std::array<std::string_view, 2> poweroffice_beside = {"api_url", "token_url"};

constexpr auto entries = std::to_array<AdapterEntry>({
    {"huma", "https://openapi.humahr.com", huma_credentials, huma::Huma::open, huma_optional, huma_beside},
    {"finago", "https://payroll.24sevenoffice.com/api", finago_credentials, finago::Finago::open, {}, finago_beside},
    {"netvisor", "https://integration.netvisor.fi", netvisor_credentials, netvisor::Netvisor::open, {}, {}},
    {"poweroffice_go",
     "https://goapi.poweroffice.net",
     poweroffice_credentials,
     poweroffice_go::PowerOfficeGo::open,
     {},
     poweroffice_beside},
});

// From the first slash behind scheme and host; "" where there is none, or nothing behind it.
std::string_view path_of(std::string_view url) {
  const std::size_t host = url.find("://");
  const std::size_t slash = host == url.npos ? url.npos : url.find('/', host + 3);
  return slash == url.npos || slash + 1 == url.size() ? std::string_view{} : url.substr(slash);
}

// An address without a path is the system's at another place: its path stays the same.
std::string with_path(std::string base, std::string_view known) {
  if (base.empty()) return std::string(known);
  if (!path_of(base).empty() || path_of(known).empty()) return base;
  while (base.ends_with('/')) base.pop_back();
  return base.append(path_of(known));
}

}  // namespace

std::span<const AdapterEntry> adapters() { return entries; }

const AdapterEntry* find_adapter(std::string_view name) {
  const auto found = std::ranges::find(entries, name, &AdapterEntry::name);
  return found == entries.end() ? nullptr : &*found;
}

Result<std::unique_ptr<System>> open_system(AdapterSetup setup) {
  const AdapterEntry* entry = find_adapter(setup.schema.adapter);
  if (entry == nullptr) {
    std::string known;
    for (const AdapterEntry& each : entries) known += fmt::format("{}{}", known.empty() ? "" : ", ", each.name);
    return std::unexpected(
        Error{.kind = Error::Kind::input,
              .what = fmt::format("there is no adapter `{}`; there are: {}", setup.schema.adapter, known)});
  }
  setup.endpoint.base = with_path(std::move(setup.endpoint.base), entry->url);
  return entry->open(setup);
}

}  // namespace dovetail::providers
