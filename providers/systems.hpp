// The list of systems that are spoken to over HTTP. A new one is a schema, a map, an adapter, and a line here.
#pragma once

#include <memory>
#include <span>
#include <string_view>

#include "providers/toolkit/adapter.hpp"

namespace dovetail::providers {

struct AdapterEntry {
  std::string_view name;                          // as schemas name it: `adapter netvisor`
  std::string_view url;                           // of the real system
  std::span<const std::string_view> credentials;  // names, in the order they are asked for
  Result<std::unique_ptr<System>> (*open)(const AdapterSetup& setup);
  std::span<const std::string_view> optional{};  // credentials that it works without, and is not asked for
  std::span<const std::string_view> beside{};    // what is shown beside its keys, and is of no use here
};

std::span<const AdapterEntry> adapters();

// nullptr: there is no such adapter.
const AdapterEntry* find_adapter(std::string_view name);

// Opens the adapter that the schema names; an endpoint without a base gets the real system's,
// one without a path its path. Calls nobody yet.
Result<std::unique_ptr<System>> open_system(AdapterSetup setup);

}  // namespace dovetail::providers
