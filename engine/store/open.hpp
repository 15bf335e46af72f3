// Opening the store of a place and key.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "engine/rate_scopes.hpp"
#include "engine/store.hpp"
#include "engine/store/keyed_hash.hpp"

namespace dovetail {

struct OpenOptions {
  bool create = false;                        // make it where there is none
  bool read_only = false;                     // SQLite: also while another process has it open; every write is an Error
  std::chrono::milliseconds wait{2000};       // for another process to let go of it, and for a server to answer
  std::chrono::milliseconds patience{20000};  // PostgreSQL: for a lost server to come back, or another to take over
  // At a time: readers (SQLite), readers and writers (PostgreSQL, and one connection beside them). Where a server gives
  // fewer, one and the one beside it will do.
  unsigned sessions = 4;
  bool lets_go = false;  // SQLite: says to those who wait for it that it will; see is_wanted()
  // PostgreSQL: told, from any thread, what people should know while the store goes on or waits: no more connections.
  std::function<void(const std::string&)> say = {};
  // PostgreSQL: true: whoever waits for the server gives up, for the program ends.
  std::function<bool()> gives_up = {};
};

// `where` is "sqlite:PATH" or "postgresql:CONNINFO" ("postgresql://…" too). An older version's store is brought up to
// date. Error::input: no such place or none there, another key's, a newer version's, no permission, not a store.
// Error::transient: another process has it, the server does not answer, or gives no connection (then retry_after is
// set). Error::data: damaged.
Result<std::unique_ptr<Store>> open_store(std::string_view where, const KeyedHash::Key& key, const OpenOptions& = {});

// Somebody waits for the SQLite store at `where`, which this process opened with `lets_go`: close it for a moment.
bool is_wanted(std::string_view where);

// The file of a SQLite store at `where`, by its own name if that is a link, since what is kept beside it is beside
// that; empty: `where` is no SQLite store.
std::string sqlite_file(std::string_view where);

// What the processes that work on this store share; nullptr: it has one process at a time.
RateScopes* rate_scopes(Store& store);

}  // namespace dovetail
