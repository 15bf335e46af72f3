// What is forgotten: a person, and what is too old.
#include "engine/store/transaction.hpp"

namespace dovetail::store {

Result<void> SqlTransaction::erase_person(ConnectionId id, std::string_view hub_id, Instant at) {
  return writing([&]() -> Result<void> {
    tenant_of(id);
    for (const auto& [provider_id] : sql_.rows<std::string>(
             "select provider_id from link where connection = :connection and hub_id = :hub_id and disputed = 0", id,
             hub_id)) {
      if (provider_id.empty()) continue;
      sql_.run("delete from problem where connection = :connection and person = :person", id,
               "provider:" + provider_id);
    }
    for (const char* statement : {"delete from link where connection = :connection and hub_id = :hub_id",
                                  "delete from event where connection = :connection and hub_id = :hub_id",
                                  "delete from lane where connection = :connection and hub_id = :hub_id",
                                  "delete from hub_record where connection = :connection and hub_id = :hub_id",
                                  "delete from intent where connection = :connection and hub_id = :hub_id",
                                  "delete from kept_value where connection = :connection and hub_id = :hub_id",
                                  "delete from problem where connection = :connection and hub_id = :hub_id",
                                  "delete from guarded where connection = :connection and hub_id = :hub_id",
                                  "delete from flip where connection = :connection and hub_id = :hub_id"}) {
      sql_.run(statement, id, hub_id);
    }
    sql_.run("delete from run_document where connection = :connection", id);
    sql_.run(
        "update run set state = 'abandoned', ended = :at, summary = 'abandoned: a person was erased'"
        " where connection = :connection and state not in ('finished', 'failed', 'abandoned')",
        number(at), id);
    sql_.run(
        "insert into tombstone (connection, hash, at) values (:connection, :hash, :at)"
        " on conflict (connection, hash) do nothing",
        id, database_.hasher.hash("person " + std::string(hub_id)), number(at));
    return {};
  });
}

Result<bool> SqlTransaction::is_erased(ConnectionId id, std::string_view hub_id) {
  return reading([&]() -> Result<bool> {
    return sql_
        .row<std::int64_t>("select at from tombstone where connection = :connection and hash = :hash", id,
                           database_.hasher.hash("person " + std::string(hub_id)))
        .has_value();
  });
}

Result<std::size_t> SqlTransaction::expire(Instant now, Instant kept_since) {
  return writing([&]() -> Result<std::size_t> {
    std::int64_t gone = 0;
    for (const char* statement :
         {"delete from run_document where expires <= :now", "delete from kept_value where expires <= :now"}) {
      gone += sql_.run(statement, number(now));
    }
    for (const char* statement :
         {"delete from problem where solved = 1 and last_at < :since", "delete from seen where at < :since",
          "delete from intent where ended is not null and ended < :since", "delete from guarded where at < :since",
          "delete from flip where at < :since", "delete from commit_mark where at < :since",
          "delete from notification where told is not null and told < :since"}) {
      gone += sql_.run(statement, number(kept_since));
    }
    return static_cast<std::size_t>(gone);
  });
}

}  // namespace dovetail::store
