#include "engine/snapshot.hpp"

#include <catch2/catch.hpp>
#include <string>
#include <vector>

namespace dovetail {
namespace {

// Three members, and a list of elements with two.
ir::Layout layout() {
  ir::Layout made;
  made.slots = {0, 1, 2};
  made.lists.push_back({.list = 3, .slots = {4, 5}});
  return made;
}

std::string long_text(std::size_t length) {
  std::string text;
  while (text.size() < length) text += static_cast<char>('a' + text.size() % 26);
  return text;
}

constexpr std::size_t lengths[] = {0, 1, 7, 253, 254, 255, 256, 8000, 8190, 8191, 8192, 70'000, 1'200'000};

}  // namespace

TEST_CASE("snapshot: texts of every length are read as they were given, whatever stands before them") {
  Snapshot snapshot(layout());
  for (const std::size_t first : lengths) {
    for (const std::size_t second : lengths) {
      snapshot.add_record();
      snapshot.set(0, State::value, long_text(first));
      snapshot.set(2, State::invalid, long_text(second));
      snapshot.begin_list(0);
      for (const std::size_t third : {std::size_t{3}, second}) {
        snapshot.add_element(0);
        snapshot.set_element(0, 1, State::value, long_text(third));
        snapshot.set_element(0, 0, State::value, "behind");
      }
    }
  }
  RecordIndex record = 0;
  for (const std::size_t first : lengths) {
    for (const std::size_t second : lengths) {
      INFO(first << " and " << second);
      CHECK(snapshot.at(record, 0) == Observation{State::value, long_text(first)});
      CHECK(snapshot.at(record, 1) == Observation{State::absent, {}});
      CHECK(snapshot.at(record, 2) == Observation{State::invalid, long_text(second)});
      const Snapshot::List list = snapshot.list(record, 0);
      REQUIRE(list.count == 2);
      CHECK(snapshot.element(0, list.first, 1).text == "abc");
      CHECK(snapshot.element(0, list.first + 1, 1).text == long_text(second));
      for (const ElementIndex element : {list.first, list.first + 1}) {
        CHECK(snapshot.element(0, element, 0) == Observation{State::value, "behind"});
      }
      ++record;
    }
  }
}

TEST_CASE("snapshot: what is set again counts, and what was dropped is gone") {
  Snapshot snapshot(layout());
  snapshot.add_record();
  snapshot.set(0, State::value, long_text(9000));
  snapshot.set(1, State::value, "far behind");
  snapshot.drop_record();
  snapshot.add_record();
  CHECK(snapshot.size() == 1);
  CHECK(snapshot.at(0, 1) == Observation{State::absent, {}});
  snapshot.set(1, State::value, "first");
  snapshot.set(0, State::value, long_text(9000));
  snapshot.set(1, State::value, "second");
  CHECK(snapshot.at(0, 1).text == "second");
  snapshot.set(1, State::masked);
  CHECK(snapshot.at(0, 1) == Observation{State::masked, {}});
  CHECK(snapshot.list(0, 0).state == State::absent);
  snapshot.begin_list(0);
  CHECK(snapshot.list(0, 0).state == State::value);
  CHECK(snapshot.list(0, 0).count == 0);
  const Snapshot copy = snapshot;
  snapshot.clear();
  CHECK(snapshot.size() == 0);
  CHECK(copy.at(0, 0).text == long_text(9000));
}

TEST_CASE("snapshot: a text is made in place, and the states tell themselves") {
  Snapshot snapshot(layout());
  snapshot.add_record();
  const auto judge = [](std::string& into) {
    into += "made";
    return State::invalid;
  };
  CHECK(snapshot.set_by(0, judge) == State::invalid);
  CHECK(snapshot.at(0, 0) == Observation{State::invalid, "made"});
  for (const State state : {State::absent, State::unset, State::value, State::masked, State::invalid}) {
    snapshot.set(1, state, "x");
    CHECK(snapshot.at(0, 1).state == state);
    snapshot.set(1, state);
    CHECK(snapshot.at(0, 1) == Observation{state, {}});
  }
}

}  // namespace dovetail
