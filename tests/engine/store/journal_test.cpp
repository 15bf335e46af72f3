#include <algorithm>

#include "engine/store/care.hpp"
#include "tests/engine/store/test_store.hpp"

using namespace dovetail;
using namespace dovetail::test;

namespace {

Intent some_intent(ConnectionId id, const std::string& hub_id) {
  Intent of;
  of.connection = id;
  of.hub_id = hub_id;
  of.provider_id = "17";
  of.creates = hub_id == "new";
  of.reference = "our-id";
  of.target = ir::Side::hub;
  of.at = at(5);
  of.writes = {{"Email", "email", "", {State::unset, ""}, {State::value, "x@ä.example"}},
               {"Code", "code", "el-1", {State::masked, ""}, {State::value, std::string("a\0b", 3)}}};
  Link agreed;
  agreed.evidence = "created";
  agreed.marks = {{"Group", "el-1", "hash"}};
  FieldBase& base = agreed.base.emplace_back();
  base.field = "Email";
  base.hub = {{"email", {State::value, "x@ä.example"}}};
  of.agreed = agreed;
  return of;
}

bool same(const Intent& one, const Intent& other) {
  const auto writes = [](const Intent& of) {
    std::vector<std::tuple<std::string, std::string, std::string, State, std::string, State, std::string>> all;
    for (const IntendedWrite& each : of.writes) {
      all.emplace_back(each.field, each.path, each.element, each.before.state, each.before.text, each.after.state,
                       each.after.text);
    }
    return all;
  };
  return writes(one) == writes(other) && one.agreed == other.agreed &&
         std::tie(one.connection, one.run, one.hub_id, one.provider_id, one.target, one.creates, one.reference,
                  one.at) == std::tie(other.connection, other.run, other.hub_id, other.provider_id, other.target,
                                      other.creates, other.reference, other.at);
}

}  // namespace

TEST_CASE("an intent is open until it is ended, also over a restart") {
  TestStore store(GENERATE(both_stores()));
  const ConnectionId id = add_connection(store);
  const Intent first = some_intent(id, "a"), second = some_intent(id, "new");
  const IntentId one = store.write([&](Transaction& now) { return now.begin(first); });
  const IntentId two = store.write([&](Transaction& now) { return now.begin(second); });
  store.open_again();
  auto open = store.read([&](Transaction& now) { return now.open_intents(id, {}); });
  REQUIRE(open.size() == 2);
  CHECK(open[0].id == one);
  CHECK(same(open[0], first));
  CHECK(same(open[1], second));
  CHECK(store.read([&](Transaction& now) { return now.open_intents(id, "new"); }).at(0).id == two);
  store.write([&](Transaction& now) { return now.end({one, Outcome::Kind::done, "", "as it answered", at(9)}); });
  open = store.read([&](Transaction& now) { return now.open_intents(id, {}); });
  REQUIRE(open.size() == 1);
  CHECK(open[0].id == two);
  const auto lines = store.read([&](Transaction& now) { return now.journal(id, no_run); });
  REQUIRE(lines.size() == 2);
  REQUIRE(lines[0].end);
  CHECK(lines[0].end->kind == Outcome::Kind::done);
  CHECK(lines[0].end->at == at(9));
  CHECK(same(lines[0].intent, first));
  CHECK_FALSE(lines[1].end);
  CHECK(store.read([&](Transaction& now) { return now.journal(id, 7); }).empty());
  const auto unknown = store->write([&](Transaction& now) { return now.end({two + 7, {}, "", "", at(9)}); });
  CHECK(unknown.error().kind == Error::Kind::input);
}

TEST_CASE("runs are listed newest first, with their documents") {
  TestStore store(GENERATE(both_stores()));
  const ConnectionId id = add_connection(store);
  Run of;
  of.connection = id;
  of.kind = "manual";
  of.by = "somebody";
  of.started = at(1);
  const RunId first = store.write([&](Transaction& now) { return now.add(of); });
  const RunId second = store.write([&](Transaction& now) { return now.add(of); });
  CHECK(second > first);
  of.id = first;
  of.state = RunState::finished;
  of.ended = at(2);
  of.summary = "3 written";
  store.write([&](Transaction& now) { return now.update(of); });
  const auto all = store.read([&](Transaction& now) { return now.runs(id); });
  REQUIRE(all.size() == 2);
  CHECK(all[0].id == second);
  CHECK_FALSE(all[0].ended);
  CHECK(all[1].state == RunState::finished);
  CHECK(all[1].ended == std::optional<Instant>(at(2)));
  CHECK(all[1].summary == "3 written");
  CHECK(all[1].by == "somebody");
  const std::string big(300'000, 'x');
  for (const std::string& text : {std::string("{}"), big}) {
    store.write([&](Transaction& now) { return now.put_document(first, "plan", text, at(100)); });
  }
  CHECK(store.read([&](Transaction& now) { return now.document(first, "plan"); }) == std::optional<std::string>(big));
  CHECK_FALSE(store.read([&](Transaction& now) { return now.document(second, "plan"); }));
  CHECK(store->write([&](Transaction& now) { return now.put_document(99, "plan", "", at(1)); }).error().kind ==
        Error::Kind::input);
}

TEST_CASE("a document of any size comes back whole, and a smaller one leaves nothing of it behind") {
  TestStore store(GENERATE(both_stores()));
  const ConnectionId id = add_connection(store);
  Run of;
  of.connection = id;
  const RunId run = store.write([&](Transaction& now) { return now.add(of); });
  constexpr std::size_t part = 1U << 20U;
  std::string text;
  while (text.size() < 3 * part + 17) text += std::to_string(text.size()) + '/';
  const auto parts_kept = [&] {
    const auto sound = check_store(store.where(), store.key());
    REQUIRE(sound);
    CHECK(sound->damage.empty());
    return std::ranges::find(sound->rows, "run_document_part", &std::pair<std::string, std::uint64_t>::first)->second;
  };
  const std::vector<std::pair<std::size_t, std::uint64_t>> sizes = {{text.size(), 3}, {part + 1, 1}, {2 * part, 1},
                                                                    {part, 0},        {0, 0},        {3 * part, 2}};
  for (const auto& [size, parts] : sizes) {
    const std::string whole = text.substr(0, size);
    store.write([&](Transaction& now) { return now.put_document(run, "inputs", whole, at(100)); });
    CHECK((store.read([&](Transaction& now) { return now.document(run, "inputs"); }) == std::optional(whole)));
    CHECK(parts_kept() == parts);
  }
  store.write([&](Transaction& now) { return now.expire(at(99), at(0)); });
  CHECK(parts_kept() == 2);
  store.write([&](Transaction& now) { return now.expire(at(100), at(0)); });
  CHECK(parts_kept() == 0);
  CHECK_FALSE(store.read([&](Transaction& now) { return now.document(run, "inputs"); }));
  store.write([&](Transaction& now) { return now.put_document(run, "inputs", text, at(100)); });
  store.write([&](Transaction& now) { return now.erase_person(id, "somebody", at(50)); });
  CHECK(parts_kept() == 0);
}

TEST_CASE("a large document is written and read a piece at a time, and is the same as one that was put whole") {
  TestStore store(GENERATE(both_stores()));
  Run of;
  of.connection = add_connection(store);
  const RunId run = store.write([&](Transaction& now) { return now.add(of); });
  std::string text;
  while (text.size() < 2'500'000) text += std::to_string(text.size()) + '/';
  for (const std::size_t piece : {std::size_t{1000}, std::size_t{1} << 20U, text.size()}) {
    const auto write = [&](const Transaction::PassOn& pass_on) {
      for (std::size_t at = 0; at < text.size(); at += piece) pass_on(std::string_view(text).substr(at, piece));
    };
    store.write([&](Transaction& now) { return now.write_document(run, "inputs", write, at(100)); });
    CHECK((store.read([&](Transaction& now) { return now.document(run, "inputs"); }) == std::optional(text)));
    std::string read;
    std::size_t largest = 0;
    const bool is_there = store.read([&](Transaction& now) {
      read.clear();
      return now.read_document(run, "inputs", [&](const Transaction::NextPiece& next) {
        for (std::string one = next(); !one.empty(); one = next()) {
          read += one;
          largest = std::max(largest, one.size());
        }
      });
    });
    CHECK(is_there);
    CHECK((read == text));
    CHECK(largest <= 1U << 20U);
  }
  const auto nobody_asks = [](const Transaction::NextPiece&) { FAIL("there is nothing to read"); };
  CHECK_FALSE(store.read([&](Transaction& now) { return now.read_document(run, "other", nobody_asks); }));
  store.write([&](Transaction& now) { return now.write_document(run, "other", [](const auto&) {}, at(100)); });
  CHECK(store.read([&](Transaction& now) { return now.document(run, "other"); }) == std::optional<std::string>(""));
  CHECK(store->write([&](Transaction& now) { return now.write_document(99, "inputs", [](const auto&) {}, at(1)); })
            .error()
            .kind == Error::Kind::input);
}

TEST_CASE("a document with a part that is gone or stands elsewhere is no document") {
  const std::string kind = GENERATE(both_stores());
  const std::string damage =
      GENERATE("delete from run_document_part where part = 2",
               "update run_document_part set content = (select of.content from run_document_part of"
               " where of.part = 3 - run_document_part.part) where part in (1, 2)");
  TestStore store(kind);
  const ConnectionId id = add_connection(store);
  Run of;
  of.connection = id;
  const RunId made = store.write([&](Transaction& now) { return now.add(of); });
  const std::string text(3'000'000, 'x');
  store.write([&](Transaction& now) { return now.put_document(made, "inputs", text, at(100)); });
  store.close();
  if (kind == "sqlite") {
    REQUIRE(run("sqlite3 '" + store.file() + "' \"" + damage + "\"").exit == 0);
  } else {
    PostgresServer::shared().query(store.where().substr(store.where().find(':') + 1), damage);
  }
  store.open();
  const auto read = store->read([&](Transaction& now) -> Result<void> {
    const auto found = now.document(made, "inputs");
    return found ? Result<void>() : std::unexpected(found.error());
  });
  REQUIRE_FALSE(read);
  CHECK_THAT(read.error().what, Catch::Contains("gone") || Catch::Contains("does not open"));
}

TEST_CASE("replaced values are kept until they expire, and put back once") {
  TestStore store(GENERATE(both_stores()));
  const ConnectionId id = add_connection(store);
  KeptValue of;
  of.connection = id;
  of.run = 3;
  of.hub_id = "a";
  of.provider_id = "1";
  of.side = ir::Side::hub;
  of.field = "Name";
  of.path = "name";
  of.before = {State::value, "Åsa"};
  of.after = {State::unset, ""};
  of.expires = at(50);
  store.write([&](Transaction& now) { return now.keep(of); });
  of.run = 4;
  of.expires = at(100);
  store.write([&](Transaction& now) { return now.keep(of); });
  auto all = store.read([&](Transaction& now) { return now.kept_values(id, no_run); });
  REQUIRE(all.size() == 2);
  CHECK(all[0].run == 4);
  CHECK(all[1].before == of.before);
  CHECK(all[1].after == of.after);
  CHECK(all[1].side == ir::Side::hub);
  CHECK(all[1].path == "name");
  CHECK_FALSE(all[1].put_back);
  store.write([&](Transaction& now) { return now.mark_put_back(all[1].id); });
  all = store.read([&](Transaction& now) { return now.kept_values(id, 3); });
  REQUIRE(all.size() == 1);
  CHECK(all[0].put_back);
  CHECK(store.write([](Transaction& now) { return now.expire(at(50), at(0)); }) == 1);
  CHECK(store.read([&](Transaction& now) { return now.kept_values(id, no_run); }).size() == 1);
}

TEST_CASE("a problem that comes again is counted, not repeated, solved, it begins anew") {
  TestStore store(GENERATE(both_stores()));
  const ConnectionId id = add_connection(store);
  Problem of;
  of.connection = id;
  of.hub_id = "a";
  of.field = "Email";
  of.reason = Reason::validation;
  of.what = "not an address";
  of.first = of.last = at(1);
  of.needs_you = true;
  store.write([&](Transaction& now) { return now.report(of); });
  of.first = of.last = at(2);
  of.what = "still not an address";
  of.next_try = at(77);
  of.provider_id = "9";
  store.write([&](Transaction& now) { return now.report(of); });
  Problem of_record = of;
  of_record.hub_id.clear();
  of_record.last = at(1);
  store.write([&](Transaction& now) { return now.report(of_record); });
  auto all = store.read([&](Transaction& now) { return now.problems(id, false); });
  REQUIRE(all.size() == 2);
  CHECK(all[0].times == 2);
  CHECK(all[0].first == at(1));
  CHECK(all[0].last == at(2));
  CHECK(all[0].what == "still not an address");
  CHECK(all[0].provider_id == "9");
  CHECK(all[0].next_try == std::optional<Instant>(at(77)));
  CHECK(all[0].needs_you);
  CHECK(all[1].hub_id.empty());
  store.write([&](Transaction& now) { return now.solve(id, "a", {}, {"Email"}, at(3)); });
  CHECK(store.read([&](Transaction& now) { return now.problems(id, false); }).size() == 2);
  store.write([&](Transaction& now) { return now.solve(id, "a", {}, {"Name"}, at(3)); });
  CHECK(store.read([&](Transaction& now) { return now.problems(id, false); }).size() == 1);
  CHECK(store.read([&](Transaction& now) { return now.problems(id, true); }).size() == 2);
  of.first = of.last = at(9);
  store.write([&](Transaction& now) { return now.report(of); });
  all = store.read([&](Transaction& now) { return now.problems(id, false); });
  CHECK(all.at(0).times == 1);
  CHECK(all.at(0).first == at(9));
}

TEST_CASE("the guard counts people, not changes") {
  TestStore store(GENERATE(both_stores()));
  const ConnectionId id = add_connection(store);
  using Kind = ir::Guard::Kind;
  for (const auto& [person, kind, when] :
       {std::tuple{"a", Kind::clears, 1}, {"a", Kind::clears, 50}, {"b", Kind::clears, 2}, {"b", Kind::emails, 60}}) {
    store.write([&](Transaction& now) { return now.count_guarded(id, person, kind, at(when)); });
  }
  using Counts = std::array<std::uint32_t, 5>;
  CHECK(store.read([&](Transaction& now) { return now.guarded_since(id, at(0), ""); }) == Counts{0, 2, 0, 0, 1});
  CHECK(store.read([&](Transaction& now) { return now.guarded_since(id, at(3), ""); }) == Counts{0, 1, 0, 0, 1});
  CHECK(store.read([&](Transaction& now) { return now.guarded_since(id, at(51), ""); }) == Counts{0, 0, 0, 0, 1});
  CHECK(store.read([&](Transaction& now) { return now.guarded_since(id, at(0), "b"); }) == Counts{0, 1, 0, 0, 0});
}

TEST_CASE("a field that goes back to values it had is counted, one that moves on is not") {
  TestStore store(GENERATE(both_stores()));
  const ConnectionId id = add_connection(store);
  std::int64_t when = 0;
  const auto flips = [&](const char* hash) {
    ++when;
    return store.write(
        [&](Transaction& now) { return now.count_flip(id, "a", "Email", "hub", hash, at(when), at(0)); });
  };
  CHECK(flips("1") == 0);
  CHECK(flips("1") == 0);
  CHECK(flips("2") == 0);
  CHECK(flips("3") == 0);
  CHECK(flips("2") == 1);
  CHECK(flips("3") == 2);
  CHECK(flips("3") == 2);
  CHECK(store.write([&](Transaction& now) { return now.count_flip(id, "b", "Email", "hub", "1", at(99), at(0)); }) ==
        0);
}

TEST_CASE("an erased person leaves nothing but a hash") {
  TestStore store(GENERATE(both_stores()));
  const ConnectionId id = add_connection(store);
  Run of;
  of.connection = id;
  of.state = RunState::planned;
  const RunId run = store.write([&](Transaction& now) { return now.add(of); });
  for (const char* person : {"a", "b"}) {
    store.write([&](Transaction& now) -> Result<void> {
      StoredLink link;
      link.link.hub_id = person;
      link.link.provider_id = person;
      Problem problem;
      problem.connection = id;
      problem.hub_id = person;
      KeptValue value;
      value.connection = id;
      value.hub_id = person;
      value.expires = at(100);
      if (auto put = now.put_link(id, link); !put) return std::unexpected(put.error());
      if (auto begun = now.begin(some_intent(id, person)); !begun) return std::unexpected(begun.error());
      if (auto took = now.take_in({"", id, person, Event::added, at(1), at(1)}); !took) {
        return std::unexpected(took.error());
      }
      if (auto kept = now.keep(value); !kept) return kept;
      if (auto put = now.put_seen_record(id, person, "x"); !put) return put;
      if (auto put = now.put_document(run, "plan", person, at(100)); !put) return put;
      return now.report(problem);
    });
  }
  store.write([&](Transaction& now) { return now.erase_person(id, "a", at(5)); });
  CHECK_FALSE(store.read([&](Transaction& now) { return now.link_of_hub(id, "a"); }));
  CHECK(store.read([&](Transaction& now) { return now.link_of_hub(id, "b"); }));
  CHECK(store.read([&](Transaction& now) { return now.problems(id, true); }).size() == 1);
  CHECK(store.read([&](Transaction& now) { return now.kept_values(id, no_run); }).size() == 1);
  CHECK(store.read([&](Transaction& now) { return now.open_intents(id, {}); }).size() == 1);
  CHECK(store.read([&](Transaction& now) { return now.lanes(id); }).size() == 1);
  CHECK(store.read([&](Transaction& now) { return now.seen_records(id); }).size() == 1);
  CHECK_FALSE(store.read([&](Transaction& now) { return now.document(run, "plan"); }));
  CHECK(store.read([&](Transaction& now) { return now.run(run); })->state == RunState::abandoned);
  CHECK(store.read([&](Transaction& now) { return now.is_erased(id, "a"); }));
  CHECK_FALSE(store.read([&](Transaction& now) { return now.is_erased(id, "b"); }));
}

TEST_CASE("what is too old goes, what is open stays") {
  TestStore store(GENERATE(both_stores()));
  const ConnectionId id = add_connection(store);
  Problem problem;
  problem.connection = id;
  problem.last = at(1);
  store.write([&](Transaction& now) { return now.report(problem); });
  problem.hub_id = "a";
  problem.solved = true;
  store.write([&](Transaction& now) { return now.report(problem); });
  store.write([&](Transaction& now) { return now.take_in({"e", id, "a", Event::changed, at(1), at(1)}); });
  const IntentId ended = store.write([&](Transaction& now) { return now.begin(some_intent(id, "a")); });
  store.write([&](Transaction& now) { return now.begin(some_intent(id, "b")); });
  store.write([&](Transaction& now) { return now.end({ended, Outcome::Kind::done, "", "", at(2)}); });
  CHECK(store.write([](Transaction& now) { return now.expire(at(1'000), at(100)); }) == 3);
  CHECK(store.read([&](Transaction& now) { return now.problems(id, true); }).size() == 1);
  CHECK(store.read([&](Transaction& now) { return now.open_intents(id, {}); }).size() == 1);
  CHECK(store.read([&](Transaction& now) { return now.waiting(id); }) == 1);
}
