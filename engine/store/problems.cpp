// The error log, and what the guard and the breaker of oscillations count.
#include <algorithm>
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

Result<void> SqlTransaction::report(const Problem& of) { return report_all({of}); }

Result<void> SqlTransaction::report_all(const std::vector<Problem>& problems) {
  return writing([&]() -> Result<void> {
    GivenRows<> given(sql_, statements_.report);
    std::set<std::string> keys;  // a statement may meet a row once
    for (const Problem& of : problems) {
      const std::string person = person_of(of.hub_id, of.provider_id);
      const std::string key = sealing_context({std::to_string(of.connection), person, of.field, name(of.reason)});
      if (!keys.insert(key).second) {
        given.finish();
        keys = {key};
      }
      given.add(of.connection, of.run, person, of.hub_id, of.provider_id, of.field, name(of.reason),
                seal(sealed::problem, of.connection, of.what, person, of.field), number(of.first), number(of.last),
                of.times, number(of.next_try), of.needs_you, of.solved);
    }
    given.finish();
    return {};
  });
}

#define PROBLEM_COLUMNS \
  "id, run, person, hub_id, provider_id, field, reason, what, first_at, last_at, times, next_try, needs_you, solved"
#define PROBLEMS_BEHIND                                                                   \
  " and (solved = 0 or :all = 1) and (last_at < :last or (last_at = :same and id < :id))" \
  " order by last_at desc, id desc limit :most"

Result<std::vector<Problem>> SqlTransaction::problems(ConnectionId id, const ProblemsWanted& wanted) {
  return reading([&]() -> Result<std::vector<Problem>> {
    constexpr std::int64_t any = INT64_MAX;
    const std::int64_t last = wanted.behind ? number(wanted.behind->last) : any;
    const std::int64_t before = wanted.behind ? wanted.behind->id : any, all = wanted.also_solved ? 1 : 0;
    const std::int64_t most = wanted.most == 0 ? any : static_cast<std::int64_t>(wanted.most);
    using Sealed = std::vector<std::tuple<std::int64_t, std::int64_t, std::string, std::string, std::string,
                                          std::string, std::string, std::string, std::int64_t, std::int64_t,
                                          std::int64_t, std::optional<std::int64_t>, std::int64_t, std::int64_t>>;
    const auto ask = [&](const char* text, const auto&... in) -> Sealed {
      return sql_.rows<std::int64_t, std::int64_t, std::string, std::string, std::string, std::string, std::string,
                       std::string, std::int64_t, std::int64_t, std::int64_t, std::optional<std::int64_t>, std::int64_t,
                       std::int64_t>(text, in...);
    };
    const Sealed rows =
        wanted.hub_id.empty()
            ? ask("select " PROBLEM_COLUMNS " from problem where connection = :connection" PROBLEMS_BEHIND, id, all,
                  last, last, before, most)
            : ask("select " PROBLEM_COLUMNS
                  " from problem where connection = :connection and person = :person" PROBLEMS_BEHIND,
                  id, person_of(wanted.hub_id, {}), all, last, last, before, most);
    std::vector<Problem> found;
    found.reserve(rows.size());
    for (const auto& [problem, run, person, hub_id, provider_id, field, reason, what, first, at, times, next_try,
                      needs_you, solved] : rows) {
      const auto reason_of = find_reason(reason);
      if (!reason_of) throw SqlFailure(SqlFailure::Kind::corrupt, "a line of the error log cannot be read");
      Problem& of = found.emplace_back();
      of.id = problem;
      of.connection = id;
      of.run = run;
      of.hub_id = hub_id;
      of.provider_id = provider_id;
      of.field = field;
      of.reason = *reason_of;
      of.what = open(sealed::problem, id, what, person, field);
      of.first = instant(first);
      of.last = instant(at);
      of.times = static_cast<unsigned>(times);
      of.next_try = instant(next_try);
      of.needs_you = needs_you != 0;
      of.solved = solved != 0;
    }
    return found;
  });
}

Result<ProblemCounts> SqlTransaction::count_problems(ConnectionId id) {
  return reading([&]() -> Result<ProblemCounts> {
    const auto row = sql_.row<std::int64_t, std::int64_t, std::optional<std::int64_t>>(
        "select count(*), coalesce(sum(needs_you), 0),"
        " max(case when reason = :waits then next_try end) from problem where connection = :connection and solved = 0",
        name(Reason::rate_limited), id);
    const auto [open, needs_you, until] = row.value();
    return ProblemCounts{static_cast<std::size_t>(open), static_cast<std::size_t>(needs_you), instant(until)};
  });
}

Result<void> SqlTransaction::solve(ConnectionId id, std::string_view hub_id, std::string_view provider_id,
                                   const std::vector<std::string>& still, Instant at) {
  return solve_all(id, {{.hub_id = hub_id, .provider_id = provider_id, .still = still}}, at);
}

// By number; with both ids also of the record, before anybody was linked to it.
std::vector<SqlTransaction::OpenProblem> SqlTransaction::open_problems(ConnectionId id, std::size_t count,
                                                                       const IdsOf& of) {
  const auto any = sql_.row<std::int64_t>("select id from problem where connection = :connection limit 1", id);
  if (!any) return {};
  GivenRows<std::int64_t, std::int64_t, std::string> asked(sql_, statements_.open_problems);
  for (std::size_t i = 0; i < count; ++i) {
    const auto [hub_id, provider_id] = of(i);
    asked.add(id, i, person_of(hub_id, provider_id));
    if (!hub_id.empty() && !provider_id.empty()) asked.add(id, i, person_of({}, provider_id));
  }
  std::vector<OpenProblem> found;
  for (auto& [number, problem, field] : asked.finish()) {
    found.push_back({static_cast<std::size_t>(number), problem, std::move(field)});
  }
  return found;
}

Result<void> SqlTransaction::solve_all(ConnectionId id, const std::vector<StillWrong>& people, Instant at) {
  return writing([&]() -> Result<void> {
    GivenRows<> solved(sql_, statements_.solve);
    const auto of = [&](std::size_t i) { return std::pair(people[i].hub_id, people[i].provider_id); };
    for (const OpenProblem& one : open_problems(id, people.size(), of)) {
      const auto is_still = [&](const std::string& label) { return covers(label, one.field); };
      if (std::ranges::none_of(people[one.person].still, is_still)) solved.add(one.id, number(at));
    }
    solved.finish();
    return {};
  });
}

Result<std::vector<std::size_t>> SqlTransaction::with_problems(
    ConnectionId id, const std::vector<std::pair<std::string_view, std::string_view>>& people) {
  return reading([&]() -> Result<std::vector<std::size_t>> {
    std::set<std::size_t> found;
    const auto of = [&](std::size_t i) { return people[i]; };
    for (const OpenProblem& one : open_problems(id, people.size(), of)) found.insert(one.person);
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
