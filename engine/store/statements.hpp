// The few statements that differ between the databases, made once per store: their texts must keep their addresses.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "engine/store/database.hpp"

namespace dovetail::store {

struct Statements {
  explicit Statements(const Database& database);

  std::string begin_writing, begin_reading;
  std::string claim;
  std::string reap;
  std::string take_lease;
};

constexpr std::size_t together = 50;  // rows, or values to look for, in one statement

// "BEGINNING (row), (row), … END", and "BEGINNING(value, value, … END": `together` of them. Parameters are told apart
// by a number. To be made once.
std::string many_rows(std::string beginning, const std::vector<std::string>& columns, const std::string& end);
std::string many_values(std::string beginning, const std::string& end);

}  // namespace dovetail::store
