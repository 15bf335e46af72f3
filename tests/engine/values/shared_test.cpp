#include <catch2/catch.hpp>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "engine/values/few.hpp"
#include "engine/values/text.hpp"
#include "engine/values/text_pool.hpp"

using namespace dovetail;

TEST_CASE("a text is what it was made of, however often it is copied, changed and thrown away") {
  std::mt19937 random(1);
  std::vector<std::string> model(20);
  std::vector<Text> texts(20);
  for (int step = 0; step < 5000; ++step) {
    const std::size_t to = random() % 20, from = random() % 20;
    switch (random() % 5) {
      case 0:
        model[to] = std::string(random() % 40, static_cast<char>('a' + random() % 26));
        texts[to] = model[to];
        break;
      case 1:
        model[to] = model[from];
        texts[to] = texts[from];
        break;
      case 2:
        model[to] += "more";
        texts[to] += "more";
        break;
      case 3:
        if (to == from) break;
        model[to] = std::exchange(model[from], {});
        texts[to] = std::move(texts[from]);
        texts[from] = {};
        break;
      default:
        model[to].clear();
        texts[to] = {};
    }
    for (std::size_t i = 0; i < 20; ++i) REQUIRE(texts[i] == model[i]);
    REQUIRE(texts[to].empty() == model[to].empty());
    REQUIRE((texts[to] == texts[from]) == (model[to] == model[from]));
  }
}

TEST_CASE("who changes a shared list has their own from then on") {
  std::mt19937 random(2);
  std::vector<std::vector<Text>> model(10);
  std::vector<Few<Text>> lists(10);
  for (int step = 0; step < 5000; ++step) {
    const std::size_t to = random() % 10, from = random() % 10;
    const std::string item(random() % 30, static_cast<char>('a' + random() % 26));
    switch (random() % 5) {
      case 0:
        model[to].emplace_back(item);
        lists[to].push_back(item);
        break;
      case 1:
        model[to] = model[from];
        lists[to] = lists[from];
        break;
      case 2:
        if (model[to].empty()) break;
        model[to].back() = item;
        lists[to].back() = item;
        break;
      case 3:
        std::erase_if(model[to], [](const Text& text) { return text.size() % 2 == 0; });
        erase_if(lists[to], [](const Text& text) { return text.size() % 2 == 0; });
        break;
      default:
        model[to].clear();
        lists[to].clear();
    }
    for (std::size_t i = 0; i < 10; ++i) REQUIRE(std::vector<Text>(lists[i]) == model[i]);
    REQUIRE(lists[to].empty() == model[to].empty());
  }
}

TEST_CASE("a pool gives the same text to all who have an equal one") {
  TextPool pool;
  Text a("Helsinki"), b("Helsinki"), other("Oslo"), none;
  for (Text* text : {&a, &b, &other, &none}) pool.share(*text);
  CHECK(a == "Helsinki");
  CHECK(a.view().data() == b.view().data());
  CHECK(other == "Oslo");
  CHECK(none.empty());
}
