// A base that says something against itself is told by the place that it says it at.
#include "engine/match/contradiction.hpp"

#include <catch2/catch.hpp>

using namespace dovetail;

namespace {

Link joined(std::string hub, std::string provider, LinkState state = LinkState::linked) {
  Link made;
  made.hub_id = std::move(hub);
  made.provider_id = std::move(provider);
  made.state = state;
  return made;
}

std::string found_in(std::vector<Link> links) {
  Base base;
  base.links = std::move(links);
  return find_contradiction(base).value_or("nothing");
}

Link with_elements(Few<ElementLink> elements) {
  Link made = joined("h1", "p1");
  made.elements = std::move(elements);
  return made;
}

FieldBase agreed(const char* field, const char* element, BaseValue there = {State::value, "x", false}) {
  FieldBase made;
  made.field = field;
  made.hub_element = element;
  made.hub.push_back({"email", {State::value, "x", false}});
  made.provider.push_back({"email", std::move(there)});
  return made;
}

}  // namespace

TEST_CASE("a base of people who are each linked once says nothing against itself") {
  Link left = joined("h1", "");
  left.left = true;
  Link excluded = joined("h2", "");
  excluded.excluded_fields = {"Phone number"};
  Link apart = joined("h1", "p2", LinkState::disputed);
  apart.left = true;
  CHECK(found_in({joined("h1", "p1"), joined("h2", "p2", LinkState::hub_deleted), left, excluded, apart,
                  joined("h3", "", LinkState::pending_create), joined("", "p3", LinkState::pending_create),
                  joined("h4", "", LinkState::excluded)}) == "nothing");
  CHECK(found_in({}) == "nothing");
}

TEST_CASE("two links that take one record are a contradiction, whatever states they have") {
  CHECK(found_in({joined("h1", "p1"), joined("h2", "p2"), joined("h1", "p3")}) ==
        "/links/2/hub: h1 is linked in /links/0 already: a record has one partner; take one of the two out");
  CHECK(found_in({joined("h1", "p1", LinkState::missing_in_provider), joined("h2", "p1", LinkState::locked)}) ==
        "/links/1/provider: p1 is linked in /links/0 already: a record has one partner; take one of the two out");
  CHECK(found_in({joined("h1", "p1"), joined("h1", "p1")}).starts_with("/links/1/hub: h1 is linked"));
  CHECK(
      found_in({joined("h1", "", LinkState::excluded), joined("h1", "p1")}).starts_with("/links/1/hub: h1 is linked"));
  CHECK(found_in({joined("h1", "", LinkState::pending_create), joined("h1", "", LinkState::pending_create)}) ==
        "/links/1/hub: h1 is waited for in /links/0 already: a record has one partner; take one of the two out");
}

TEST_CASE("a link of nobody, and one to nobody, are contradictions") {
  CHECK(found_in({joined("", "")}) == "/links/0: names nobody: `hub` and `provider` are both missing");
  CHECK(found_in({joined("h1", "p1"), joined("h2", "")}) ==
        "/links/1: `state` is `linked`, and there is no `provider`: nobody is linked to nobody");
  CHECK(found_in({joined("", "p1", LinkState::locked)}) ==
        "/links/0: `state` is `locked`, and there is no `hub`: nobody is linked to nobody");
}

TEST_CASE("a list element with two partners is a contradiction, on either side") {
  CHECK(found_in({with_elements({{"positions", "e1", "f1"}, {"positions", "e2", "f2"}, {"others", "e1", "f1"}})}) ==
        "nothing");
  CHECK(found_in({with_elements({{"positions", "e1", "f1"}, {"positions", "e1", ""}})}) == "nothing");
  CHECK(found_in({with_elements({{"positions", "e1", "f1"}, {"positions", "e1", "f2"}})}) ==
        "/links/0/elements/1/hub: e1 of positions has a partner in /elements/0 of this link already: take one of the "
        "two out");
  CHECK(found_in({with_elements({{"positions", "e1", "f1"}, {"positions", "e2", "f1"}})})
            .starts_with("/links/0/elements/1/provider: f1 of positions"));
  CHECK(found_in({with_elements({{"positions", "", ""}})}) == "/links/0/elements/0: names no element");
}

TEST_CASE("a field that was agreed on twice is a contradiction, and so is a value of what has none") {
  Link one = joined("h1", "p1");
  one.base = {agreed("Phone number", ""), agreed("Phone number", "e1"), agreed("Email address", "")};
  CHECK(found_in({one}) == "nothing");
  one.base.push_back(agreed("Phone number", "e1"));
  CHECK(found_in({one}) ==
        "/links/0/fields/3: Phone number is agreed on in /fields/1 of this link already: take one of the two out");
  one.base = {agreed("Phone number", "", {State::unset, "x", false})};
  CHECK(found_in({one}) == "/links/0/fields/0/provider/0: `state` is `unset`, and there is a value");
  one.base = {agreed("Phone number", "", {State::masked, "", true})};
  CHECK(found_in({one}) == "/links/0/fields/0/provider/0: `state` is `masked`, and there is a value");
}

TEST_CASE("two marks that say different things about one list element are a contradiction") {
  Link one = joined("h1", "p1");
  one.marks = {{"Positions", "e1", "1"}, {"Positions", "e2", "2"}};
  CHECK(found_in({one}) == "nothing");
  one.marks.push_back({"Positions", "e1", "3"});
  CHECK(found_in({one}) == "/links/0/marks/2: says something else than /marks/0 of this link about the same element");
}
