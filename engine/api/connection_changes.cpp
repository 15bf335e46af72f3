#include "engine/api/connection_changes.hpp"

#include <algorithm>

namespace dovetail {
namespace {

std::unexpected<Error> fail(std::string what) {
  return std::unexpected(Error{.kind = Error::Kind::input, .what = std::move(what)});
}

}  // namespace

Result<void> ConnectionChanges::put_into(Connection& connection) const {
  if (scope && whole_hub.value_or(false)) return fail("the scope and the whole hub exclude each other");
  if (scope && scope->empty()) return fail("the scope names nobody: give ids of the hub, or the whole hub");
  if (!scope && whole_hub == false && connection.whole_hub) {
    return fail("not the whole hub, but no scope says whom: give the scope");
  }
  if (scope) connection.scope = *scope;
  if (scope) connection.whole_hub = false;
  if (whole_hub.value_or(false)) {
    connection.whole_hub = true;
    connection.scope.clear();
  }
  for (const auto& [label, value] : settings) {
    const auto known = std::ranges::find(connection.settings, label, &std::pair<std::string, std::string>::first);
    const bool is_known = known != connection.settings.end();
    if (!value && is_known) connection.settings.erase(known);
    if (value && is_known) known->second = *value;
    if (value && !is_known) connection.settings.emplace_back(label, *value);
  }
  const auto put = [](const std::string& said, std::string& into) {
    if (!said.empty()) into = said;
  };
  put(name, connection.name);
  put(map, connection.map);
  put(hub, connection.hub);
  put(provider, connection.provider);
  if (observes_only) connection.observes_only = *observes_only;
  if (test_system) connection.test_system = *test_system;
  return {};
}

}  // namespace dovetail
