#include "engine/plan/entries.hpp"

#include <catch2/catch.hpp>
#include <string>
#include <vector>

namespace dovetail {
namespace {

Entry finding(const std::string& why, const std::string& value = "a value") {
  Entry entry;
  entry.field = 3;
  entry.kind = Kind::missing;
  entry.why = why;
  entry.hub = std::vector{PartValue(1, {State::value, value})};
  return entry;
}

std::vector<std::string> whys(const Entries& entries) {
  std::vector<std::string> all;
  for (const Entry& entry : entries) all.push_back(entry.why);
  return all;
}

}  // namespace

TEST_CASE("entries: findings that are alike stand once, and are everybody's own where one is changed") {
  Entries entries;
  for (PersonIndex person = 0; person < 3; ++person) {
    entries.add(person, finding("linked"));
    entries.add(person, finding("missing"));
  }
  CHECK(&entries[0] == &entries[2]);
  CHECK(&entries[0] != &entries[1]);
  CHECK(entries.person(4) == 2);
  entries.change(2).why = "held";
  entries.change(2).known = true;
  CHECK(whys(entries) == std::vector<std::string>{"linked", "missing", "held", "missing", "linked", "missing"});
  CHECK_FALSE(entries[0].known);
  entries.add(3, finding("held"));
  CHECK_FALSE(entries.back().known);
  entries.add(4, finding("linked", "another value"));
  CHECK(entries.back().hub.front().value.text == "another value");
  CHECK(entries[0].hub.front().value.text == "a value");
}

TEST_CASE("entries: the last holder of a finding changes it where it stands") {
  Entries entries;
  entries.add(0, finding("linked"));
  entries.add(1, finding("linked"));
  const Entry* shared = &entries[0];
  entries.change(0).why = "held";
  CHECK(&entries[1] == shared);
  CHECK(&entries.change(1) == shared);
}

TEST_CASE("entries: those of a person, and what is put behind others") {
  Entries first, more;
  first.add(0, finding("linked"));
  more.add(0, finding("linked"));
  more.add(0, finding("missing"));
  more.add(2, finding("linked"));
  first.append(std::move(more), 1);
  CHECK(whys(first) == std::vector<std::string>{"linked", "linked", "missing", "linked"});
  CHECK(&first[0] == &first[3]);
  CHECK(std::ranges::distance(first.of(1)) == 2);
  CHECK(first.of(1).begin().index() == 1);
  CHECK(first.of(2).empty());
  CHECK(first.of(3).begin()->why == "linked");
  CHECK(first.person(3) == 3);
  first.change(3).why = "held";
  CHECK(first[0].why == "linked");
}

}  // namespace dovetail
