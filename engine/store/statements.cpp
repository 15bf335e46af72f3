#include "engine/store/statements.hpp"

namespace dovetail::store {

Statements::Statements(const Database& database) {
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

std::string many_rows(std::string beginning, const std::vector<std::string>& columns, const std::string& end) {
  for (std::size_t row = 0; row < together; ++row) {
    beginning += row == 0 ? "(" : ", (";
    for (std::size_t i = 0; i < columns.size(); ++i) {
      const std::string name = ":p" + std::to_string(row) + "_" + std::to_string(i);
      beginning += i == 0 ? "" : ", ";
      beginning += columns[i] == "number" ? "cast(" + name + " as bigint)" : name;
    }
    beginning += ")";
  }
  return beginning + end;
}

std::string many_values(std::string beginning, const std::string& end) {
  for (std::size_t i = 0; i < together; ++i) beginning += (i == 0 ? "(:p" : ", :p") + std::to_string(i);
  return beginning + ")" + end;
}

}  // namespace dovetail::store
