// The few statements that differ between the databases, made once per store: their texts must keep their addresses.
#pragma once

#include <string>

#include "engine/store/database.hpp"

namespace dovetail::store {

struct Statements {
  explicit Statements(const Database& database);

  std::string begin_writing, begin_reading;
  std::string claim;
  std::string reap;
  std::string take_lease;
};

}  // namespace dovetail::store
