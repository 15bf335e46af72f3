#include "engine/api/kept_values.hpp"

#include <set>
#include <string>
#include <tuple>

namespace dovetail {

Result<std::vector<KeptValue>> kept_values(Runtime& runtime, std::string_view connection) {
  const auto of = runtime.connections().find(connection);
  if (!of) return std::unexpected(of.error());
  std::vector<KeptValue> kept;
  const Result<void> read = runtime.store().read([&](Transaction& transaction) -> Result<void> {
    auto found = transaction.kept_values(of->id, no_run);
    if (!found) return std::unexpected(found.error());
    kept = std::move(*found);
    return {};
  });
  if (!read) return std::unexpected(read.error());
  std::set<std::tuple<IntentId, std::string, std::string, bool>> seen;  // a field may have several members
  std::erase_if(kept, [&](const KeptValue& one) {
    const std::string& who = one.hub_id.empty() ? one.provider_id : one.hub_id;
    return !seen.emplace(one.intent, who, one.path.empty() ? one.path : one.field, one.put_back).second;
  });
  return kept;
}

}  // namespace dovetail
