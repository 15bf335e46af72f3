// Another key, and looking whether everything opens with the one there is.
#include <fmt/format.h>

#include <chrono>
#include <thread>

#include "engine/durable/link_text.hpp"
#include "engine/store/care.hpp"
#include "engine/store/schema.hpp"
#include "engine/store/sealed_rows.hpp"
#include "engine/store/sql_store.hpp"
#include "engine/store/tables.hpp"

namespace dovetail {
namespace store {
namespace {

constexpr std::size_t most_damage = 20;

std::string select_of(const SealedColumn& column, const std::string& after) {
  const auto bound = [&](std::size_t at) {
    return *column.bound_to[at] == '\0' ? std::string("''") : fmt::format("cast(t.{} as text)", column.bound_to[at]);
  };
  return fmt::format(
      "select cast(t.id as text), cast(t.connection as text), c.tenant, {}, {}, t.{} from {} t"
      " join connection c on c.id = t.connection where t.id > {} and t.{} <> '' order by t.id limit {}",
      bound(0), bound(1), column.column, column.table, after, column.column, column.at_a_time);
}

std::uint64_t seal_settings_anew(Sql& sql, const Database& database, const Cipher& to) {
  const auto all = sql.rows<std::string, std::string>("select name, content from store_setting");
  for (const auto& [name, sealed] : all) {
    const auto text = database.cipher.open(setting_context(name), sealed);
    if (!text) throw SqlFailure(SqlFailure::Kind::corrupt, name + " does not open with the key it has");
    sql.run("update store_setting set content = :content where name = :name", to.seal(setting_context(name), *text),
            name);
  }
  return all.size();
}

// `anew`: by id.
void put_sealed(Sql& sql, const SealedColumn& column, std::vector<std::pair<std::string, std::string>>& anew) {
  auto next = anew.begin();
  sql.run_each(fmt::format("update {} set {} = :sealed where id = cast(:id as bigint)", column.table, column.column), 2,
               [&](Sql::Row& row) {
                 if (next == anew.end()) return false;
                 row = {std::move(next->second), next->first};
                 ++next;
                 return true;
               });
}

Result<std::uint64_t> seal_anew(Sql& sql, Database& database, const KeyedHash::Key& to) {
  const Cipher cipher(to);
  std::uint64_t count = 0;
  for (const SealedColumn& column : sealed::all) {
    std::vector<std::pair<std::string, std::string>> anew;  // of the rows that are held at once
    const auto take = [&](const SealedRow& row) {
      const auto text = database.cipher.open(row.context, row.sealed);
      if (!text) {
        throw SqlFailure(
            SqlFailure::Kind::corrupt,
            fmt::format("row {} of {} does not open with the key it has; nothing was changed", row.id, column.table));
      }
      anew.emplace_back(row.id, cipher.seal(row.context, *text));
    };
    each_sealed(sql, column, take, [&] {
      put_sealed(sql, column, anew);
      count += anew.size();
      anew.clear();
    });
  }
  count += seal_settings_anew(sql, database, cipher);
  write_keys_anew(database, to, sql);
  return count;
}

// Whoever else has the store open seals with the old key. A session that has just ended may show for a moment.
void refuse_while_open(const Database& database, Sql& sql) {
  if (sql.engine() != Engine::postgres) return;
  std::int64_t others = 0;
  for (int tries = 0; tries < 20; ++tries) {
    others = std::get<0>(
        sql.row<std::int64_t>("select count(distinct objid) from pg_locks where locktype = 'advisory' and granted"
                              " and classid = 4711 and objsubid = 2 and objid <> 0 and objid <> :own"
                              " and database = (select oid from pg_database where datname = current_database())",
                              database.instance)
            .value());
    if (others == 0) return;
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
  }
  throw SqlFailure(
      SqlFailure::Kind::locked,
      fmt::format("{} other program{} the store open, as a worker or a host does: stop {}, then change the "
                  "key, and start {} with the new one",
                  others, others == 1 ? " has" : "s have", others == 1 ? "it" : "them", others == 1 ? "it" : "them"));
}

// Also writers that came in between wait for this, and then find the other key.
void keep_out(const Database& database, const KeyedHash::Key& from, Sql& sql) {
  if (sql.engine() != Engine::postgres) return;
  sql.plain("lock table meta in exclusive mode");
  const auto name = sql.row<std::string>("select content from meta where name = 'key_name'");
  if (name && std::get<0>(*name) == KeyedHash(from).key_name()) return;
  throw SqlFailure(SqlFailure::Kind::locked, database.description + ": somebody else has changed its key meanwhile");
}

void look_at_sealed(Sql& sql, Database& database, Soundness& found) {
  for (const SealedColumn& column : sealed::all) {
    each_sealed(sql, column, [&](const SealedRow& row) {
      ++found.sealed;
      found.sealed_bytes += row.sealed.size();
      const auto text = database.cipher.open(row.context, row.sealed);
      const bool is_link = std::string_view(column.table) == "link";
      // Words are looked for elsewhere: here only the form counts.
      const bool is_good =
          text && (!is_link || unpack_link(*text, [](std::uint64_t) -> std::optional<std::string_view> {
            return std::string_view();
          }));
      if (is_good || found.damage.size() >= most_damage) return;
      found.damage.push_back(fmt::format("{} {} of connection {}: {}", column.table, row.id, row.connection,
                                         text ? "cannot be read" : "does not open: damaged, or moved there"));
    });
  }
}

void look_at_file(Sql& sql, Soundness& found) {
  if (sql.engine() != Engine::sqlite) return;
  sql.each_row("pragma integrity_check(20)", 1, [&](const Sql::Row& row) {
    if (row[0] != "ok" && found.damage.size() < most_damage) found.damage.push_back("SQLite: " + row[0].value_or(""));
  });
}

}  // namespace

void each_sealed(Sql& sql, const SealedColumn& column, const std::function<void(const SealedRow&)>& use,
                 const std::function<void()>& between) {
  std::string after = "0";
  for (int rows = column.at_a_time; rows == column.at_a_time;) {
    rows = 0;
    sql.each_row(select_of(column, std::string(after)), 6, [&](const Sql::Row& row) {
      ++rows;
      after = *row[0];
      use({*row[0], *row[1], context_of(column, *row[2], std::stoll(*row[1]), *row[3], *row[4]), *row[5]});
    });
    if (between) between();
  }
}

}  // namespace store

Result<std::uint64_t> rotate_key(std::string_view where, const KeyedHash::Key& from, const KeyedHash::Key& to) {
  auto opened = store::open_sql_store(where, from, {});
  if (!opened) return std::unexpected(opened.error());
  std::uint64_t count = 0;
  const auto done = (*opened)->write_sql([&](store::Sql& sql) -> Result<void> {
    store::refuse_while_open((*opened)->database(), sql);
    store::keep_out((*opened)->database(), from, sql);
    auto sealed = store::seal_anew(sql, (*opened)->database(), to);
    if (!sealed) return std::unexpected(sealed.error());
    count = *sealed;
    return {};
  });
  if (!done) return std::unexpected(done.error());
  return count;
}

Result<Soundness> check_store(std::string_view where, const KeyedHash::Key& key) {
  auto opened = store::open_sql_store(where, key, {.read_only = true});
  if (!opened) return std::unexpected(opened.error());
  Soundness found;
  const auto done = (*opened)->read_sql([&](store::Sql& sql) -> Result<void> {
    found = {};
    found.schema = store::schema_version(sql);
    found.key_name = KeyedHash(key).key_name();
    store::look_at_file(sql, found);
    for (const std::string& table : store::tables(sql)) {
      sql.each_row("select cast(count(*) as text) from " + table, 1,
                   [&](const store::Sql::Row& row) { found.rows.emplace_back(table, std::stoull(*row[0])); });
    }
    store::look_at_sealed(sql, (*opened)->database(), found);
    return {};
  });
  if (!done) return std::unexpected(done.error());
  return found;
}

}  // namespace dovetail
