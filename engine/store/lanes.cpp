// The durable queue: one lane per person. Numbers of events come from the lane's row, so that they are in order.
#include <algorithm>

#include "engine/store/transaction.hpp"

namespace dovetail::store {
namespace {

constexpr std::int64_t never = 9'000'000'000'000'000;  // a lane that is worked on and has nothing new

using LaneRow = std::tuple<std::string, std::int64_t, std::int64_t, std::int64_t, std::string, std::int64_t,
                           std::int64_t, std::string, std::int64_t>;

Lane lane_of(ConnectionId connection, const LaneRow& row) {
  const auto& [hub_id, tail, done, run_at, owner, attempts, parked, why, lease_until] = row;
  Lane lane;
  lane.connection = connection;
  lane.hub_id = hub_id;
  lane.tail = tail;
  lane.done = done;
  lane.run_at = instant(run_at);
  lane.attempts = static_cast<unsigned>(attempts);
  lane.why = why;
  lane.worker = owner;
  lane.lease_until = instant(lease_until);
  if (!owner.empty()) {
    lane.state = LaneState::worked;
  } else if (parked != 0) {
    lane.state = LaneState::parked;
  } else {
    lane.state = tail > done ? LaneState::due : LaneState::idle;
  }
  return lane;
}

}  // namespace

// A lane that waits keeps the earlier of its times; one that is idle or parked starts anew.
void SqlTransaction::number_event(const PersonEvent& event) {
  // Lanes are claimed by how long they wait: what is told as it happens has a head start.
  const bool is_now = event.due <= event.at && !event.is_bulk;
  const Instant turn = is_now ? event.due - std::chrono::hours(1) : event.due;
  const auto row = sql_.row<std::int64_t>(
      "insert into lane (connection, hub_id, tail, done, run_at, owner, instance, lease_until, fence, attempts, parked,"
      " why) values (:connection, :hub_id, 1, 0, :due, '', 0, 0, 0, 0, 0, '')"
      " on conflict (connection, hub_id) do update set tail = lane.tail + 1,"
      " run_at = case when lane.tail > lane.done and lane.parked = 0 and lane.run_at < excluded.run_at"
      " then lane.run_at else excluded.run_at end,"
      " attempts = case when lane.parked = 1 then 0 else lane.attempts end, parked = 0 returning tail",
      event.connection, event.hub_id, store_time(turn));
  sql_.run(
      "insert into event (connection, hub_id, seq, event_id, what, at, due)"
      " values (:connection, :hub_id, :seq, :event_id, :what, :at, :due)",
      event.connection, event.hub_id, std::get<0>(row.value()), event.id, name(event.what), number(event.at),
      number(event.due));
}

Result<bool> SqlTransaction::take_in(const PersonEvent& event) {
  return writing([&]() -> Result<bool> {
    tenant_of(event.connection);
    if (!event.id.empty()) {
      const auto is_new = sql_.run(
          "insert into seen (connection, event_id, at) values (:connection, :event_id, :at)"
          " on conflict (connection, event_id) do nothing",
          event.connection, event.id, number(event.at));
      if (is_new == 0) return false;
    }
    number_event(event);
    return true;
  });
}

std::vector<PersonEvent> SqlTransaction::events(ConnectionId connection, const std::string& hub_id,
                                                std::int64_t after) {
  std::vector<PersonEvent> all;
  for (auto& [id, what, at, due] : sql_.rows<std::string, std::string, std::int64_t, std::int64_t>(
           "select event_id, what, at, due from event where connection = :connection and hub_id = :hub_id"
           " and seq > :after order by seq",
           connection, hub_id, after)) {
    const auto kind = find_event(what);
    if (!kind) throw SqlFailure(SqlFailure::Kind::corrupt, "an event of \"" + hub_id + "\" cannot be read");
    all.push_back({id, connection, hub_id, *kind, instant(at), instant(due)});
  }
  return all;
}

Result<std::vector<ConnectionId>> SqlTransaction::due_connections(Instant now) {
  return reading([&]() -> Result<std::vector<ConnectionId>> {
    std::vector<ConnectionId> all;
    for (const auto& [id] : sql_.rows<std::int64_t>(
             "select id from (select c.id as id, (select min(l.run_at) from lane l where l.connection = c.id"
             " and l.owner = '' and l.parked = 0 and l.tail > l.done) as first_at from connection c"
             " where c.state = 'active') as waiting where first_at <= :now order by first_at, id",
             store_time(now))) {
      all.push_back(id);
    }
    return all;
  });
}

Result<std::vector<Claim>> SqlTransaction::claim(ConnectionId id, std::string_view worker, std::size_t most,
                                                 Instant now, Instant lease_until) {
  return writing([&]() -> Result<std::vector<Claim>> {
    std::vector<Claim> claims;
    if (worker.empty()) throw SqlFailure(SqlFailure::Kind::input, "a worker needs a name");
    if (!sql_.row<std::int64_t>("select id from connection where id = :id and state = 'active'", id)) return claims;
    for (auto& [hub_id, fence, tail, done, attempts] :
         sql_.rows<std::string, std::int64_t, std::int64_t, std::int64_t, std::int64_t>(
             statements_.claim.c_str(), worker, database_.instance, store_time(lease_until), never, id, id,
             store_time(now), static_cast<std::int64_t>(most))) {
      Claim claim;
      claim.connection = id;
      claim.hub_id = hub_id;
      claim.fence = fence;
      claim.upto = tail;
      claim.attempts = static_cast<unsigned>(attempts);
      claim.events = events(id, hub_id, done);
      claims.push_back(std::move(claim));
    }
    // `returning` has no order of its own: the earliest event first.
    std::ranges::sort(claims, [](const Claim& one, const Claim& other) {
      const Instant at = one.events.empty() ? Instant() : one.events.front().at;
      const Instant other_at = other.events.empty() ? Instant() : other.events.front().at;
      return std::tie(at, one.hub_id) < std::tie(other_at, other.hub_id);
    });
    return claims;
  });
}

Result<bool> SqlTransaction::renew(const Claim& claim, Instant lease_until) {
  return writing([&]() -> Result<bool> {
    return sql_.run(
               "update lane set lease_until = :until where connection = :connection and hub_id = :hub_id"
               " and fence = :fence and owner <> ''",
               store_time(lease_until), claim.connection, claim.hub_id, claim.fence) != 0;
  });
}

Result<bool> SqlTransaction::finish(const Claim& claim, std::optional<Instant> again) {
  return writing([&]() -> Result<bool> {
    const auto held = sql_.run(
        "update lane set done = :upto, owner = '', attempts = 0, why = ''"
        " where connection = :connection and hub_id = :hub_id and fence = :fence and owner <> ''",
        claim.upto, claim.connection, claim.hub_id, claim.fence);
    if (held == 0) return false;
    sql_.run("delete from event where connection = :connection and hub_id = :hub_id and seq <= :upto", claim.connection,
             claim.hub_id, claim.upto);
    if (again) number_event({"", claim.connection, claim.hub_id, Event::changed, Instant(), *again});
    return true;
  });
}

Result<bool> SqlTransaction::retry(const Claim& claim, Instant at, std::string_view why) {
  return writing([&]() -> Result<bool> {
    return sql_.run(
               "update lane set owner = '', attempts = attempts + 1, why = :why,"
               " run_at = case when run_at < :at then run_at else :same end"
               " where connection = :connection and hub_id = :hub_id and fence = :fence and owner <> ''",
               why, store_time(at), store_time(at), claim.connection, claim.hub_id, claim.fence) != 0;
  });
}

// What came while the worker was at it takes the lane out of its park at once.
Result<bool> SqlTransaction::park(const Claim& claim, std::string_view why) {
  return writing([&]() -> Result<bool> {
    return sql_.run(
               "update lane set owner = '', why = :why, parked = case when tail > :upto then 0 else 1 end,"
               " attempts = case when tail > :same then 0 else attempts + 1 end"
               " where connection = :connection and hub_id = :hub_id and fence = :fence and owner <> ''",
               why, claim.upto, claim.upto, claim.connection, claim.hub_id, claim.fence) != 0;
  });
}

Result<std::size_t> SqlTransaction::reap(Instant now) {
  return writing([&]() -> Result<std::size_t> {
    return static_cast<std::size_t>(sql_.run(statements_.reap.c_str(), store_time(now), store_time(now)));
  });
}

Lane SqlTransaction::by_this_clock(Lane lane) const {
  lane.run_at = machine_time(number(lane.run_at));
  lane.lease_until = machine_time(number(lane.lease_until));
  return lane;
}

#define LANE_COLUMNS "hub_id, tail, done, run_at, owner, attempts, parked, why, lease_until"

Result<std::vector<Lane>> SqlTransaction::lanes(ConnectionId id) {
  return reading([&]() -> Result<std::vector<Lane>> {
    std::vector<Lane> all;
    for (const auto& row : sql_.rows<std::string, std::int64_t, std::int64_t, std::int64_t, std::string, std::int64_t,
                                     std::int64_t, std::string, std::int64_t>(
             "select " LANE_COLUMNS " from lane where connection = :connection and (tail > done or owner <> '')", id)) {
      all.push_back(by_this_clock(lane_of(id, row)));
    }
    std::ranges::sort(all, {}, &Lane::hub_id);
    return all;
  });
}

// By bytes, on every server: a place in the order must be the same for whoever asks next.
Result<std::vector<Lane>> SqlTransaction::lanes_behind(ConnectionId id, std::string_view hub_id, std::size_t most) {
  return reading([&]() -> Result<std::vector<Lane>> {
    const bool on_postgres = database_.engine == Engine::postgres;
    const char* const text = on_postgres
                                 ? "select " LANE_COLUMNS
                                   " from lane where connection = :connection and (tail > done or owner <> '')"
                                   " and hub_id collate \"C\" > :behind order by hub_id collate \"C\" limit :most"
                                 : "select " LANE_COLUMNS
                                   " from lane where connection = :connection and (tail > done or owner <> '')"
                                   " and hub_id > :behind order by hub_id limit :most";
    std::vector<Lane> all;
    for (const auto& row :
         sql_.rows<std::string, std::int64_t, std::int64_t, std::int64_t, std::string, std::int64_t, std::int64_t,
                   std::string, std::int64_t>(text, id, hub_id, static_cast<std::int64_t>(most))) {
      all.push_back(by_this_clock(lane_of(id, row)));
    }
    return all;
  });
}

Result<std::size_t> SqlTransaction::count_lanes(ConnectionId id) {
  return reading([&]() -> Result<std::size_t> {
    const auto row = sql_.row<std::int64_t>(
        "select count(*) from lane where connection = :connection and (tail > done or owner <> '')", id);
    return static_cast<std::size_t>(std::get<0>(row.value()));
  });
}

Result<std::optional<Lane>> SqlTransaction::lane(ConnectionId id, std::string_view hub_id) {
  return reading([&]() -> Result<std::optional<Lane>> {
    const auto row = sql_.row<std::string, std::int64_t, std::int64_t, std::int64_t, std::string, std::int64_t,
                              std::int64_t, std::string, std::int64_t>(
        "select " LANE_COLUMNS " from lane where connection = :connection and hub_id = :hub_id", id, hub_id);
    if (!row) return std::nullopt;
    return by_this_clock(lane_of(id, *row));
  });
}

Result<std::size_t> SqlTransaction::waiting(ConnectionId id) {
  return reading([&]() -> Result<std::size_t> {
    const auto row = sql_.row<std::int64_t>(
        "select coalesce(sum(tail - done), 0) from lane where connection = :connection and tail > done", id);
    return static_cast<std::size_t>(std::get<0>(row.value()));
  });
}

Result<std::optional<Instant>> SqlTransaction::next_due() {
  return reading([&]() -> Result<std::optional<Instant>> {
    const auto row = sql_.row<std::optional<std::int64_t>>(
        "select min((select min(l.run_at) from lane l where l.connection = c.id and l.owner = '' and l.parked = 0"
        " and l.tail > l.done)) from connection c where c.state = 'active'");
    const std::optional<std::int64_t> first = std::get<0>(row.value());
    return first ? std::optional(machine_time(*first)) : std::nullopt;
  });
}

Result<void> SqlTransaction::unpark(ConnectionId id, std::string_view hub_id, Instant now) {
  return writing([&]() -> Result<void> {
    if (hub_id.empty()) {
      sql_.run(
          "update lane set parked = 0, attempts = 0, run_at = :now where connection = :connection and owner = ''"
          " and tail > done",
          store_time(now), id);
    } else {
      sql_.run(
          "update lane set parked = 0, attempts = 0, run_at = :now where connection = :connection"
          " and hub_id = :hub_id and owner = '' and tail > done",
          store_time(now), id, hub_id);
    }
    return {};
  });
}

Result<std::optional<Lease>> SqlTransaction::take_lease(std::string_view name, std::string_view owner, Instant now,
                                                        Instant until) {
  return writing([&]() -> Result<std::optional<Lease>> {
    if (owner.empty()) throw SqlFailure(SqlFailure::Kind::input, "a lease needs an owner");
    const auto row = sql_.row<std::int64_t>(statements_.take_lease.c_str(), name, owner, database_.instance,
                                            store_time(until), store_time(now), store_time(now));
    if (!row) return std::nullopt;
    return Lease{std::string(name), std::string(owner), std::get<0>(*row), until};
  });
}

Result<bool> SqlTransaction::give_back(const Lease& lease) {
  return writing([&]() -> Result<bool> {
    return sql_.run(
               "update lease set owner = '', lease_until = 0 where name = :name and owner = :owner"
               " and fence = :fence",
               lease.name, lease.owner, lease.fence) != 0;
  });
}

Result<std::vector<Lease>> SqlTransaction::leases(std::string_view beginning) {
  return reading([&]() -> Result<std::vector<Lease>> {
    std::vector<Lease> all;
    for (auto& [name, owner, fence, until] : sql_.rows<std::string, std::string, std::int64_t, std::int64_t>(
             "select name, owner, fence, lease_until from lease where owner <> '' order by name")) {
      if (name.starts_with(beginning)) all.push_back({name, owner, fence, machine_time(until)});
    }
    // Beside a SQLite store whoever only reads it is another instance than who has it.
    if (database_.engine == Engine::sqlite) return all;
    const std::string dead = "select name from lease where owner <> '' and " + dead_instance(database_, "lease");
    for (const auto& [name] : sql_.rows<std::string>(dead.c_str())) {
      const auto found = std::ranges::find(all, name, &Lease::name);
      if (found != all.end()) found->is_gone = true;
    }
    return all;
  });
}

}  // namespace dovetail::store
