// What a simulated system remembers: tables of JSON rows, with the versions that a lagging replica still shows.
#pragma once

#include <deque>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "tools/sandbox/core/clock.hpp"
#include "tools/sandbox/core/json.hpp"

namespace dovetail::sandbox {

// Ids of digits in the order of their numbers, others as text of equal length.
struct ById {
  bool operator()(const std::string& left, const std::string& right) const {
    return left.size() != right.size() ? left.size() < right.size() : left < right;
  }
};
using Rows = std::map<std::string, Json, ById>;

class Store {
 public:
  // The rows as committed. A table comes into being when it is named.
  Rows& rows(const std::string& table) { return tables_[table]; }
  const std::map<std::string, Rows>& tables() const { return tables_; }
  Json* find(const std::string& table, const std::string& id);  // null when absent

  // Keeps the row as it is now for readers who lag, until `until`. Call it before the row is changed or added.
  void keep_for_replica(const std::string& table, const std::string& id, Moment until);
  // The row as a replica shows it at `now`; null when it shows none.
  const Json* find_replicated(const std::string& table, const std::string& id, Moment now);
  // All rows as a replica shows them at `now`, in the order of their ids.
  std::vector<std::pair<std::string, const Json*>> replicated(const std::string& table, Moment now);

  // 1, 2, … for each name; `at_least` moves a sequence forward first.
  long long next(const std::string& sequence, long long at_least = 1);

 private:
  struct Version {
    Moment until;
    std::optional<Json> row;  // nullopt: there was none
  };
  void forget_old(Moment now);

  std::map<std::string, Rows> tables_;
  std::map<std::pair<std::string, std::string>, std::deque<Version>> old_;
  std::map<std::string, long long> sequences_;
};

}  // namespace dovetail::sandbox
