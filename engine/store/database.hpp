// What all sessions with one database share: its key, its words, and how it is spoken of.
#pragma once

#include <atomic>
#include <chrono>
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
  std::string role;         // whom a PostgreSQL server takes us for, once it was asked
  Cipher cipher;
  KeyedHash hasher;           // by the store's own key for hashes, which outlives changes of the key
  std::int64_t instance = 0;  // this opening of the store; > 0
  // Milliseconds by which the store's time is ahead of this machine's clock. PostgreSQL's time is the server's, so that
  // machines whose clocks differ agree on leases; SQLite's goes on where this machine's clock is put back.
  std::int64_t ahead() const;
  void server_time_is(std::chrono::system_clock::time_point time);  // seen just now
  Words words;

  Error error(const SqlFailure& failure) const;

 private:
  std::atomic<std::int64_t> server_ahead_ = 0;
  const std::chrono::system_clock::time_point opened_ = std::chrono::system_clock::now();
  const std::chrono::steady_clock::time_point began_ = std::chrono::steady_clock::now();
};

// SQL that is true for rows of `table` whose instance of the program is gone.
std::string dead_instance(const Database& database, const std::string& table);

}  // namespace dovetail::store
