#include "engine/runtime/push/unique_holders.hpp"

#include <algorithm>

#include "engine/runtime/write/records.hpp"

namespace dovetail {

using ir::at;
using ir::Side;

Result<bool> UniqueHolders::find(const Plan& plan, const std::string& own_id) {
  System& system = opened_.system(Side::provider);
  const std::vector<ir::MemberId> findable = system.capabilities().findable;
  bool added = false;
  for (const Operation& operation : plan.operations) {
    for (const Write& write : operation.writes) {
      if (operation.target != Side::provider || !is_unique(write) || write.after.state != State::value) continue;
      if (std::ranges::count(findable, write.member) == 0) {
        if (everybody_) continue;
        if (Result<void> taken = take_everybody(own_id); !taken) return std::unexpected(taken.error());
        added = true;
        continue;
      }
      const auto holder = system.find(write.member, {write.after.text});
      if (!holder) return std::unexpected(holder.error());
      if (!holder->front() || *holder->front() == own_id) continue;
      const Result<bool> there = system.get(*holder->front(), everybody_ ? *everybody_ : own_);
      if (!there) return std::unexpected(there.error());
      added |= *there;
    }
  }
  return added;
}

Result<void> UniqueHolders::take_everybody(const std::string& own_id) {
  auto taken = populations_.take(opened_, means_.limits.listing_age);
  if (!taken) return std::unexpected(taken.error());
  held_.emplace(std::move(*taken));
  everybody_ = without(opened_.program(), Side::provider, held_->snapshot(), own_id);
  if (own_.size() > 0) copy_record(own_, 0, *everybody_);
  return {};
}

bool UniqueHolders::is_unique(const Write& write) const {
  const ir::Program& program = opened_.program();
  if (write.field >= program.fields.size()) return false;
  const ir::FieldProgram& field = program.fields[write.field];
  return std::ranges::any_of(field.unique_parts[at(Side::provider)], [&](std::uint32_t part) {
    return field.parts[at(Side::provider)][part].member == write.member;
  });
}

}  // namespace dovetail
