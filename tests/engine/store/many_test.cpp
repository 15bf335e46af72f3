// What is written and looked for of many people at once is as it would be one by one.
#include "tests/engine/store/test_store.hpp"

using namespace dovetail;
using namespace dovetail::test;

namespace {

constexpr int count = 1234;  // a full statement, and a part of one

std::string hub_id(int i) { return "h" + std::to_string(i); }

StoredLink new_link(int i) {
  StoredLink link;
  link.link.hub_id = hub_id(i);
  link.link.provider_id = "p" + std::to_string(i);
  link.link.note = std::to_string(i * i);
  return link;
}

Problem problem_of(ConnectionId id, int i) {
  return {.connection = id,
          .hub_id = hub_id(i),
          .provider_id = "p" + std::to_string(i),
          .field = "Phone",
          .reason = Reason::validation,
          .what = "no",
          .first = at(1),
          .last = at(1)};
}

}  // namespace

TEST_CASE("many links are put and found as one by one") {
  TestStore store(GENERATE(both_stores()));
  const ConnectionId id = add_connection(store);
  std::vector<StoredLink> links;
  for (int i = 0; i < count; ++i) links.push_back(new_link(i));
  store.write([&](Transaction& now) { return now.put_links(id, links); });
  auto known = store.read([&](Transaction& now) { return now.links(id); });
  REQUIRE(known.size() == count);
  for (StoredLink& link : known) link.link.note += " again";
  for (int i = count; i < 2 * count; ++i) known.push_back(new_link(i));
  store.write([&](Transaction& now) { return now.put_links(id, known); });

  std::vector<std::string> ids;
  for (int i = 0; i < 2 * count + 5; ++i) ids.push_back(hub_id(i));
  const auto marks = store.read(
      [&](Transaction& now) { return now.marks_of_hubs(id, std::vector<std::string_view>(ids.begin(), ids.end())); });
  CHECK(marks.size() == 2 * count);
  for (const LinkMark& mark : marks) {
    const auto one = store.read([&](Transaction& now) { return now.link_of_hub(id, mark.hub_id); });
    REQUIRE(one);
    CHECK(one->id == mark.id);
    CHECK(one->version == mark.version);
    CHECK(mark.version == (one->link.note.view().ends_with("again") ? 2 : 1));
  }
  CHECK(store.read([&](Transaction& now) { return now.marks_of_hubs(id, {}); }).empty());
}

TEST_CASE("of many links none is put if one has changed meanwhile") {
  TestStore store(GENERATE(both_stores()));
  const ConnectionId id = add_connection(store);
  std::vector<StoredLink> links;
  for (int i = 0; i < count; ++i) links.push_back(new_link(i));
  store.write([&](Transaction& now) { return now.put_links(id, links); });
  auto known = store.read([&](Transaction& now) { return now.links(id); });
  auto pushed = known[70];
  pushed.link.note = "pushed";
  store.write([&](Transaction& now) { return now.put_link(id, pushed); });
  for (StoredLink& link : known) link.link.note = "run";
  const auto done = store->write([&](Transaction& now) { return now.put_links(id, known); });
  REQUIRE_FALSE(done);
  CHECK(done.error().kind == Error::Kind::transient);
  for (const StoredLink& link : store.read([&](Transaction& now) { return now.links(id); })) {
    CHECK(link.link.note != "run");
  }
}

TEST_CASE("many hashes of records are put as one by one") {
  TestStore store(GENERATE(both_stores()));
  const ConnectionId id = add_connection(store);
  std::vector<std::pair<std::string, std::string>> hashes;
  for (int i = 0; i < count; ++i) hashes.emplace_back(hub_id(i), std::to_string(i));
  store.write([&](Transaction& now) { return now.put_seen_records(id, hashes); });
  for (int i = 0; i < count; i += 2) hashes[static_cast<std::size_t>(i)].second = "changed";
  hashes.emplace_back(hub_id(1), "twice");
  store.write([&](Transaction& now) { return now.put_seen_records(id, hashes); });
  CHECK(store.read([&](Transaction& now) { return now.seen_records(id); }).size() == count);
  CHECK(store.read([&](Transaction& now) { return now.seen_record(id, hub_id(1)); }) == "twice");
  CHECK(store.read([&](Transaction& now) { return now.seen_record(id, hub_id(2)); }) == "changed");
  CHECK(store.read([&](Transaction& now) { return now.seen_record(id, hub_id(3)); }) == "3");
}

TEST_CASE("whoever of many people has problems that may be solved is found") {
  TestStore store(GENERATE(both_stores()));
  const ConnectionId id = add_connection(store);
  for (const int i : {0, 998, 999, 1000, 1233}) {
    store.write([&](Transaction& now) { return now.report(problem_of(id, i)); });
  }
  Problem nobody_linked = problem_of(id, 7);  // about a record that nobody in the hub was linked to
  nobody_linked.hub_id.clear();
  store.write([&](Transaction& now) { return now.report(nobody_linked); });
  store.write([&](Transaction& now) { return now.solve(id, hub_id(1000), "p1000", {}, at(2)); });
  std::vector<std::pair<std::string, std::string>> ids;
  for (int i = 0; i < count; ++i) ids.emplace_back(hub_id(i), "p" + std::to_string(i));
  const std::vector<std::pair<std::string_view, std::string_view>> people(ids.begin(), ids.end());
  CHECK(store.read([&](Transaction& now) { return now.with_problems(id, people); }) ==
        std::vector<std::size_t>{0, 7, 998, 999, 1233});
  CHECK(store.read([&](Transaction& now) { return now.with_problems(id, {}); }).empty());
}

TEST_CASE("problems of many people are told and solved as one by one") {
  TestStore store(GENERATE(both_stores()));
  const ConnectionId id = add_connection(store);
  std::vector<Problem> problems;
  for (int i = 0; i < count; ++i) problems.push_back(problem_of(id, i));
  problems.push_back(problem_of(id, 3));  // twice in one go
  problems.back().what = "no \\ \"again\", {Örn}";
  problems.back().next_try = at(9);
  store.write([&](Transaction& now) { return now.report_all(problems); });
  store.write([&](Transaction& now) { return now.report_all({}); });
  auto told = store.read([&](Transaction& now) { return now.problems(id, false); });
  REQUIRE(told.size() == count);
  const auto of = [&](int i) {
    const auto found = std::ranges::find(told, hub_id(i), &Problem::hub_id);
    REQUIRE(found != told.end());
    return *found;
  };
  CHECK(of(3).times == 2);
  CHECK(of(3).what == "no \\ \"again\", {Örn}");
  CHECK(of(3).next_try == at(9));
  CHECK(of(4).times == 1);
  CHECK_FALSE(of(4).next_try);

  std::vector<std::string> ids;
  for (int i = 0; i < count; ++i) ids.push_back(hub_id(i));
  std::vector<StillWrong> people;
  for (int i = 0; i < count; i += 2) {
    people.push_back({.hub_id = ids[static_cast<std::size_t>(i)], .provider_id = {}, .still = {}});
    if (i == 10) people.back().still = {"Phone"};
  }
  store.write([&](Transaction& now) { return now.solve_all(id, people, at(2)); });
  told = store.read([&](Transaction& now) { return now.problems(id, false); });
  CHECK(told.size() == count - people.size() + 1);
  for (const Problem& problem : told) CHECK((problem.hub_id == hub_id(10) || problem.last == at(1)));
  CHECK(of(10).first == at(1));
}

TEST_CASE("ids of any characters are kept as they are, many at once") {
  TestStore store(GENERATE(both_stores()));
  const ConnectionId id = add_connection(store);
  const std::vector<std::string> ids = {"\"", "\\", "{a,b}", "NULL", "null", " ", "a'b", "\n\t", "é", "\\\"", ","};
  std::vector<std::pair<std::string, std::string>> hashes;
  for (const std::string& each : ids) hashes.emplace_back(each, each + "!");
  store.write([&](Transaction& now) { return now.put_seen_records(id, hashes); });
  for (const std::string& each : ids) {
    CHECK(store.read([&](Transaction& now) { return now.seen_record(id, each); }) == each + "!");
  }
}
