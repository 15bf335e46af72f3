// A statement over many rows that are given to it. Its text names them as a table, `{given}`. PostgreSQL gets them as
// arrays, many in one statement, for each has a way to go; SQLite gets one after the other.
#pragma once

#include <cassert>
#include <charconv>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "engine/store/sql.hpp"

namespace dovetail::store {

struct OverRows {
  // Columns are called as here; "#" before a name says that it is a number.
  OverRows(Engine engine, std::string sql, const std::vector<std::string>& columns);

  std::string text;  // keeps its address as long as this lives
  std::size_t columns = 0;
};

// Parts of PostgreSQL's literal of an array.
void append_item(std::string& array, std::string_view text);
void append_item(std::string& array, std::optional<std::int64_t> number);

// Throws SqlFailure. What is added may be carried out at once or later, at the latest by finish().
template <typename... Out>
class GivenRows {
 public:
  GivenRows(Sql& sql, const OverRows& of) : sql_(sql), of_(of), arrays_(of.columns) {}

  template <typename... In>
  void add(const In&... in) {
    assert(sizeof...(in) == of_.columns);
    if (sql_.engine() == Engine::sqlite) return run(in...);
    std::size_t column = 0;
    (append(arrays_[column++], in), ...);
    if (++waiting_ == most_rows || size_ >= most_bytes) go();
  }
  // What all of them have found, in the order in which they were added, and as the statement says for each.
  std::vector<std::tuple<Out...>> finish() {
    go();
    return std::move(found_);
  }

 private:
  static constexpr std::size_t most_rows = 1000;
  static constexpr std::size_t most_bytes = 1U << 20U;

  template <typename... In>
  void run(const In&... in) {
    if constexpr (sizeof...(Out) == 0) {
      sql_.run(of_.text.c_str(), in...);
    } else {
      for (auto& row : sql_.rows<Out...>(of_.text.c_str(), in...)) found_.push_back(std::move(row));
    }
  }

  template <typename T>
  void append(std::string& array, const T& value) {
    const std::size_t before = array.size();
    if constexpr (std::is_convertible_v<const T&, std::string_view>) {
      append_item(array, std::string_view(value));
    } else if constexpr (std::is_integral_v<T>) {
      append_item(array, std::optional<std::int64_t>(static_cast<std::int64_t>(value)));
    } else {
      append_item(array, value);
    }
    size_ += array.size() - before;
  }

  void go() {
    if (waiting_ == 0) return;
    std::vector<Sql::Parameter> in;
    for (std::string& array : arrays_) in.emplace_back(std::exchange(array, {}) + "}");
    waiting_ = size_ = 0;
    if constexpr (sizeof...(Out) == 0) {
      sql_.run_of(of_.text.c_str(), in);
    } else {
      for (auto& row : sql_.rows_of<Out...>(of_.text.c_str(), in)) found_.push_back(std::move(row));
    }
  }

  Sql& sql_;
  const OverRows& of_;
  std::vector<std::string> arrays_;  // by column
  std::size_t waiting_ = 0, size_ = 0;
  std::vector<std::tuple<Out...>> found_;
};

}  // namespace dovetail::store
