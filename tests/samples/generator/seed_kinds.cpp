#include "tests/samples/generator/seed_kinds.hpp"

namespace dovetail::samples {
namespace {

Seed make(std::string field, std::string kind, std::vector<std::string> finding, Pair now, bool hub_wins,
          bool provider_wins) {
  const Pair by_hub = hub_wins ? Pair{now.hub, now.hub} : now;
  const Pair by_provider = provider_wins ? Pair{now.provider, now.provider} : now;
  return {std::move(field), std::move(kind), std::move(finding), now, {by_hub, by_provider, now}};
}

}  // namespace

Seed differs(std::string field, std::string hub, std::string provider) {
  return make(std::move(field), "differs", {"conflict"}, {std::move(hub), std::move(provider)}, true, true);
}

Seed missing_in_provider(std::string field, std::string hub) {
  return make(std::move(field), "missing in the provider", {"missing"}, {std::move(hub), {}}, true, false);
}

Seed missing_in_hub(std::string field, std::string provider) {
  return make(std::move(field), "missing in the hub", {"missing"}, {{}, std::move(provider)}, false, true);
}

Seed not_changeable(std::string field, std::string hub, std::string provider) {
  return make(std::move(field), "may not change in the provider", {"conflict", "blocked"},
              {std::move(hub), std::move(provider)}, false, true);
}

Seed not_sendable(std::string field, std::string kind, std::vector<std::string> finding, std::string hub,
                  std::string provider) {
  return make(std::move(field), std::move(kind), std::move(finding), {std::move(hub), std::move(provider)}, false,
              true);
}

Seed not_readable(std::string field, std::string kind, std::vector<std::string> finding, std::string hub,
                  std::string provider) {
  return make(std::move(field), std::move(kind), std::move(finding), {std::move(hub), std::move(provider)}, true,
              false);
}

Seed same(std::string field, std::string kind, std::string hub, std::string provider) {
  return make(std::move(field), std::move(kind), {}, {std::move(hub), std::move(provider)}, false, false);
}

Seed untouched(std::string field, std::string kind, std::vector<std::string> finding, std::string hub,
               std::string provider) {
  return make(std::move(field), std::move(kind), std::move(finding), {std::move(hub), std::move(provider)}, false,
              false);
}

}  // namespace dovetail::samples
