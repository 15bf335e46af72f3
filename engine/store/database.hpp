// What all sessions with one database share: its key, its words, and how it is spoken of.
#pragma once

#include <cstdint>
#include <string>

#include "engine/error.hpp"
#include "engine/store/cipher.hpp"
#include "engine/store/sql.hpp"
#include "engine/store/words.hpp"

namespace dovetail::store {

struct Database {
  Database(Engine of, const std::string& called, const KeyedHash::Key& key);

  Engine engine;
  std::string description;  // "SQLite dovetail.db"
  Cipher cipher;
  KeyedHash hasher;           // by the store's own key for hashes, which outlives changes of the key
  std::int64_t instance = 0;  // this opening of the store; > 0
  Words words;

  Error error(const SqlFailure& failure) const;
};

// SQL that is true for rows of `table` whose instance of the program is gone.
std::string dead_instance(const Database& database, const std::string& table);

}  // namespace dovetail::store
