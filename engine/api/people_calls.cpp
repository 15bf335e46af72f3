// Calls about people: what comes in about them, what is remembered, what went wrong.
#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "engine/api/call_table.hpp"
#include "engine/api/links.hpp"
#include "engine/api/person.hpp"
#include "engine/api/status.hpp"

namespace dovetail {
namespace {

// A lane's place in the order may lie before now; its turn does not.
Json to_json(const Lane& lane, Instant now) {
  static constexpr std::array<std::string_view, 4> names = {"idle", "due", "worked", "parked"};
  return {{"person", lane.hub_id},
          {"state", names[static_cast<std::size_t>(lane.state)]},
          {"waiting", lane.tail - lane.done},
          {"attempts", lane.attempts},
          {"next", lane.state == LaneState::worked ? Json(nullptr) : instant_json(std::max(lane.run_at, now))},
          {"worker", lane.worker.empty() ? Json(nullptr) : Json(lane.worker)},
          {"why", lane.why}};
}

Json to_json(const Problem& problem) {
  Json json = {{"id", problem.id},
               {"person", {{"hub", problem.hub_id}, {"provider", problem.provider_id}}},
               {"field", problem.field},
               {"reason", name(problem.reason)},
               {"word", name(problem.needs_you && !problem.solved ? Word::needs_you : word(problem.reason))},
               {"what", problem.what},
               {"first", instant_json(problem.first)},
               {"last", instant_json(problem.last)},
               {"times", problem.times},
               {"next_try", nullptr},
               {"needs_you", problem.needs_you},
               {"solved", problem.solved}};
  if (problem.next_try) json["next_try"] = instant_json(*problem.next_try);
  return json;
}

// What every call about one connection begins with.
Result<Connection> connection_of(Runtime& runtime, const std::string& name, Arguments& arguments) {
  if (const Result<void> read = arguments.finish(); !read) return std::unexpected(read.error());
  return runtime.connections().find(name);
}

Result<Reply> event(Runtime& runtime, Arguments& arguments) {
  const std::string connection = arguments.text("connection"), person = arguments.text("person");
  const std::string what = arguments.given_text("what"), id = arguments.given_text("id");
  const std::optional<Event> known = what.empty() ? Event::changed : find_event(what);
  if (!known) arguments.refuse("`what` must be changed, added, deactivated or removed");
  if (const Result<void> read = arguments.finish(); !read) return std::unexpected(read.error());
  const Result<bool> taken = runtime.take_in(connection, person, *known, id);
  if (!taken) return std::unexpected(taken.error());
  return Reply{{{"new", *taken}}};
}

Result<Reply> webhook(Runtime& runtime, Arguments& arguments) {
  const std::string connection = arguments.text("connection"), body = arguments.text("body");
  const auto given = arguments.pairs("headers");
  if (const Result<void> read = arguments.finish(); !read) return std::unexpected(read.error());
  std::vector<providers::Header> headers;
  for (const auto& [name, value] : given.value_or(decltype(given)::value_type{})) headers.push_back({name, value});
  const Result<std::size_t> people = runtime.take_in_webhook(connection, headers, body);
  if (!people) return std::unexpected(people.error());
  return Reply{{{"people", *people}}};
}

constexpr std::int64_t most_listed = 10'000;

// How many of a list are asked for; nullopt: all.
std::optional<std::size_t> most_of(Arguments& arguments, std::int64_t least) {
  const std::optional<std::int64_t> most = arguments.number("most");
  if (!most) return std::nullopt;
  if (*most < least || *most > most_listed) {
    arguments.refuse(fmt::format("`most` must be {} to {}", least, most_listed));
  }
  return static_cast<std::size_t>(*most);
}

Result<Reply> status(Runtime& runtime, Arguments& arguments) {
  const std::string name = arguments.text("connection"), after = arguments.given_text("after");
  const std::optional<std::size_t> most = most_of(arguments, 0);
  const Result<Connection> connection = connection_of(runtime, name, arguments);
  if (!connection) return std::unexpected(connection.error());
  Json json;
  const Result<void> read = runtime.store().read([&](Transaction& transaction) -> Result<void> {
    const ConnectionId id = connection->id;
    const auto busy = transaction.count_lanes(id);
    if (!busy) return std::unexpected(busy.error());
    const auto lanes = transaction.lanes_behind(id, after, most.value_or(*busy));
    if (!lanes) return std::unexpected(lanes.error());
    const auto links = transaction.count_links(id);
    if (!links) return std::unexpected(links.error());
    const auto waiting = transaction.waiting(id);
    if (!waiting) return std::unexpected(waiting.error());
    const auto problems = transaction.count_problems(id);
    if (!problems) return std::unexpected(problems.error());
    const Instant time = now(runtime.means());
    const auto holder = at_work(transaction, id, time);
    if (!holder) return std::unexpected(holder.error());
    Json people = Json::array();
    for (const Lane& lane : *lanes) people.push_back(to_json(lane, time));
    json = {{"connection", name},
            {"state", dovetail::name(connection->state)},
            {"why", connection->why},
            {"links", *links},
            {"waiting", *waiting},
            {"people", std::move(people)},
            {"people_in_all", *busy},
            {"problems", problems->open},
            {"needs_you", problems->needs_you},
            {"waits_until", nullptr},
            {"at_work", nullptr}};
    const auto& until = problems->waits_until;
    if (until && *until > time) json["waits_until"] = instant_json(*until);
    if (*holder) {
      json["at_work"] = {
          {"who", (*holder)->who}, {"until", instant_json((*holder)->until)}, {"over", (*holder)->is_over}};
    }
    return {};
  });
  if (!read) return std::unexpected(read.error());
  const bool needs_person = json["needs_you"] != 0;
  return Reply{std::move(json), needs_person};
}

// "1763872800000-17": where a page of the log ends.
std::string place_text(const Problem& of) { return fmt::format("{}-{}", of.last.time_since_epoch().count(), of.id); }

std::optional<ProblemPlace> find_place(std::string_view text) {
  const std::size_t dash = text.find('-', 1);
  if (dash == text.npos) return std::nullopt;
  const auto number = [](std::string_view digits) -> std::optional<std::int64_t> {
    std::int64_t found = 0;
    const auto [end, fault] = std::from_chars(digits.data(), digits.data() + digits.size(), found);
    if (fault != std::errc{} || end != digits.data() + digits.size()) return std::nullopt;
    return found;
  };
  const auto last = number(text.substr(0, dash)), id = number(text.substr(dash + 1));
  if (!last || !id) return std::nullopt;
  return ProblemPlace{Instant(std::chrono::milliseconds(*last)), *id};
}

Result<Reply> log(Runtime& runtime, Arguments& arguments) {
  const std::string name = arguments.text("connection"), after = arguments.given_text("after");
  const std::optional<std::size_t> most = most_of(arguments, 1);
  ProblemsWanted wanted{.also_solved = arguments.truth("solved").value_or(false),
                        .hub_id = arguments.given_text("person"),
                        .most = most.value_or(0),
                        .behind = find_place(after)};
  if (!after.empty() && !wanted.behind) arguments.refuse("`after` must be what `next` of the page before says");
  const Result<Connection> connection = connection_of(runtime, name, arguments);
  if (!connection) return std::unexpected(connection.error());
  Json all, next;
  const Result<void> read = runtime.store().read([&](Transaction& transaction) -> Result<void> {
    const auto problems = transaction.problems(connection->id, wanted);
    if (!problems) return std::unexpected(problems.error());
    all = Json::array();
    for (const Problem& problem : *problems) all.push_back(to_json(problem));
    const bool may_go_on = most && problems->size() == *most;
    next = may_go_on ? Json(place_text(problems->back())) : Json(nullptr);
    return {};
  });
  if (!read) return std::unexpected(read.error());
  return Reply{{{"problems", std::move(all)}, {"next", std::move(next)}}};
}

Result<Reply> links(Runtime& runtime, Arguments& arguments) {
  const std::string connection = arguments.text("connection"), person = arguments.given_text("person");
  if (const Result<void> read = arguments.finish(); !read) return std::unexpected(read.error());
  const auto found = links_of(runtime, connection, person);
  if (!found) return std::unexpected(found.error());
  Json all = Json::array();
  for (const StoredLink& each : *found) all.push_back(to_json(each.link));
  return Reply{{{"links", std::move(all)}}};
}

Result<Reply> reply(const Result<Link>& link) {
  if (!link) return std::unexpected(link.error());
  return Reply{to_json(*link)};
}

Result<Reply> cut(Runtime& runtime, Arguments& arguments) {
  const std::string connection = arguments.text("connection"), person = arguments.text("person");
  const std::string by = arguments.text("by");
  if (const Result<void> read = arguments.finish(); !read) return std::unexpected(read.error());
  return reply(cut_link(runtime, connection, person, by));
}

Result<Reply> make(Runtime& runtime, Arguments& arguments) {
  const std::string connection = arguments.text("connection"), person = arguments.text("person");
  const std::string record = arguments.text("record"), by = arguments.text("by");
  if (const Result<void> read = arguments.finish(); !read) return std::unexpected(read.error());
  return reply(make_link(runtime, connection, person, record, by));
}

Result<Reply> forget(Runtime& runtime, Arguments& arguments) {
  const std::string connection = arguments.text("connection"), person = arguments.text("person");
  if (const Result<void> read = arguments.finish(); !read) return std::unexpected(read.error());
  if (const auto done = forget_link(runtime, connection, person); !done) return std::unexpected(done.error());
  return Reply{{{"forgotten", person}}};
}

Result<Reply> leave_out(Runtime& runtime, Arguments& arguments) {
  const std::string connection = arguments.text("connection"), by = arguments.text("by");
  const Exclusion wanted{.person = arguments.text("person"),
                         .field = arguments.given_text("field"),
                         .why = arguments.given_text("why"),
                         .undo = arguments.truth("undo").value_or(false)};
  if (const Result<void> read = arguments.finish(); !read) return std::unexpected(read.error());
  if (const auto done = exclude(runtime, connection, wanted, by); !done) return std::unexpected(done.error());
  return Reply{{{"person", wanted.person}, {"field", wanted.field}, {"excluded", !wanted.undo}}};
}

Result<Reply> retry(Runtime& runtime, Arguments& arguments) {
  const std::string connection = arguments.text("connection"), person = arguments.given_text("person");
  if (const Result<void> read = arguments.finish(); !read) return std::unexpected(read.error());
  const auto people = try_again(runtime, connection, person);
  if (!people) return std::unexpected(people.error());
  return Reply{{{"people", *people}}};
}

Result<Reply> export_all(Runtime& runtime, Arguments& arguments) {
  const std::string connection = arguments.given_text("connection"), person = arguments.text("person");
  if (const Result<void> read = arguments.finish(); !read) return std::unexpected(read.error());
  Result<Json> json = export_person(runtime, connection, person);
  if (!json) return std::unexpected(json.error());
  return Reply{std::move(*json)};
}

Result<Reply> erase(Runtime& runtime, Arguments& arguments) {
  const std::string connection = arguments.given_text("connection"), person = arguments.text("person");
  if (const Result<void> read = arguments.finish(); !read) return std::unexpected(read.error());
  const auto erased = erase_person(runtime, connection, person);
  if (!erased) return std::unexpected(erased.error());
  Json runs = Json::array();
  for (const AbandonedRun& each : erased->abandoned) {
    runs.push_back({{"connection", each.connection}, {"run", each.run}});
  }
  return Reply{{{"erased", person},
                {"was_remembered", erased->was_remembered},
                {"abandoned", std::move(runs)},
                {"dropped", erased->dropped}}};
}

}  // namespace

Json instant_json(Instant instant) {
  constexpr std::time_t end_of_9999 = 253'402'300'799;
  const auto seconds = std::chrono::floor<std::chrono::seconds>(instant);
  const std::time_t time = seconds.time_since_epoch().count();
  if (time > end_of_9999) return nullptr;
  return fmt::format("{:%Y-%m-%dT%H:%M:%S}.{:03}Z", fmt::gmtime(time), (instant - seconds).count());
}

std::span<const Call> people_calls() {
  static constexpr auto calls = std::to_array<Call>({
      {"event", event},
      {"webhook", webhook},
      {"status", status},
      {"log", log},
      {"links", links},
      {"links.cut", cut},
      {"links.make", make},
      {"links.forget", forget},
      {"exclude", leave_out},
      {"retry", retry},
      {"person.export", export_all},
      {"person.erase", erase},
  });
  return calls;
}

}  // namespace dovetail
