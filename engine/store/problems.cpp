// The error log, and what the guard and the breaker of oscillations count.
#include <algorithm>
#include <map>
#include <set>

#include "engine/store/statements.hpp"
#include "engine/store/transaction.hpp"

namespace dovetail::store {
namespace {

// Who a problem is about, in one column.
std::string person_of(std::string_view hub_id, std::string_view provider_id) {
  if (!hub_id.empty()) return "hub:" + std::string(hub_id);
  if (!provider_id.empty()) return "provider:" + std::string(provider_id);
  return {};
}

// A label stands for all of its elements too: "Job title" for "Job title [2025-09-20]".
bool covers(std::string_view still, std::string_view field) {
  return field.starts_with(still) &&
         (field.size() == still.size() || (!still.empty() && field.substr(still.size()).starts_with(" [")));
}

}  // namespace

Result<void> SqlTransaction::report(const Problem& of) {
  return writing([&]() -> Result<void> {
    const std::string person = person_of(of.hub_id, of.provider_id);
    sql_.run(
        "insert into problem (connection, run, person, hub_id, provider_id, field, reason, what, first_at, last_at,"
        " times, next_try, needs_you, solved) values (:connection, :run, :person, :hub_id, :provider_id, :field,"
        " :reason, :what, :first_at, :last_at, :times, :next_try, :needs_you, :solved)"
        " on conflict (connection, person, field, reason) do update set run = excluded.run,"
        " provider_id = excluded.provider_id, what = excluded.what, last_at = excluded.last_at,"
        " first_at = case when problem.solved = 1 then excluded.first_at else problem.first_at end,"
        " times = case when problem.solved = 1 then excluded.times else problem.times + excluded.times end,"
        " next_try = excluded.next_try, needs_you = excluded.needs_you, solved = excluded.solved",
        of.connection, of.run, person, of.hub_id, of.provider_id, of.field, name(of.reason),
        seal(sealed::problem, of.connection, of.what, person, of.field), number(of.first), number(of.last), of.times,
        number(of.next_try), of.needs_you, of.solved);
    return {};
  });
}

Result<std::vector<Problem>> SqlTransaction::problems(ConnectionId id, bool also_solved) {
  return reading([&]() -> Result<std::vector<Problem>> {
    std::vector<Problem> all;
    for (auto& [problem, run, person, hub_id, provider_id, field, reason, what, first, last, times, next_try, needs_you,
                solved] : sql_.rows<std::int64_t, std::int64_t, std::string, std::string, std::string, std::string,
                                    std::string, std::string, std::int64_t, std::int64_t, std::int64_t,
                                    std::optional<std::int64_t>, std::int64_t, std::int64_t>(
             "select id, run, person, hub_id, provider_id, field, reason, what, first_at, last_at, times, next_try,"
             " needs_you, solved from problem where connection = :connection and (solved = 0 or :all = 1)"
             " order by last_at desc, id desc",
             id, also_solved ? 1 : 0)) {
      const auto reason_of = find_reason(reason);
      if (!reason_of) throw SqlFailure(SqlFailure::Kind::corrupt, "a line of the error log cannot be read");
      Problem of;
      of.id = problem;
      of.connection = id;
      of.run = run;
      of.hub_id = hub_id;
      of.provider_id = provider_id;
      of.field = field;
      of.reason = *reason_of;
      of.what = open(sealed::problem, id, what, person, field);
      of.first = instant(first);
      of.last = instant(last);
      of.times = static_cast<unsigned>(times);
      of.next_try = instant(next_try);
      of.needs_you = needs_you != 0;
      of.solved = solved != 0;
      all.push_back(std::move(of));
    }
    return all;
  });
}

Result<void> SqlTransaction::solve(ConnectionId id, std::string_view hub_id, std::string_view provider_id,
                                   const std::vector<std::string>& still, Instant at) {
  return writing([&]() -> Result<void> {
    const std::string person = person_of(hub_id, provider_id);
    const std::string record = provider_id.empty() ? person : person_of({}, provider_id);
    for (auto& [problem, field] : sql_.rows<std::int64_t, std::string>(
             "select id, field from problem where connection = :connection and (person = :person or person = :record)"
             " and solved = 0",
             id, person, record)) {
      if (std::ranges::any_of(still, [&](const std::string& one) { return covers(one, field); })) continue;
      sql_.run("update problem set solved = 1, next_try = null, last_at = :at where id = :id", number(at), problem);
    }
    return {};
  });
}

Result<std::vector<std::size_t>> SqlTransaction::with_problems(
    ConnectionId id, const std::vector<std::pair<std::string_view, std::string_view>>& people) {
  static const std::string text =
      many_values("select person from problem where connection = :connection and solved = 0 and person in ", "");
  return reading([&]() -> Result<std::vector<std::size_t>> {
    std::multimap<std::string, std::size_t> asked;  // as solve() looks for them
    for (std::size_t i = 0; i < people.size(); ++i) {
      const auto& [hub_id, provider_id] = people[i];
      asked.emplace(person_of(hub_id, provider_id), i);
      if (!hub_id.empty() && !provider_id.empty()) asked.emplace(person_of({}, provider_id), i);
    }
    std::set<std::size_t> found;
    for (auto next = asked.begin(); next != asked.end();) {
      std::vector<Sql::Parameter> in = {id};
      std::string last;
      for (; next != asked.end() && in.size() <= together; ++next) in.emplace_back(last = next->first);
      while (in.size() <= together) in.emplace_back(last);
      for (const auto& [person] : sql_.rows_of<std::string>(text.c_str(), in)) {
        const auto [begin, end] = asked.equal_range(person);
        for (auto one = begin; one != end; ++one) found.insert(one->second);
      }
    }
    return std::vector<std::size_t>(found.begin(), found.end());
  });
}

Result<void> SqlTransaction::count_guarded(ConnectionId id, std::string_view hub_id, ir::Guard::Kind kind, Instant at) {
  return writing([&]() -> Result<void> {
    sql_.run(
        "insert into guarded (connection, kind, hub_id, at) values (:connection, :kind, :hub_id, :at)"
        " on conflict (connection, kind, hub_id) do update set"
        " at = case when guarded.at > excluded.at then guarded.at else excluded.at end",
        id, static_cast<std::int64_t>(kind), hub_id, number(at));
    return {};
  });
}

Result<void> SqlTransaction::uncount_guarded(ConnectionId id, std::string_view hub_id, ir::Guard::Kind kind,
                                             Instant at) {
  return writing([&]() -> Result<void> {
    sql_.run("delete from guarded where connection = :connection and kind = :kind and hub_id = :hub_id and at = :at",
             id, static_cast<std::int64_t>(kind), hub_id, number(at));
    return {};
  });
}

Result<std::array<std::uint32_t, 5>> SqlTransaction::guarded_since(ConnectionId id, Instant since,
                                                                   std::string_view except) {
  return reading([&]() -> Result<std::array<std::uint32_t, 5>> {
    std::array<std::uint32_t, 5> counts{};
    for (const auto& [kind, count] : sql_.rows<std::int64_t, std::int64_t>(
             "select kind, count(*) from guarded where connection = :connection and at >= :since and hub_id <> :except"
             " group by kind",
             id, number(since), except)) {
      if (kind < 0 || kind >= 5) throw SqlFailure(SqlFailure::Kind::corrupt, "a count of the guard cannot be read");
      counts[static_cast<std::size_t>(kind)] = static_cast<std::uint32_t>(count);
    }
    return counts;
  });
}

Result<unsigned> SqlTransaction::count_flip(ConnectionId id, std::string_view hub_id, std::string_view field,
                                            std::string_view writer, std::string_view hash, Instant at, Instant since) {
  return writing([&]() -> Result<unsigned> {
    sql_.run(
        "insert into flip (connection, hub_id, field, writer, hash, at)"
        " values (:connection, :hub_id, :field, :writer, :hash, :at)",
        id, hub_id, field, writer, hash, number(at));
    return flips_of(id, hub_id, field, {}, since);
  });
}

Result<unsigned> SqlTransaction::flips(ConnectionId id, std::string_view hub_id, std::string_view field,
                                       const std::vector<std::string>& next, Instant since) {
  return reading([&]() -> Result<unsigned> { return flips_of(id, hub_id, field, next, since); });
}

unsigned SqlTransaction::flips_of(ConnectionId id, std::string_view hub_id, std::string_view field,
                                  const std::vector<std::string>& next, Instant since) {
  std::vector<std::string> all;
  for (auto& [hash] : sql_.rows<std::string>(
           "select hash from flip where connection = :connection and hub_id = :hub_id and field = :field"
           " and at >= :since order by id",
           id, hub_id, field, number(since))) {
    all.push_back(std::move(hash));
  }
  all.insert(all.end(), next.begin(), next.end());
  std::set<std::string> had;
  std::string now;
  unsigned flips = 0;
  for (const std::string& each : all) {
    if (!had.empty() && each != now && had.contains(each)) ++flips;
    had.insert(each);
    now = each;
  }
  return flips;
}

}  // namespace dovetail::store
