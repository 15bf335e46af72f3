#include "engine/store/statements.hpp"

namespace dovetail::store {

Statements::Statements(const Database& database)
    : marks_of_hubs(database.engine,
                    "select link.hub_id, link.id, link.version from {given} cross join link"
                    " where link.connection = given.connection and link.hub_id = given.hub_id"
                    " order by link.hub_id, link.disputed, link.id",
                    {"#connection", "hub_id"}),
      insert_links(database.engine,
                   "insert into link (connection, hub_id, provider_id, disputed, version, content)"
                   " select connection, hub_id, provider_id, disputed, 1, content from {given}",
                   {"#connection", "hub_id", "provider_id", "#disputed", "content"}),
      update_links(database.engine,
                   "update link set hub_id = given.hub_id, provider_id = given.provider_id, disputed = given.disputed,"
                   " version = link.version + 1, content = given.content from {given} where link.id = given.id"
                   " and link.version = given.version and link.connection = given.connection returning link.id",
                   {"#connection", "#id", "#version", "hub_id", "provider_id", "#disputed", "content"}),
      // Who is as they were seen before is not written again.
      put_seen_records(database.engine,
                       "insert into hub_record (connection, hub_id, hash) select connection, hub_id, hash from {given}"
                       " where true on conflict (connection, hub_id) do update set hash = excluded.hash"
                       " where hub_record.hash <> excluded.hash",
                       {"#connection", "hub_id", "hash"}),
      open_problems(database.engine,
                    "select given.number, problem.id, problem.field from {given} cross join problem"
                    " where problem.connection = given.connection and problem.person = given.person"
                    " and problem.solved = 0",
                    {"#connection", "#number", "person"}),
      report(
          database.engine,
          "insert into problem (connection, run, person, hub_id, provider_id, field, reason, what, first_at, last_at,"
          " times, next_try, needs_you, solved) select connection, run, person, hub_id, provider_id, field, reason,"
          " what, first_at, last_at, times, next_try, needs_you, solved from {given} where true"
          " on conflict (connection, person, field, reason) do update set run = excluded.run,"
          " provider_id = excluded.provider_id, what = excluded.what, last_at = excluded.last_at,"
          " first_at = case when problem.solved = 1 then excluded.first_at else problem.first_at end,"
          " times = case when problem.solved = 1 then excluded.times else problem.times + excluded.times end,"
          " next_try = excluded.next_try, needs_you = excluded.needs_you, solved = excluded.solved",
          {"#connection", "#run", "person", "hub_id", "provider_id", "field", "reason", "what", "#first_at", "#last_at",
           "#times", "#next_try", "#needs_you", "#solved"}),
      solve(database.engine,
            "update problem set solved = 1, next_try = null, last_at = given.at from {given}"
            " where problem.id = given.id",
            {"#id", "#at"}) {
  const bool on_postgres = database.engine == Engine::postgres;
  const std::string skip = on_postgres ? " for update skip locked" : "";
  begin_writing = on_postgres ? "begin isolation level read committed read write" : "begin immediate";
  begin_reading = on_postgres ? "begin isolation level repeatable read read only" : "begin";
  claim =
      "update lane set owner = :worker, instance = :instance, lease_until = :until, fence = fence + 1, run_at = :never"
      " where connection = :connection and hub_id in (select hub_id from lane where connection = :same and owner = ''"
      " and parked = 0 and tail > done and run_at <= :now order by run_at, hub_id limit :most" +
      skip + ") returning hub_id, fence, tail, done, attempts";
  reap = "update lane set owner = '', run_at = :now where owner <> '' and (lease_until <= :over or " +
         dead_instance(database, "lane") + ")";
  take_lease =
      "insert into lease (name, owner, instance, fence, lease_until) values (:name, :owner, :instance, 1, :until)"
      " on conflict (name) do update set fence = case when lease.owner = excluded.owner"
      " and lease.instance = excluded.instance and lease.lease_until > :now then lease.fence else lease.fence + 1 end,"
      " owner = excluded.owner, instance = excluded.instance, lease_until = excluded.lease_until"
      " where lease.owner = '' or lease.lease_until <= :over"
      " or (lease.owner = excluded.owner and lease.instance = excluded.instance) or " +
      dead_instance(database, "lease") + " returning fence";
}

}  // namespace dovetail::store
