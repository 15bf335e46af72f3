// The tables of a store: versions one after the other, each as a file of migrations/. Forward only.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "engine/store/database.hpp"

namespace dovetail::store {

// In order, from version 1.
std::span<const std::string_view> migrations();

// 0: there are no tables of a store. Throws SqlFailure.
int schema_version(Sql& sql);

// Brings the tables from version `from` to `to`; the caller commits. Throws SqlFailure.
void migrate(Sql& sql, int from, int to);

// Writes down a new store's keys; the caller commits. Throws SqlFailure.
void write_keys(Database& database, const KeyedHash::Key& key, Sql& sql);

// The same for another key; the key for hashes stays as it is.
void write_keys_anew(Database& database, const KeyedHash::Key& key, Sql& sql);

struct Preparing {
  bool create = false;
  bool may_write = true;
};
// Finds or makes the tables, brings them up to date, and reads the store's keys into `database`.
Result<void> prepare(Database& database, const KeyedHash::Key& key, Sql& sql, const Preparing& how);

}  // namespace dovetail::store
