// Manual runs and their documents.
#include "engine/store/transaction.hpp"

namespace dovetail::store {
namespace {

Error no_such_run(RunId run) {
  return {.kind = Error::Kind::input, .what = "there is no run number " + std::to_string(run)};
}

constexpr std::size_t part_size = 1U << 20U;  // bytes of a document before they are sealed

#define RUN_COLUMNS "id, connection, state, kind, started_by, rules_hash, started, ended, summary"

template <typename... In>
std::vector<Run> read(Sql& sql, const char* text, const In&... in) {
  std::vector<Run> all;
  for (auto& [id, connection, state, kind, by, rules_hash, started, ended, summary] :
       sql.rows<std::int64_t, std::int64_t, std::string, std::string, std::string, std::string, std::int64_t,
                std::optional<std::int64_t>, std::string>(text, in...)) {
    const auto state_of = find_run_state(state);
    if (!state_of) throw SqlFailure(SqlFailure::Kind::corrupt, "run number " + std::to_string(id) + " cannot be read");
    all.push_back({id, connection, *state_of, kind, by, rules_hash, instant(started), instant(ended), summary});
  }
  return all;
}

}  // namespace

Result<RunId> SqlTransaction::add(const Run& of) {
  return writing([&]() -> Result<RunId> {
    tenant_of(of.connection);
    const auto row = sql_.row<std::int64_t>(
        "insert into run (connection, state, kind, started_by, rules_hash, started, ended, summary)"
        " values (:connection, :state, :kind, :by, :rules_hash, :started, :ended, :summary) returning id",
        of.connection, name(of.state), of.kind, of.by, of.rules_hash, number(of.started), number(of.ended), of.summary);
    return std::get<0>(row.value());
  });
}

Result<void> SqlTransaction::update(const Run& of) {
  return writing([&]() -> Result<void> {
    const auto changed = sql_.run(
        "update run set state = :state, kind = :kind, started_by = :by, rules_hash = :rules_hash, started = :started,"
        " ended = :ended, summary = :summary where id = :id",
        name(of.state), of.kind, of.by, of.rules_hash, number(of.started), number(of.ended), of.summary, of.id);
    if (changed == 0) return std::unexpected(no_such_run(of.id));
    return {};
  });
}

Result<std::optional<Run>> SqlTransaction::run(RunId id) {
  return reading([&]() -> Result<std::optional<Run>> {
    auto all = read(sql_, "select " RUN_COLUMNS " from run where id = :id", id);
    if (all.empty()) return std::nullopt;
    return std::move(all.front());
  });
}

Result<std::vector<Run>> SqlTransaction::runs(ConnectionId id) {
  return reading([&]() -> Result<std::vector<Run>> {
    return read(sql_, "select " RUN_COLUMNS " from run where connection = :connection order by id desc", id);
  });
}

// The first part is the document's own row, which the others belong to.
void SqlTransaction::put_part(ConnectionId id, RunId run, std::string_view name, std::size_t part,
                              std::string_view text, Instant expires) {
  if (part == 0) {
    sql_.run(
        "insert into run_document (connection, run, name, content, expires, parts)"
        " values (:connection, :run, :name, :content, :expires, 0)"
        " on conflict (run, name) do update set content = excluded.content, expires = excluded.expires,"
        " parts = excluded.parts",
        id, run, name, seal(sealed::document, id, text, name), number(expires));
    return;
  }
  sql_.run(
      "insert into run_document_part (connection, run, name, part, content)"
      " values (:connection, :run, :name, :part, :content)",
      id, run, name, part, seal(sealed::document_part, id, text, name, std::to_string(part)));
}

Result<void> SqlTransaction::write_document(RunId run, std::string_view name,
                                            const std::function<void(const PassOn&)>& write, Instant expires) {
  return writing([&]() -> Result<void> {
    const auto of = sql_.row<std::int64_t>("select connection from run where id = :id", run);
    if (!of) return std::unexpected(no_such_run(run));
    const ConnectionId connection = std::get<0>(*of);
    sql_.run("delete from run_document_part where run = :run and name = :name", run, name);
    std::string part;
    std::size_t parts = 0;  // that are full, and that something followed
    write([&](std::string_view piece) {
      while (!piece.empty()) {
        if (part.size() == part_size) {
          put_part(connection, run, name, parts++, part, expires);
          part.clear();
        }
        const std::string_view fits = piece.substr(0, part_size - part.size());
        part += fits;
        piece.remove_prefix(fits.size());
      }
    });
    put_part(connection, run, name, parts, part, expires);
    if (parts > 0)
      sql_.run("update run_document set parts = :parts where run = :run and name = :name", parts, run, name);
    return {};
  });
}

Result<void> SqlTransaction::put_document(RunId run, std::string_view name, std::string_view content, Instant expires) {
  return write_document(run, name, [&](const PassOn& pass_on) { pass_on(content); }, expires);
}

std::string SqlTransaction::document_part(ConnectionId id, RunId run, std::string_view name, std::int64_t part) {
  const auto sealed = sql_.row<std::string>(
      "select content from run_document_part where run = :run and name = :name and part = :part", run, name, part);
  if (!sealed) {
    throw SqlFailure(SqlFailure::Kind::corrupt, "a part of what run number " + std::to_string(run) + " keeps is gone");
  }
  return open(sealed::document_part, id, std::get<0>(*sealed), name, std::to_string(part));
}

Result<bool> SqlTransaction::read_document(RunId run, std::string_view name,
                                           const std::function<void(const NextPiece&)>& read) {
  return reading([&]() -> Result<bool> {
    auto row = sql_.row<std::int64_t, std::string, std::int64_t>(
        "select connection, content, parts from run_document where run = :run and name = :name", run, name);
    if (!row) return false;
    auto& [connection, content, parts] = *row;
    std::string first = open(sealed::document, connection, content, name);
    std::string().swap(content);
    std::int64_t part = 0;
    read([&, owner = connection, last = parts]() -> std::string {
      if (part > last) return {};
      const std::int64_t here = part++;
      return here == 0 ? std::move(first) : document_part(owner, run, name, here);
    });
    return true;
  });
}

Result<std::optional<std::string>> SqlTransaction::document(RunId run, std::string_view name) {
  std::string whole;
  const Result<bool> is_there = read_document(run, name, [&](const NextPiece& next) {
    for (std::string piece = next(); !piece.empty(); piece = next()) whole += piece;
  });
  if (!is_there) return std::unexpected(is_there.error());
  return *is_there ? std::optional(std::move(whole)) : std::nullopt;
}

}  // namespace dovetail::store
