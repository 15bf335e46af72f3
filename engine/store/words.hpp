// The words that links are packed with: labels, paths, hashes of rules. Numbers are given by the database and never
// change; a word that was committed once is known to every transaction of the process.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "engine/store/sql.hpp"

namespace dovetail::store {

struct TextHash {
  using is_transparent = void;
  std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>()(text); }
};

// Committed words. From any thread; what it hands out lives as long as it does.
class Words {
 public:
  std::optional<std::uint64_t> find(std::string_view word) const;
  std::optional<std::string_view> find(std::uint64_t number) const;
  void add(std::uint64_t number, std::string_view word);

 private:
  mutable std::mutex mutex_;
  std::unordered_map<std::string, std::uint64_t, TextHash, std::equal_to<>> numbers_;
  std::unordered_map<std::uint64_t, std::string_view> texts_;  // of numbers_'s keys
};

// What one transaction sees of them: it looks up and adds through its session.
class SeenWords {
 public:
  SeenWords(Words& words, Sql& sql) : words_(words), sql_(sql) {}

  std::uint64_t number(std::string_view word);                 // throws SqlFailure
  std::optional<std::string_view> word(std::uint64_t number);  // nullopt: there is none
  void publish();                                              // after the commit

 private:
  void remember(std::uint64_t number, std::string_view word);

  Words& words_;
  Sql& sql_;
  std::unordered_map<std::string_view, std::uint64_t> numbers_;
  std::unordered_map<std::uint64_t, std::string_view> texts_;
  std::deque<std::string> own_;  // not known to be committed yet
  std::deque<std::uint64_t> own_numbers_;
};

}  // namespace dovetail::store
