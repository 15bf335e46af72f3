#include <algorithm>
#include <map>
#include <random>

#include "engine/durable/link_text.hpp"
#include "engine/durable/packed.hpp"
#include "tests/engine/store/test_store.hpp"

using namespace dovetail;
using namespace dovetail::test;

namespace {

class Links {
 public:
  explicit Links(unsigned seed) : random_(seed) {}

  unsigned below(unsigned count) { return std::uniform_int_distribution<unsigned>(0, count - 1)(random_); }
  std::string text() {
    static const std::vector<std::string> texts = {"",          "a", "Örn", "two words", std::string(300, 'x'),
                                                   "\n:;'\"\\", "€"};
    return texts[below(static_cast<unsigned>(texts.size()))] + (below(3) == 0 ? std::to_string(below(1000)) : "");
  }
  Link link(const std::string& hub_id, const std::string& provider_id) {
    Link of;
    of.hub_id = hub_id;
    of.provider_id = provider_id;
    of.state = static_cast<LinkState>(below(8));
    of.evidence = text();
    of.note = text();
    of.left = below(2) == 0;
    for (unsigned i = below(3); i > 0; --i) of.excluded_fields.push_back(text());
    for (unsigned i = below(3); i > 0; --i) of.elements.push_back({text(), text(), text()});
    for (unsigned i = below(3); i > 0; --i) of.marks.push_back({text(), text(), text()});
    for (unsigned i = below(6); i > 0; --i) of.base.push_back(field());
    return of;
  }

 private:
  FieldBase field() { return {text(), text(), parts(), parts(), parts(), parts(), parts(), parts(), text(), text()}; }
  std::vector<BasePart> parts() {
    std::vector<BasePart> all;
    for (unsigned i = below(3); i > 0; --i)
      all.push_back({text(), {static_cast<State>(below(5)), text(), below(2) == 0}});
    return all;
  }
  std::mt19937 random_;
};

// A list of words as the store keeps one.
struct WordList {
  std::vector<std::string> words;
  std::uint64_t number(std::string_view word) {
    const auto found = std::ranges::find(words, word);
    if (found != words.end()) return static_cast<std::uint64_t>(found - words.begin());
    words.emplace_back(word);
    return words.size() - 1;
  }
  std::optional<std::string_view> word(std::uint64_t number) const {
    if (number >= words.size()) return std::nullopt;
    return words[number];
  }
};

}  // namespace

TEST_CASE("a packed link unpacks to itself") {
  Links links(1);
  WordList list;
  for (int i = 0; i < 2000; ++i) {
    const Link link = links.link("", "");
    const std::string bytes = pack_link(link, [&](std::string_view word) { return list.number(word); });
    const auto again = unpack_link(bytes, [&](std::uint64_t number) { return list.word(number); });
    REQUIRE(again);
    REQUIRE(*again == link);
  }
}

TEST_CASE("a link that the first version packed is read") {
  WordList list;
  Packer bytes;
  const auto word = [&](std::string_view of) { bytes.number(list.number(of)); };
  const auto parts = [&](const Few<BasePart>& all) {
    bytes.number(all.size());
    for (const BasePart& part : all) {
      word(part.path);
      bytes.number(static_cast<std::uint64_t>(part.value.state) * 2 + (part.value.hashed ? 1 : 0));
      bytes.text(part.value.text);
    }
  };
  Link link;
  link.evidence = "Email address";
  link.elements.push_back({"positions", "7", "2025-01-01"});
  const BasePart hub{"familyName", {State::value, "Berg", false}}, provider{"lastname", {State::value, "Berg", false}};
  const BasePart secret{"iban", {State::value, "4fe1", true}}, none{"iban", {State::unset, {}, false}};
  link.base.push_back({"Last name", {}, {hub}, {provider}, {}, {}, {}, {}, "rules", "run 1/3"});
  link.base.push_back({"Bank account", "7", {secret}, {none}, {secret}, {none}, {}, {secret}, "rules", "run 1/3"});
  for (const std::uint64_t number : {1U, 0U}) bytes.number(number);  // version, state
  word(link.evidence);
  for (const std::uint64_t number : {0U, 0U, 1U}) bytes.number(number);  // note, excluded fields, elements
  word("positions");
  bytes.text("7");
  bytes.text("2025-01-01");
  for (const std::uint64_t number : {0U, 2U}) bytes.number(number);  // marks, fields
  for (const FieldBase& field : std::as_const(link.base)) {
    word(field.field);
    bytes.text(field.hub_element);
    word(field.rules);
    const bool is_first = field.field == "Last name";
    bytes.number(is_first ? 1 : 0);
    if (is_first) bytes.text(field.operation);
    for (const auto* of : {&field.hub, &field.provider, &field.known_hub, &field.known_provider, &field.pending_hub,
                           &field.pending_provider}) {
      parts(*of);
    }
  }
  const auto again = unpack_link(bytes.bytes(), [&](std::uint64_t number) { return list.word(number); });
  REQUIRE(again);
  CHECK(*again == link);
}

TEST_CASE("bytes that are no packed link are refused without harm") {
  Links links(2);
  WordList list;
  const auto word = [&](std::uint64_t number) { return list.word(number); };
  for (int i = 0; i < 300; ++i) {
    const std::string bytes = pack_link(links.link("", ""), [&](std::string_view each) { return list.number(each); });
    CHECK_FALSE(unpack_link(bytes.substr(0, links.below(static_cast<unsigned>(bytes.size()))), word));
    CHECK_FALSE(unpack_link(bytes + "x", word));
    std::string damaged = bytes;
    damaged[links.below(static_cast<unsigned>(bytes.size()))] ^= static_cast<char>(1U << links.below(8));
    unpack_link(damaged, word);  // may make sense; must not go wrong
  }
  CHECK_FALSE(unpack_link("", word));
  CHECK_FALSE(unpack_link("\x03", word));
}

TEST_CASE("links agree with a map in memory after any changes") {
  TestStore store(GENERATE(both_stores()));
  const ConnectionId id = add_connection(store);
  Links links(3);
  std::map<LinkId, Link> model;
  for (int round = 0; round < 40; ++round) {
    const unsigned what = links.below(4);
    if (what <= 1 || model.empty()) {
      StoredLink added;
      added.link = links.link("h" + std::to_string(round), "p" + std::to_string(round));
      const LinkId given = store.write([&](Transaction& now) { return now.put_link(id, added); });
      CHECK(model.emplace(given, added.link).second);
    } else {
      auto one =
          std::next(model.begin(), static_cast<std::ptrdiff_t>(links.below(static_cast<unsigned>(model.size()))));
      if (what == 2) {
        store.write([&](Transaction& now) -> Result<LinkId> {
          auto stored = now.link_of_hub(id, one->second.hub_id);
          if (!stored) return std::unexpected(stored.error());
          one->second = links.link(one->second.hub_id, links.text());
          (*stored)->link = one->second;
          return now.put_link(id, **stored);
        });
      } else {
        store.write([&](Transaction& now) { return now.remove_link(id, one->first); });
        model.erase(one);
      }
    }
    const auto all = store.read([&](Transaction& now) { return now.links(id); });
    REQUIRE(all.size() == model.size());
    for (const StoredLink& each : all) REQUIRE(each.link == model.at(each.id));
    CHECK(store.read([&](Transaction& now) { return now.count_links(id); }) == model.size());
  }
}

TEST_CASE("a base is replaced by another one, and read back sorted by ids") {
  TestStore store(GENERATE(both_stores()));
  const ConnectionId id = add_connection(store);
  Links links(4);
  Base base;
  for (int round = 0; round < 8; ++round) {
    Base next;
    for (int i = 0; i < 150; ++i) {
      if (links.below(8) == 0) continue;
      const std::string hub = "h" + std::to_string(i), provider = "p" + std::to_string(i);
      const auto same = std::ranges::find(base.links, hub, &Link::hub_id);
      next.links.push_back(same != base.links.end() && links.below(2) == 0 ? *same : links.link(hub, provider));
    }
    const auto left = store.write([&](Transaction& now) -> Result<std::vector<LinkId>> {
      const auto known = now.links(id);
      if (!known) return std::unexpected(known.error());
      return now.replace_links(id, *known, next);
    });
    CHECK(left.empty());
    base = next;
    std::ranges::sort(base.links, {}, &Link::hub_id);
    CHECK(store.read([&](Transaction& now) { return now.base(id); }).links == base.links);
  }
}

TEST_CASE("a link that a push changed during a run is left as it is, and named") {
  TestStore store(GENERATE(both_stores()));
  const ConnectionId id = add_connection(store);
  Links links(5);
  StoredLink a, b, newcomer;
  a.link = links.link("a", "1");
  b.link = links.link("b", "2");
  a.id = store.write([&](Transaction& now) { return now.put_link(id, a); });
  b.id = store.write([&](Transaction& now) { return now.put_link(id, b); });
  const auto known = store.read([&](Transaction& now) { return now.links(id); });
  auto pushed = known.front();
  pushed.link.note = "pushed";
  store.write([&](Transaction& now) { return now.put_link(id, pushed); });
  newcomer.link = links.link("c", "3");
  newcomer.id = store.write([&](Transaction& now) { return now.put_link(id, newcomer); });
  Base next;
  for (const char* hub : {"a", "b", "c"}) {
    next.links.push_back(links.link(hub, hub));
    next.links.back().state = LinkState::linked;
  }
  auto left = store.write([&](Transaction& now) { return now.replace_links(id, known, next); });
  CHECK(left == std::vector<LinkId>{pushed.id, newcomer.id});
  const auto after = store.read([&](Transaction& now) { return now.base(id); });
  REQUIRE(after.links.size() == 3);
  CHECK(after.links[0] == pushed.link);
  CHECK(after.links[1] == next.links[1]);
  CHECK(after.links[2] == newcomer.link);
}

TEST_CASE("somebody linked during a run is not linked twice, where others are known to be two people") {
  TestStore store(GENERATE(both_stores()));
  const ConnectionId id = add_connection(store);
  Links links(6);
  StoredLink linked, apart, newcomer;
  linked.link = links.link("a", "1");
  linked.link.state = LinkState::linked;
  apart.link.hub_id = "b";
  apart.link.provider_id = "2";
  apart.link.state = LinkState::disputed;
  apart.link.left = true;
  store.write([&](Transaction& now) { return now.put_link(id, linked); });
  store.write([&](Transaction& now) { return now.put_link(id, apart); });
  const auto known = store.read([&](Transaction& now) { return now.links(id); });
  newcomer.link = links.link("c", "3");
  newcomer.link.state = LinkState::linked;
  newcomer.id = store.write([&](Transaction& now) { return now.put_link(id, newcomer); });
  Base next;
  next.links = {linked.link, apart.link, newcomer.link};
  const auto left = store.write([&](Transaction& now) { return now.replace_links(id, known, next); });
  CHECK(left == std::vector<LinkId>{newcomer.id});
  CHECK(store.read([&](Transaction& now) { return now.links(id); }).size() == 3);
}

TEST_CASE("a link is not overwritten by somebody who read it before") {
  TestStore store(GENERATE(both_stores()));
  const ConnectionId id = add_connection(store);
  StoredLink link;
  link.link.hub_id = "a";
  store.write([&](Transaction& now) { return now.put_link(id, link); });
  auto mine = *store.read([&](Transaction& now) { return now.link_of_hub(id, "a"); });
  store.write([&](Transaction& now) { return now.put_link(id, mine); });
  const auto stale = store->write([&](Transaction& now) -> Result<void> {
    auto put = now.put_link(id, mine);
    if (!put) return std::unexpected(put.error());
    return {};
  });
  REQUIRE_FALSE(stale);
  CHECK(stale.error().kind == Error::Kind::transient);
}

TEST_CASE("the link of a person is the one that is not a \"these are two people\"") {
  TestStore store(GENERATE(both_stores()));
  const ConnectionId id = add_connection(store);
  StoredLink apart, linked;
  apart.link.hub_id = linked.link.hub_id = "a";
  apart.link.provider_id = "1";
  linked.link.provider_id = "2";
  apart.link.state = LinkState::disputed;
  apart.link.left = true;
  store.write([&](Transaction& now) { return now.put_link(id, apart); });
  store.write([&](Transaction& now) { return now.put_link(id, linked); });
  CHECK(store.read([&](Transaction& now) { return now.link_of_hub(id, "a"); })->link == linked.link);
  CHECK(store.read([&](Transaction& now) { return now.link_of_provider(id, "2"); })->link == linked.link);
  CHECK(store.read([&](Transaction& now) { return now.link_of_provider(id, "1"); })->link == apart.link);
  CHECK_FALSE(store.read([&](Transaction& now) { return now.link_of_hub(id, "b"); }));
}

TEST_CASE("what the sweep saw last is remembered per record") {
  TestStore store(GENERATE(both_stores()));
  const ConnectionId id = add_connection(store);
  for (const char* hash : {"1", "2"}) {
    store.write([&](Transaction& now) { return now.put_seen_record(id, "b", hash); });
  }
  store.write([&](Transaction& now) { return now.put_seen_record(id, "a", "x"); });
  using Pairs = std::vector<std::pair<std::string, std::string>>;
  CHECK(store.read([&](Transaction& now) { return now.seen_records(id); }) == Pairs{{"a", "x"}, {"b", "2"}});
  CHECK(store.read([&](Transaction& now) { return now.seen_record(id, "b"); }) == std::optional<std::string>("2"));
  CHECK_FALSE(store.read([&](Transaction& now) { return now.seen_record(id, "c"); }));
}
