#include "engine/store/database.hpp"

#include <sodium.h>

#include "engine/store/open_files.hpp"
#include "engine/store/postgres_help.hpp"
#include "engine/system_error.hpp"

namespace dovetail::store {
namespace {

struct Advice {
  Error::Kind kind;
  const char* text;
};

Advice advice(SqlFailure::Kind kind) {
  switch (kind) {
    case SqlFailure::Kind::conflict:
      return {Error::Kind::transient, "changed by somebody else meanwhile; try again"};
    case SqlFailure::Kind::lost:
      return {Error::Kind::transient, "no connection; it is tried again at the next use"};
    case SqlFailure::Kind::crowded:
      return {Error::Kind::transient, "the server gives no further connection"};
    case SqlFailure::Kind::full:
      return {Error::Kind::transient, "there is no room, so this was not written: make room and try again"};
    case SqlFailure::Kind::disk:
      return {Error::Kind::transient, "the disk refuses, so this was not written: see its room, limits and health"};
    case SqlFailure::Kind::read_only:
      return {Error::Kind::input, "it may only be read, so this was not written: see its permissions"};
    case SqlFailure::Kind::locked:
      return {Error::Kind::transient, "another program holds it; try again"};
    case SqlFailure::Kind::corrupt:
      return {Error::Kind::data,
              "damaged; `dovetail store check` says more, `dovetail store restore` brings back a backup"};
    case SqlFailure::Kind::permission:
      return {Error::Kind::input, "not allowed"};
    case SqlFailure::Kind::input:
      return {Error::Kind::input, "cannot be kept"};
    case SqlFailure::Kind::other:
      break;
  }
  return {Error::Kind::data, "unexpected answer"};
}

}  // namespace

Database::Database(Engine of, const std::string& called, const KeyedHash::Key& key)
    : engine(of), description(called), cipher(key), hasher(key) {
  instance = static_cast<std::int64_t>(randombytes_uniform(0x7ffffffeU)) + 1;
}

Error Database::error(const SqlFailure& failure) const {
  const Advice of = advice(failure.kind);
  Error error;
  error.kind = of.kind;
  const auto help = engine == Engine::postgres ? postgres_help(failure.what(), role) : std::nullopt;
  error.what = description + ": " + help.value_or(of.text) + " (" + failure.what() + ")";
  const bool is_unopened = failure.kind == SqlFailure::Kind::permission || failure.kind == SqlFailure::Kind::lost;
  const int no_files = is_unopened ? no_more_files() : 0;
  if (no_files == 0) return error;
  error.kind = Error::Kind::transient;
  error.what = description + ": " + system_error(no_files) + " (" + failure.what() + ")";
  return error;
}

// Less than that is no difference worth having: it would only make fresh events wait.
constexpr std::chrono::milliseconds worth_minding{250};

std::int64_t Database::ahead() const {
  if (engine == Engine::postgres) return server_ahead_;
  const auto should_be = opened_ + (std::chrono::steady_clock::now() - began_);
  const auto behind = should_be - std::chrono::system_clock::now();
  return behind < worth_minding ? 0 : std::chrono::duration_cast<std::chrono::milliseconds>(behind).count();
}

void Database::server_time_is(std::chrono::system_clock::time_point time) {
  const auto ahead = std::chrono::duration_cast<std::chrono::milliseconds>(time - std::chrono::system_clock::now());
  server_ahead_ = std::chrono::abs(ahead) < worth_minding ? 0 : ahead.count();
}

std::string dead_instance(const Database& database, const std::string& table) {
  const std::string mine = std::to_string(database.instance);
  if (database.engine == Engine::sqlite) return "(" + table + ".instance <> " + mine + ")";
  return "(" + table + ".instance <> " + mine +
         " and not exists (select 1 from pg_locks where locktype = 'advisory' and granted and classid = 4711"
         " and objsubid = 2 and objid = " +
         table +
         ".instance"
         " and database = (select oid from pg_database where datname = current_database())))";
}

}  // namespace dovetail::store
