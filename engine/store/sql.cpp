#include "engine/store/sql.hpp"

#include <soci/postgresql/soci-postgresql.h>
#include <soci/soci.h>
#include <soci/sqlite3/soci-sqlite3.h>

#include <map>
#include <optional>

#include "engine/store/postgres_help.hpp"

namespace dovetail::store {

using Kind = SqlFailure::Kind;

struct Sql::Statement {
  struct Cell {
    bool is_number = false;
    long long number = 0;
    std::string text;
    soci::indicator indicator = soci::i_ok;
  };

  explicit Statement(soci::session& session) : statement(session) {}

  soci::statement statement;
  std::vector<Cell> in, out;
  const char* sql = nullptr;
  bool is_prepared = false;
};

struct Sql::Session {
  soci::session soci;
  // By text and kinds of parameters: a parameter's kind is fixed when its statement is prepared.
  std::map<const void*, std::unique_ptr<Statement>> statements;
};

namespace {

Kind sqlite_kind(int code) {
  switch (code & 0xff) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return Kind::locked;
    case SQLITE_FULL:
      return Kind::full;
    case SQLITE_IOERR:
      return Kind::disk;
    case SQLITE_READONLY:
      return Kind::read_only;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return Kind::corrupt;
    case SQLITE_PERM:
    case SQLITE_AUTH:
    case SQLITE_CANTOPEN:
      return Kind::permission;
    default:
      return Kind::other;
  }
}

Kind postgres_kind(const std::string& state) {
  const std::string_view kind = std::string_view(state).substr(0, 2);
  if (state == "40001" || state == "40P01" || state == "23505" || state == "55P03") return Kind::conflict;
  if (state == "25006" || kind == "08" || kind == "57") return Kind::lost;  // 25006: demoted to a standby
  if (state == "53100") return Kind::full;
  if (state == "53300") return Kind::crowded;
  if (kind == "22") return Kind::input;  // such as a text that is not of the database's encoding
  if (kind == "53") return Kind::lost;   // out of memory: wait
  if (kind == "28" || kind == "42" || kind == "3D" || kind == "3F") return Kind::permission;
  if (kind == "XX" || kind == "58") return Kind::corrupt;
  return Kind::other;
}

std::string one_line(std::string text) {
  while (!text.empty() && (text.back() == '\n' || text.back() == ' ')) text.pop_back();
  for (std::size_t at = 0; (at = text.find('\n', at)) != std::string::npos;) text[at] = ' ';
  return text;
}

std::string first_part(const std::string& what) {
  return what.substr(0, std::min(what.find(" while "), what.size()));  // SOCI adds the statement with its values
}

template <typename Work>
auto translated(soci::session* session, const Work& work) {
  try {
    return work();
  } catch (const soci::sqlite3_soci_error& error) {
    throw SqlFailure(sqlite_kind(error.result()), one_line(error.get_error_message()));
  } catch (const soci::postgresql_soci_error& error) {
    const bool lost = session != nullptr && !session->is_connected();
    const std::string state = error.sqlstate();
    throw SqlFailure(lost ? Kind::lost : postgres_kind(state.c_str()), first_part(one_line(error.get_error_message())));
  } catch (const soci::soci_error& error) {
    const std::string what = one_line(error.get_error_message());
    if (session == nullptr) throw SqlFailure(connecting_kind(what), what);
    throw SqlFailure(session->is_connected() ? Kind::other : Kind::lost, first_part(what));
  }
}

// What a server says besides its answers would stand in the middle of ours.
void hush(soci::session& session) {
  const auto& backend = static_cast<const soci::postgresql_session_backend&>(*session.get_backend());
  PQsetNoticeProcessor(backend.conn_, [](void*, const char*) {}, nullptr);
}

const soci::backend_factory& factory(Engine engine) {
  if (engine == Engine::sqlite) return *soci::factory_sqlite3();
  return *soci::factory_postgresql();
}

}  // namespace

Sql::Sql(Engine engine, std::string connect) : engine_(engine), connect_(std::move(connect)) { reconnect(); }
Sql::~Sql() = default;

void Sql::reconnect() {
  current_ = nullptr;
  session_.reset();
  auto session = std::make_unique<Session>();
  translated(nullptr, [&] { session->soci.open(factory(engine_), connect_); });
  if (engine_ == Engine::postgres) hush(session->soci);
  session_ = std::move(session);
}

void Sql::plain(const std::string& statement) {
  if (!session_) throw SqlFailure(Kind::lost, "not connected");
  translated(&session_->soci, [&] { session_->soci.once << statement; });
}

void Sql::start(const char* sql, std::size_t parameters, const std::vector<bool>& numbers) {
  if (!session_) throw SqlFailure(Kind::lost, "not connected");
  auto& slot = session_->statements[sql];
  if (!slot) {
    slot = std::make_unique<Statement>(session_->soci);
    slot->sql = sql;
    slot->in.resize(parameters);
    slot->out.resize(numbers.size());
    for (std::size_t i = 0; i < numbers.size(); ++i) slot->out[i].is_number = numbers[i];
  }
  current_ = slot.get();
}

void Sql::bind(std::size_t at, std::string_view text) {
  if (text.find('\0') != text.npos) throw SqlFailure(Kind::input, "a text with a NUL character cannot be kept");
  Statement::Cell& cell = current_->in[at];
  cell.text.assign(text);
  cell.indicator = soci::i_ok;
}

void Sql::bind(std::size_t at, std::optional<std::int64_t> number) {
  Statement::Cell& cell = current_->in[at];
  cell.is_number = true;
  cell.number = number.value_or(0);
  cell.indicator = number ? soci::i_ok : soci::i_null;
}

std::int64_t Sql::execute() {
  try {
    return execute_current();
  } catch (const SqlFailure&) {
    session_->statements.erase(current_->sql);  // it may be half prepared
    throw;
  }
}

std::int64_t Sql::execute_current() {
  return translated(&session_->soci, [&] {
    Statement& now = *current_;
    if (!now.is_prepared) {
      now.statement.alloc();
      for (auto& cell : now.in) {
        if (cell.is_number) now.statement.exchange(soci::use(cell.number, cell.indicator));
        if (!cell.is_number) now.statement.exchange(soci::use(cell.text, cell.indicator));
      }
      for (auto& cell : now.out) {
        if (cell.is_number) now.statement.exchange(soci::into(cell.number, cell.indicator));
        if (!cell.is_number) now.statement.exchange(soci::into(cell.text, cell.indicator));
      }
      now.statement.prepare(now.sql);
      now.statement.define_and_bind();
      now.is_prepared = true;
    }
    now.statement.execute(now.out.empty());
    return static_cast<std::int64_t>(now.out.empty() ? now.statement.get_affected_rows() : 0);
  });
}

bool Sql::fetch() {
  return translated(&session_->soci, [&] { return current_->statement.fetch(); });
}

std::string Sql::text(std::size_t at) {
  Statement::Cell& cell = current_->out[at];
  return cell.indicator == soci::i_null ? std::string() : std::move(cell.text);
}

std::optional<std::int64_t> Sql::number(std::size_t at) const {
  const Statement::Cell& cell = current_->out[at];
  if (cell.indicator == soci::i_null) return std::nullopt;
  return cell.number;
}

void Sql::each_row(const std::string& sql, std::size_t columns, const std::function<void(const Row&)>& use) {
  if (!session_) throw SqlFailure(Kind::lost, "not connected");
  std::vector<Statement::Cell> cells(columns);
  Row row(columns);
  std::optional<soci::statement> statement;
  translated(&session_->soci, [&] {
    statement.emplace(session_->soci);
    for (auto& cell : cells) statement->exchange(soci::into(cell.text, cell.indicator));
    statement->alloc();
    statement->prepare(sql);
    statement->define_and_bind();
    statement->execute();
  });
  while (translated(&session_->soci, [&] { return statement->fetch(); })) {
    for (std::size_t i = 0; i < columns; ++i) {
      row[i].reset();
      if (cells[i].indicator != soci::i_null) row[i] = cells[i].text;
    }
    use(row);
  }
}

void Sql::run_each(const std::string& sql, std::size_t parameters, const std::function<bool(Row&)>& next) {
  if (!session_) throw SqlFailure(Kind::lost, "not connected");
  std::vector<Statement::Cell> cells(parameters);
  Row row(parameters);
  std::optional<soci::statement> statement;
  translated(&session_->soci, [&] {
    statement.emplace(session_->soci);
    for (auto& cell : cells) statement->exchange(soci::use(cell.text, cell.indicator));
    statement->alloc();
    statement->prepare(sql);
    statement->define_and_bind();
  });
  while (next(row)) {
    for (std::size_t i = 0; i < parameters; ++i) {
      cells[i].indicator = row[i] ? soci::i_ok : soci::i_null;
      cells[i].text = row[i].value_or(std::string());
    }
    translated(&session_->soci, [&] { statement->execute(true); });
  }
}

bool Sql::in_transaction() const {
  if (engine_ != Engine::sqlite) return true;
  const auto& backend = static_cast<const soci::sqlite3_session_backend&>(*session_->soci.get_backend());
  return sqlite_api::sqlite3_get_autocommit(backend.conn_) == 0;
}

}  // namespace dovetail::store
