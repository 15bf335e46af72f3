// What both stores have in common.
#pragma once

#include <memory>
#include <string>

#include "engine/store/database.hpp"
#include "engine/store/open.hpp"
#include "engine/store/statements.hpp"
#include "engine/store/transaction.hpp"

namespace dovetail::store {

using Work = std::function<Result<void>(Transaction&)>;
// The same with the session at hand, for what is not in the port: backup, rotation, checks. Throws SqlFailure.
using SqlWork = std::function<Result<void>(Sql&)>;

class SqlStore : public Store {
 public:
  explicit SqlStore(std::unique_ptr<Database> database) : database_(std::move(database)), statements_(*database_) {}

  const SecretHasher& hasher() const override { return database_->hasher; }
  std::string describe() const override { return database_->description; }
  Database& database() { return *database_; }

  // One transaction, alone.
  virtual Result<void> write_sql(const SqlWork& work) = 0;
  virtual Result<void> read_sql(const SqlWork& work) = 0;

 protected:
  std::unique_ptr<Database> database_;
  Statements statements_;
};

// What a function made of its transaction: its own Error, or what the database failed at in the meantime.
Result<void> run_work(const Work& work, SqlTransaction& transaction, const Database& database);

// Without `create`: Error::input if there is no store. `path` as the user gave it.
Result<std::unique_ptr<SqlStore>> open_sqlite(const std::string& path, const KeyedHash::Key& key,
                                              const OpenOptions& options);
Result<std::unique_ptr<SqlStore>> open_postgres(const std::string& conninfo, const KeyedHash::Key& key,
                                                const OpenOptions& options);
Result<std::unique_ptr<SqlStore>> open_sql_store(std::string_view where, const KeyedHash::Key& key,
                                                 const OpenOptions& options);

}  // namespace dovetail::store
