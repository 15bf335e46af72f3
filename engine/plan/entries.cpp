#include "engine/plan/entries.hpp"

#include <algorithm>
#include <cassert>
#include <utility>

namespace dovetail {
namespace {

constexpr std::size_t sorts = 1024;
constexpr std::uint32_t nothing = UINT32_MAX;

// Entries that are equal are of one sort.
std::size_t sort_of(const Entry& entry) {
  std::size_t sort = entry.field;
  for (const std::size_t member :
       {static_cast<std::size_t>(entry.kind), static_cast<std::size_t>(entry.reason),
        static_cast<std::size_t>(entry.action), static_cast<std::size_t>(entry.preselected), entry.why.size()})
    sort = sort * 31 + member;
  return sort % sorts;
}

}  // namespace

std::ranges::subrange<Entries::iterator> Entries::of(PersonIndex person) const {
  const auto [first, end] = std::ranges::equal_range(places_, person, {}, &Place::person);
  const auto at = [this](auto place) { return iterator(*this, static_cast<std::size_t>(place - places_.begin())); };
  return {at(first), at(end)};
}

void Entries::add(PersonIndex person, Entry entry) { places_.push_back({person, keep(std::move(entry))}); }

std::uint32_t Entries::keep(Entry entry) {
  if (latest_.empty()) latest_.assign(sorts, nothing);
  std::uint32_t& latest = latest_[sort_of(entry)];
  if (latest != nothing && kept_[latest].entry == entry) {
    ++kept_[latest].holders;
    return latest;
  }
  assert(kept_.size() < nothing);
  latest = static_cast<std::uint32_t>(kept_.size());
  kept_.push_back({std::move(entry), 1});
  return latest;
}

void Entries::append(Entries more, PersonIndex first) {
  std::vector<std::uint32_t> now(more.kept_.size(), nothing);
  for (const Place& place : more.places_) {
    std::uint32_t& kept = now[place.kept];
    if (kept == nothing) {
      kept = keep(std::move(more.kept_[place.kept].entry));
    } else {
      ++kept_[kept].holders;
    }
    places_.push_back({first + place.person, kept});
  }
}

Entry& Entries::change(std::size_t index) {
  std::uint32_t& kept = places_[index].kept;
  if (kept_[kept].holders > 1) {
    --kept_[kept].holders;
    kept_.push_back({kept_[kept].entry, 1});
    kept = static_cast<std::uint32_t>(kept_.size() - 1);
  }
  return kept_[kept].entry;
}

}  // namespace dovetail
