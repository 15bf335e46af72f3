#include "engine/store/open.hpp"

#include "engine/store/file_lock.hpp"
#include "engine/store/sql_store.hpp"

namespace dovetail {
namespace store {

Result<void> run_work(const Work& work, SqlTransaction& transaction, const Database& database) {
  auto result = work(transaction);
  if (transaction.failure()) return std::unexpected(database.error(*transaction.failure()));
  return result;
}

Result<std::unique_ptr<SqlStore>> open_sql_store(std::string_view where, const KeyedHash::Key& key,
                                                 const OpenOptions& options) {
  constexpr std::string_view sqlite = "sqlite:", postgres = "postgresql:", also_postgres = "postgres:";
  if (where.starts_with(sqlite)) return open_sqlite(std::string(where.substr(sqlite.size())), key, options);
  if (where.starts_with("postgresql://") || where.starts_with("postgres://")) {
    return open_postgres(std::string(where), key, options);
  }
  for (const std::string_view beginning : {postgres, also_postgres}) {
    if (where.starts_with(beginning)) return open_postgres(std::string(where.substr(beginning.size())), key, options);
  }
  return std::unexpected(
      Error{.kind = Error::Kind::input,
            .what = "a store is named as sqlite:PATH or postgresql:CONNINFO, not \"" + std::string(where) + "\""});
}

}  // namespace store

Result<std::unique_ptr<Store>> open_store(std::string_view where, const KeyedHash::Key& key,
                                          const OpenOptions& options) {
  auto opened = store::open_sql_store(where, key, options);
  if (!opened) return std::unexpected(opened.error());
  return std::move(*opened);
}

std::string sqlite_file(std::string_view where) {
  constexpr std::string_view sqlite = "sqlite:";
  if (!where.starts_with(sqlite)) return {};
  return store::real_file(std::string(where.substr(sqlite.size())));
}

bool is_wanted(std::string_view where) {
  const std::string file = sqlite_file(where);
  return !file.empty() && store::FileLock::is_wanted(file + ".lock");
}

RateScopes* rate_scopes(Store& store) { return dynamic_cast<RateScopes*>(&store); }

}  // namespace dovetail
