#include "engine/runtime/flips.hpp"

#include <fmt/format.h>

namespace dovetail {
namespace {

constexpr unsigned most_flips = 3;  // in a day

}  // namespace

std::string flip_hash(const ir::Member& member, const Value& value, const SecretHasher& hasher) {
  std::string key(name(value.state));
  key += ':';
  if (member.type != nullptr && value.state == State::value) {
    append_key(*member.type, value.text, key);
  } else {
    key += value.text;
  }
  return hasher.hash(key);
}

Result<std::vector<std::pair<std::string, unsigned>>> find_flips(const Means& means, const Opened& opened,
                                                                 std::string_view hub_id, const Plan& plan) {
  const ir::RuleSet& rules = *opened.program().rules;
  const SecretHasher& hasher = means.store.hasher();
  std::vector<std::pair<std::string, unsigned>> found;
  const Result<void> read = means.store.read([&](Transaction& transaction) -> Result<void> {
    found.clear();
    for (const Operation& operation : plan.operations) {
      for (const Write& write : operation.writes) {
        if (write.field == no_field || write.element.starts_with('+')) continue;
        const ir::Member& member = rules.schema(operation.target).members[write.member];
        const auto flips =
            transaction.flips(opened.connection.id, hub_id, fmt::format("{}{}", member.path, write.element),
                              {flip_hash(member, write.before, hasher), flip_hash(member, write.after, hasher)},
                              now(means) - std::chrono::hours(24));
        if (!flips) return std::unexpected(flips.error());
        if (*flips >= most_flips) found.emplace_back(rules.fields[write.field].label, *flips);
      }
    }
    return {};
  });
  if (!read) return std::unexpected(read.error());
  return found;
}

}  // namespace dovetail
