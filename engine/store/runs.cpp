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

Result<void> SqlTransaction::put_document(RunId run, std::string_view name, std::string_view content, Instant expires) {
  return writing([&]() -> Result<void> {
    const auto of = sql_.row<std::int64_t>("select connection from run where id = :id", run);
    if (!of) return std::unexpected(no_such_run(run));
    const ConnectionId connection = std::get<0>(*of);
    const std::size_t parts = content.empty() ? 0 : (content.size() - 1) / part_size;
    sql_.run("delete from run_document_part where run = :run and name = :name", run, name);
    sql_.run(
        "insert into run_document (connection, run, name, content, expires, parts)"
        " values (:connection, :run, :name, :content, :expires, :parts)"
        " on conflict (run, name) do update set content = excluded.content, expires = excluded.expires,"
        " parts = excluded.parts",
        connection, run, name, seal(sealed::document, connection, content.substr(0, part_size), name), number(expires),
        parts);
    for (std::size_t part = 1; part <= parts; ++part) {
      const std::string_view text = content.substr(part * part_size, part_size);
      sql_.run(
          "insert into run_document_part (connection, run, name, part, content)"
          " values (:connection, :run, :name, :part, :content)",
          connection, run, name, part, seal(sealed::document_part, connection, text, name, std::to_string(part)));
    }
    return {};
  });
}

Result<std::optional<std::string>> SqlTransaction::document(RunId run, std::string_view name) {
  return reading([&]() -> Result<std::optional<std::string>> {
    const auto row = sql_.row<std::int64_t, std::string, std::int64_t>(
        "select connection, content, parts from run_document where run = :run and name = :name", run, name);
    if (!row) return std::nullopt;
    const auto& [connection, content, parts] = *row;
    std::string whole = open(sealed::document, connection, content, name);
    if (parts > 0) whole.reserve((static_cast<std::size_t>(parts) + 1) * part_size);
    for (std::int64_t part = 1; part <= parts; ++part) {
      const auto sealed = sql_.row<std::string>(
          "select content from run_document_part where run = :run and name = :name and part = :part", run, name, part);
      if (!sealed) {
        throw SqlFailure(SqlFailure::Kind::corrupt,
                         "a part of what run number " + std::to_string(run) + " keeps is gone");
      }
      whole += open(sealed::document_part, connection, std::get<0>(*sealed), name, std::to_string(part));
    }
    return whole;
  });
}

}  // namespace dovetail::store
