#include "engine/runtime/push/populations.hpp"

#include <fmt/format.h>

#include "engine/runtime/company.hpp"
#include "engine/runtime/write/records.hpp"

namespace dovetail {

using ir::at;
using ir::Side;

namespace {

constexpr std::chrono::minutes verified_for{5};

}  // namespace

Result<void> Populations::verify(Opened& opened) {
  const ConnectionId id = opened.connection.id;
  const auto time = means_.clock.now();
  {
    const std::lock_guard lock(mutex_);
    const auto known = verified_.find(id);
    if (known != verified_.end() && known->second.version == opened.connection.version &&
        time - known->second.at < verified_for) {
      return {};
    }
  }
  if (Result<void> same = verify_company(opened); !same) return same;
  const std::lock_guard lock(mutex_);
  verified_[id] = {opened.connection.version, time};
  return {};
}

void Populations::Held::add_created(Opened& opened, const std::string& id) {
  Snapshot made((*place_)->layout());
  const Result<bool> found = id.empty() ? Result<bool>(false) : opened.system(Side::provider).get(id, made);
  if (found && *found) {
    copy_record(made, 0, **place_);
  } else {
    place_->reset();
    snapshot_ = nullptr;
  }
}

Result<Populations::Held> Populations::take(Opened& opened, std::chrono::milliseconds age) {
  Listing* listing = nullptr;
  {
    const std::lock_guard lock(mutex_);
    listing = &listings_[opened.connection.id];
  }
  Held held;
  held.lock_ = std::unique_lock(listing->mutex);
  const auto time = means_.clock.now();
  if (!listing->snapshot || listing->rules != opened.rules || time - listing->taken >= age) {
    auto fresh = std::make_unique<Snapshot>(opened.program().layouts[at(Side::provider)]);
    const Result<Completeness> whole = opened.system(Side::provider).list(*fresh);
    if (!whole) return std::unexpected(whole.error());
    if (!whole->complete) {
      return std::unexpected(Error{.kind = Error::Kind::transient,
                                   .what = fmt::format("{} listed only a part of its people ({}), so nobody is added",
                                                       opened.program().rules->title(Side::provider), whole->reason)});
    }
    fresh->set_completeness(*whole);
    listing->snapshot = std::move(fresh);
    listing->taken = time;
    listing->rules = opened.rules;
  }
  held.place_ = &listing->snapshot;
  held.snapshot_ = listing->snapshot.get();
  return held;
}

void Populations::forget_old() {
  const auto time = means_.clock.now();
  const std::lock_guard lock(mutex_);
  for (auto& [id, listing] : listings_) {
    const std::unique_lock alone(listing.mutex, std::try_to_lock);
    if (alone && listing.snapshot && time - listing.taken >= means_.limits.listing_age) listing.snapshot.reset();
  }
  rivals_.forget_old();
}

}  // namespace dovetail
