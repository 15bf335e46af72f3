#include "tools/sandbox/core/store.hpp"

#include <algorithm>

namespace dovetail::sandbox {

Json* Store::find(const std::string& table, const std::string& id) {
  Rows& rows = tables_[table];
  const auto found = rows.find(id);
  return found == rows.end() ? nullptr : &found->second;
}

void Store::keep_for_replica(const std::string& table, const std::string& id, Moment until) {
  const Json* row = find(table, id);
  old_[{table, id}].push_back({until, row == nullptr ? std::nullopt : std::optional(*row)});
}

void Store::forget_old(Moment now) {
  for (auto each = old_.begin(); each != old_.end();) {
    std::deque<Version>& versions = each->second;
    while (!versions.empty() && versions.front().until <= now) versions.pop_front();
    each = versions.empty() ? old_.erase(each) : std::next(each);
  }
}

const Json* Store::find_replicated(const std::string& table, const std::string& id, Moment now) {
  forget_old(now);
  const auto versions = old_.find({table, id});
  if (versions == old_.end()) return find(table, id);
  const std::optional<Json>& row = versions->second.front().row;
  return row ? &*row : nullptr;
}

std::vector<std::pair<std::string, const Json*>> Store::replicated(const std::string& table, Moment now) {
  forget_old(now);
  if (old_.empty()) {
    std::vector<std::pair<std::string, const Json*>> all;
    all.reserve(tables_[table].size());
    for (const auto& [id, row] : tables_[table]) all.emplace_back(id, &row);
    return all;
  }
  std::map<std::string, const Json*, ById> seen;
  for (const auto& [id, row] : tables_[table]) seen[id] = &row;
  for (const auto& [key, versions] : old_) {
    if (key.first != table) continue;
    const std::optional<Json>& row = versions.front().row;
    if (row) {
      seen[key.second] = &*row;
    } else {
      seen.erase(key.second);
    }
  }
  return {seen.begin(), seen.end()};
}

long long Store::next(const std::string& sequence, long long at_least) {
  long long& last = sequences_[sequence];
  last = std::max(last + 1, at_least);
  return last;
}

}  // namespace dovetail::sandbox
