// Caring for a store: copies of it, another key, and whether it is sound. Each opens the store by itself.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/instant.hpp"
#include "engine/store/open.hpp"

namespace dovetail {

struct Backup {
  Instant made{};
  int schema = 0;        // the tables' version
  std::string key_name;  // of the key that it is sealed with
  std::uint64_t rows = 0, bytes = 0;
  std::size_t connections = 0;
};

// A copy of the store as it is at one moment, while others go on working with it; of either database, for either.
// What is sealed stays sealed: restoring it takes the same key. Error::input: there is a file of that name already.
Result<Backup> back_up(std::string_view where, const KeyedHash::Key& key, const std::string& file, Instant now);

// Into a store that is new or has no connections; all or nothing. Every connection is paused until somebody resumes it,
// or a manual run is finished. Error::input: another key's, or there are connections; Error::data: damaged.
Result<Backup> restore(std::string_view where, const KeyedHash::Key& key, const std::string& file);

struct Soundness {
  int schema = 0;
  std::string key_name;
  std::vector<std::pair<std::string, std::uint64_t>> rows;  // by table
  std::uint64_t sealed = 0;                                 // values that were opened
  std::uint64_t sealed_bytes = 0;                           // as they are stored
  std::vector<std::string> damage;                          // for people; the first 20
};
// Reads everything, and opens whatever is sealed.
Result<Soundness> check_store(std::string_view where, const KeyedHash::Key& key);

// Seals everything anew with another key, in one transaction: it is `from`'s or `to`'s afterwards, nothing between.
// How many values.
Result<std::uint64_t> rotate_key(std::string_view where, const KeyedHash::Key& from, const KeyedHash::Key& to);

}  // namespace dovetail
