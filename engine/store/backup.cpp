// A logical backup: the rows of every table, so that it goes from either database into either.
#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>

#include "engine/durable/packed.hpp"
#include "engine/store/backup_file.hpp"
#include "engine/store/care.hpp"
#include "engine/store/schema.hpp"
#include "engine/store/sealing.hpp"
#include "engine/store/sql_store.hpp"
#include "engine/store/tables.hpp"

namespace dovetail {
namespace store {
namespace {

constexpr std::size_t part_size = 1U << 20U;

// A part begins with what it is.
enum class Part : std::uint8_t { head, table, rows };

std::string list_of(const std::vector<Column>& columns, const std::string& before, const std::string& after) {
  std::string list;
  for (const Column& each : columns) list += (list.empty() ? "" : ", ") + before + each.name + after;
  return list;
}

// Rows one by one, without holding them all.
void each_stored_row(Sql& sql, const std::string& table, const std::vector<Column>& columns,
                     const std::function<void(const Sql::Row&)>& use) {
  const std::string select = "select " + list_of(columns, "cast(", " as text)") + " from " + table;
  if (sql.engine() == Engine::sqlite) return sql.each_row(select, columns.size(), use);
  const int chunk = table == sealed::document_part.table ? large_rows : small_rows;
  sql.plain("declare backup_rows no scroll cursor for " + select);
  for (int rows = chunk; rows == chunk;) {
    rows = 0;
    sql.each_row(fmt::format("fetch {} from backup_rows", chunk), columns.size(), [&](const Sql::Row& row) {
      ++rows;
      use(row);
    });
  }
  sql.plain("close backup_rows");
}

class Saving {
 public:
  Saving(Sql& sql, BackupFile& file, Backup& summary) : sql_(sql), file_(file), summary_(summary) {}

  Result<void> save() {
    Packer head;
    head.number(static_cast<std::uint64_t>(Part::head));
    head.number(static_cast<std::uint64_t>(number(summary_.made)));
    head.number(static_cast<std::uint64_t>(summary_.schema));
    head.text(summary_.key_name);
    if (auto written = file_.write(head.take()); !written) return written;
    for (const std::string& table : tables(sql_)) {
      if (auto saved = save(table); !saved) return saved;
    }
    return file_.close();
  }

 private:
  Result<void> save(const std::string& table) {
    const std::vector<Column> all = columns(sql_, table);
    Packer begin;
    begin.number(static_cast<std::uint64_t>(Part::table));
    begin.text(table);
    begin.number(all.size());
    for (const Column& each : all) {
      begin.text(each.name);
      begin.number(each.is_number ? 1 : 0);
    }
    if (auto written = file_.write(begin.take()); !written) return written;
    Result<void> written;
    each_stored_row(sql_, table, all, [&](const Sql::Row& row) {
      ++summary_.rows;
      if (table == "connection") ++summary_.connections;
      if (rows_.bytes().empty()) rows_.number(static_cast<std::uint64_t>(Part::rows));
      for (const auto& value : row) {
        rows_.number(value ? 1 : 0);
        if (value) rows_.text(*value);
      }
      if (written && rows_.bytes().size() >= part_size) written = file_.write(rows_.take());
    });
    if (written && !rows_.bytes().empty()) written = file_.write(rows_.take());
    rows_ = {};
    return written;
  }

  Sql& sql_;
  BackupFile& file_;
  Backup& summary_;
  Packer rows_;
};

class Restoring {
 public:
  Restoring(Sql& sql, const Database& database, BackupFile& file) : sql_(sql), database_(database), file_(file) {}

  Result<Backup> restore() {
    auto first = file_.read();
    if (!first) return std::unexpected(first.error());
    if (auto read = read_head(first->value_or("")); !read) return std::unexpected(read.error());
    if (auto empty = make_room(); !empty) return std::unexpected(empty.error());
    while (true) {
      auto part = file_.read();
      if (!part) return std::unexpected(part.error());
      if (!*part) break;
      take(**part);
    }
    settle();
    return summary_;
  }

 private:
  Result<void> read_head(std::string_view part) {
    Unpacker from(part);
    if (from.number() != static_cast<std::uint64_t>(Part::head)) from.bad();
    summary_.made = instant(static_cast<std::int64_t>(from.number()));
    summary_.schema = static_cast<int>(from.number());
    summary_.key_name = from.text();
    summary_.bytes = file_.bytes();
    if (!from.is_good() || summary_.schema < 1) {
      return std::unexpected(Error{.kind = Error::Kind::data, .what = "the backup cannot be read"});
    }
    if (summary_.schema > static_cast<int>(migrations().size())) {
      return std::unexpected(
          Error{.kind = Error::Kind::input, .what = "a newer version of Dovetail made the backup; use that version"});
    }
    return {};
  }

  // The tables as they were when the backup was made; they are brought up to date with their rows in them.
  Result<void> make_room() {
    bool has_connections = false;
    sql_.each_row("select name from connection", 1, [&](const Sql::Row&) { has_connections = true; });
    if (has_connections) {
      return std::unexpected(
          Error{.kind = Error::Kind::input,
                .what = database_.description + ": there are connections already; restore into a new store"});
    }
    const auto all = tables(sql_);
    for (auto each = all.rbegin(); each != all.rend(); ++each) sql_.plain("drop table " + *each);
    migrate(sql_, 0, summary_.schema);
    sql_.plain("delete from meta");
    return {};
  }

  void take(std::string_view part) {
    Unpacker from(part);
    const auto what = static_cast<Part>(from.number());
    if (what == Part::table) {
      table_ = from.text();
      columns_.assign(from.count(), {});
      for (Column& each : columns_) {
        each.name = from.text();
        each.is_number = from.number() != 0;
      }
      const std::vector<Column> known = columns(sql_, table_);
      for (const Column& each : columns_) {
        if (!std::ranges::count(known, each.name, &Column::name)) from.bad();
      }
    } else if (what == Part::rows && !columns_.empty()) {
      insert(from);
    } else {
      from.bad();
    }
    if (!from.is_good()) throw SqlFailure(SqlFailure::Kind::corrupt, "the backup cannot be read");
  }

  void insert(Unpacker& from) {
    std::string values;
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      const std::string parameter = fmt::format(":p{}", i);
      values += i == 0 ? "" : ", ";
      values += columns_[i].is_number ? "cast(" + parameter + " as bigint)" : parameter;
    }
    const std::string statement =
        fmt::format("insert into {} ({}) values ({})", table_, list_of(columns_, "", ""), values);
    sql_.run_each(statement, columns_.size(), [&](Sql::Row& row) {
      if (from.is_at_end() || !from.is_good()) return false;
      for (auto& value : row) {
        value.reset();
        if (from.number() != 0) value = std::string(from.text());
      }
      if (!from.is_good()) return false;
      ++summary_.rows;
      if (table_ == "connection") ++summary_.connections;
      return true;
    });
  }

  // Nobody works on anything, every connection waits for a person, and new rows get new numbers.
  void settle() {
    const int newest = static_cast<int>(migrations().size());
    migrate(sql_, summary_.schema, newest);
    sql_.plain("update lane set owner = '', run_at = 0 where owner <> ''");
    sql_.plain("update lease set owner = '', lease_until = 0");
    sql_.plain("delete from commit_mark");
    sql_.plain(
        fmt::format("update connection set state = 'paused', version = version + 1,"
                    " why = '{} of {:%Y-%m-%d %H.%M} UTC'",
                    restored_from_backup, fmt::gmtime(std::chrono::system_clock::to_time_t(summary_.made))));
    if (sql_.engine() != Engine::postgres) return;
    for (const std::string& table : tables(sql_)) {
      const auto all = columns(sql_, table);
      if (!std::ranges::count(all, "id", &Column::name)) continue;
      sql_.plain(
          fmt::format("select setval(pg_get_serial_sequence('{0}', 'id'), (select coalesce(max(id), 0) + 1 from"
                      " {0}), false)",
                      table));
    }
  }

  Sql& sql_;
  const Database& database_;
  BackupFile& file_;
  Backup summary_;
  std::string table_;
  std::vector<Column> columns_;
};

}  // namespace
}  // namespace store

Result<Backup> back_up(std::string_view where, const KeyedHash::Key& key, const std::string& file, Instant now) {
  auto opened = store::open_sql_store(where, key, {.read_only = true});
  if (!opened) return std::unexpected(opened.error());
  Backup summary;
  const auto done = (*opened)->read_sql([&](store::Sql& sql) -> Result<void> {
    auto to = store::BackupFile::create(file, key);
    if (!to) return std::unexpected(to.error());
    summary = {.made = now, .schema = store::schema_version(sql), .key_name = KeyedHash(key).key_name()};
    auto saved = store::Saving(sql, *to, summary).save();
    summary.bytes = to->bytes();
    return saved;
  });
  if (!done) return std::unexpected(done.error());
  return summary;
}

Result<Backup> restore(std::string_view where, const KeyedHash::Key& key, const std::string& file) {
  // Looked at first: no store is made for a file that is no backup.
  if (auto from = store::BackupFile::open(file, key); !from) return std::unexpected(from.error());
  auto opened = store::open_sql_store(where, key, {.create = true});
  if (!opened) return std::unexpected(opened.error());
  Backup summary;
  const auto done = (*opened)->write_sql([&](store::Sql& sql) -> Result<void> {
    auto from = store::BackupFile::open(file, key);
    if (!from) return std::unexpected(from.error());
    auto restored = store::Restoring(sql, (*opened)->database(), *from).restore();
    if (!restored) return std::unexpected(restored.error());
    summary = *restored;
    return {};
  });
  if (!done) return std::unexpected(done.error());
  return summary;
}

}  // namespace dovetail
