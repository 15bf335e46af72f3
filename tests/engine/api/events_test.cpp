// Lines of events, as people, programs and older versions write them.
#include "engine/api/events.hpp"

#include <catch2/catch.hpp>
#include <sstream>

using namespace dovetail;

namespace {

Result<std::vector<GivenEvent>> read(const std::string& text) {
  std::istringstream in(text);
  return read_events(in, "events", "norway");
}

}  // namespace

TEST_CASE("an event of a file says `what`, as the library's does, and older files say `kind`") {
  for (const char* word : {"what", "kind"}) {
    const auto events = read("{\"person\": \"a\", \"" + std::string(word) + "\": \"removed\"}\n{\"person\": \"b\"}\n");
    REQUIRE(events);
    REQUIRE(events->size() == 2);
    CHECK(events->at(0).what == Event::removed);
    CHECK(events->at(1).what == Event::changed);
  }
  const auto same = read(R"({"person": "a", "what": "added", "kind": "added"})");
  REQUIRE(same);
  CHECK(same->at(0).what == Event::added);
  CHECK(read(R"({"person": "a", "what": "added", "kind": "removed"})").error().what ==
        "events:1: `what` and `kind` say different things: give `what` alone");
  CHECK(read(R"({"person": "a", "what": "gone"})").error().what ==
        "events:1: `what` must be changed, added, deactivated or removed, not `gone`");
  CHECK(read(R"({"person": "a", "type": "added"})").error().what ==
        "events:1: `type` is unknown: connection, person, what and id may be given");
}
