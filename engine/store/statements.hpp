// The few statements that differ between the databases, made once per store: their texts must keep their addresses.
#pragma once

#include <string>

#include "engine/store/database.hpp"
#include "engine/store/given_rows.hpp"

namespace dovetail::store {

struct Statements {
  explicit Statements(const Database& database);

  std::string begin_writing, begin_reading;
  std::string claim;
  std::string reap;
  std::string take_lease;

  OverRows marks_of_hubs;
  OverRows insert_links, update_links;
  OverRows put_seen_records;
  OverRows open_problems, report, solve;
};

}  // namespace dovetail::store
