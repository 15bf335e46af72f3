#include "engine/runtime/write/flips.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "engine/plan/element_name.hpp"

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

Result<std::vector<Flip>> find_flips(const Means& means, const Opened& opened, const PlanInput& input,
                                     const Plan& plan) {
  const ir::RuleSet& rules = *opened.program().rules;
  const SecretHasher& hasher = means.store.hasher();
  std::vector<Flip> found;
  const Result<void> read = means.store.read([&](Transaction& transaction) -> Result<void> {
    found.clear();
    for (const Operation& operation : plan.operations) {
      const Person& person = plan.people[operation.person];
      for (const Write& write : operation.writes) {
        if (write.field == no_field || write.element.starts_with('+')) continue;
        const ir::Member& member = rules.schema(operation.target).members[write.member];
        const auto flips =
            transaction.flips(opened.connection.id, person.hub_id, fmt::format("{}{}", member.path, write.element),
                              {flip_hash(member, write.before, hasher), flip_hash(member, write.after, hasher)},
                              now(means) - std::chrono::hours(24));
        if (!flips) return std::unexpected(flips.error());
        if (*flips < most_flips) continue;
        const Entry& entry = plan.entries[operation.entry];
        const std::string& label = rules.fields[write.field].label;
        Flip flip{label, entry.field == write.field ? field_name(input, person, entry) : label, *flips};
        const auto known = std::ranges::find(found, flip.name, &Flip::name);
        if (known == found.end()) {
          found.push_back(std::move(flip));
        } else {
          known->count = std::max(known->count, flip.count);
        }
      }
    }
    return {};
  });
  if (!read) return std::unexpected(read.error());
  return found;
}

}  // namespace dovetail
