// The grammar by itself: no rule can loop, and docs/grammar.ebnf says the same as the rules.
#include <catch2/catch.hpp>
#include <tao/pegtl.hpp>

#include <cctype>
#include <filesystem>
#include <map>
#include <set>
#include <string>

#include "dsl/grammar/analysis.hpp"
#include "dsl/grammar/parse.hpp"
#include "tests/dsl/grammar/ebnf.hpp"
#include "tests/golden.hpp"
#include "tests/places.hpp"

namespace g = dovetail::dsl::grammar;
namespace p = tao::pegtl;
using namespace dovetail;

namespace {

const test::Ebnf& ebnf() {
  static const test::Ebnf read =
      test::read_ebnf(test::read_text(std::filesystem::path(DOVETAIL_SOURCE_DIR) / "docs" / "grammar.ebnf"));
  return read;
}

// The grammar's rules by their names: what each is made of.
struct Made {
  std::string of;  // rules that only give another a name in its place are made of the same
  std::set<std::string> subs;
};
using Graph = std::map<std::string, Made>;

template <typename... Rules>
std::set<std::string> names_of(p::type_list<Rules...>) {
  return {std::string(p::demangle<Rules>())...};
}

template <typename Rule>
struct collects {
  static void visit(Graph& graph) {
    graph[std::string(p::demangle<Rule>())] = {std::string(p::demangle<typename Rule::rule_t>()),
                                               names_of(typename Rule::subs_t())};
  }
};

const Graph& graph() {
  static const Graph made = [] {
    Graph graph;
    p::visit<g::header, collects>(graph);
    p::visit<g::map_items, collects>(graph);
    p::visit<g::schema_items, collects>(graph);
    p::visit<g::library_items, collects>(graph);
    // Productions that only occur under other names.
    p::visit<p::seq<g::cell, g::source, g::pair, g::literal, g::path, g::side_path, g::side_or_path, g::end, g::when,
                    g::tuple, g::number, g::text, g::fixed, g::fixed_word>,
             collects>(graph);
    return graph;
  }();
  return made;
}

const std::string prefix = "dovetail::dsl::grammar::";

// `letters<Word<6>{"field"}>` is "field", `character<'{'>` is "{"; others are empty.
std::string word_of(const std::string& rule) {
  if (rule == prefix + "point") return ".";
  if (rule.starts_with(prefix + "letters<")) {
    const std::size_t from = rule.find('"') + 1;
    return rule.substr(from, rule.find('"', from) - from);
  }
  if (rule.starts_with(prefix + "character<")) return rule.substr(rule.find('\'') + 1, 1);
  if (rule.starts_with("tao::pegtl::ascii::one<'{'") || rule.starts_with("tao::pegtl::ascii::one<'.'>")) {
    return rule.substr(rule.find('\'') + 1, 1);
  }
  return {};
}

// Rules that read nothing, or only what the language does not have.
bool only_looks(const std::string& rule) {
  return rule == prefix + "lone_shape" || rule == prefix + "unled_shapes" || rule.starts_with("tao::pegtl::at<") ||
         rule.starts_with("tao::pegtl::not_at<");
}

// True if the rule is a production, or one under another name.
bool production_of(const std::string& rule) {
  const auto found = graph().find(rule);
  for (const auto& [name, production] : ebnf()) {
    if (rule == prefix + name) return true;
    const auto itself = graph().find(prefix + name);
    if (found != graph().end() && itself != graph().end() && itself->second.of == found->second.of) return true;
  }
  return false;
}

// What the rule itself demands, not what it leaves to other productions.
void words_below(const std::string& rule, std::set<std::string>& seen, std::set<std::string>& words) {
  if (!seen.insert(rule).second || only_looks(rule)) return;
  if (const std::string word = word_of(rule); !word.empty()) {
    words.insert(word);
    if (word == "{") words.insert("}");
    return;
  }
  const auto found = graph().find(rule);
  if (found == graph().end()) return;
  for (const std::string& sub : found->second.subs) {
    if (!production_of(sub)) words_below(sub, seen, words);
  }
}

}  // namespace

TEST_CASE("no rule of the grammar can loop without progress") {
  CHECK(p::analyze<g::header>(-1) == 0);
  CHECK(p::analyze<g::map_items>(-1) == 0);
  CHECK(p::analyze<g::schema_items>(-1) == 0);
  CHECK(p::analyze<g::library_items>(-1) == 0);
}

TEST_CASE("each production of grammar.ebnf has the words of the rule with its name") {
  // Told by their characters in the rules, not by words.
  const std::set<std::string> by_hand = {"word",   "dotted_name", "text",        "number",  "quantity", "date", "arrow",
                                         "reason", "lint",        "suppression", "segment", "in_sides", "side"};
  const std::set<std::string> files = {"file", "map", "schema", "library_file"};
  for (const auto& [name, production] : ebnf()) {
    if (by_hand.contains(name) || files.contains(name)) continue;
    INFO(name);
    CHECK(graph().contains(prefix + name));
    if (!graph().contains(prefix + name)) continue;
    std::set<std::string> written, demanded, seen;
    test::literals_of(production, written);
    words_below(prefix + name, seen, demanded);
    CHECK(written == demanded);
  }
}

TEST_CASE("every word of the grammar stands in grammar.ebnf") {
  std::set<std::string> written;
  for (const auto& [name, production] : ebnf()) test::literals_of(production, written);
  for (const auto& [rule, subs] : graph()) {
    if (const std::string word = word_of(rule); !word.empty()) CHECK(written.contains(word));
  }
}

TEST_CASE("what grammar.ebnf describes is understood") {
  for (unsigned seed = 1; seed <= 400; ++seed) {
    std::mt19937 random(seed);
    const char* kinds[] = {"map", "schema", "library"};
    const char* items[] = {"map_item", "schema_item", "library_item"};
    const std::size_t kind = seed % 3;
    std::string text = std::string(kinds[kind]) + " w1 version 1 syntax 1\n";
    for (int i = 0; i < 6; ++i) text += test::sample(ebnf(), items[kind], random) + "\n";
    const dsl::SourceFile source("sample.map", text);
    std::vector<dsl::Diagnostic> found;
    (void)dsl::parse(source, found);
    INFO(text);
    for (const auto& one : found) UNSCOPED_INFO(source.place(one.primary.span.begin).line << ": " << one.message);
    REQUIRE(found.empty());
  }
}

TEST_CASE("the comments above the grammar's rules are the productions of grammar.ebnf") {
  std::string rules;
  for (const char* file : {"words_rules", "paths", "maps", "tests", "schemas", "suppressions"}) {
    rules +=
        test::read_text(std::filesystem::path(DOVETAIL_SOURCE_DIR) / "dsl" / "grammar" / (std::string(file) + ".hpp"));
  }
  const auto squeezed = [](const std::string& text) {
    std::string result;
    for (const char c : text) {
      if (std::isspace(static_cast<unsigned char>(c)) == 0 && c != '/') result += c;
    }
    return result;
  };
  const std::string comments = squeezed(rules);
  const std::string text = test::read_text(std::filesystem::path(DOVETAIL_SOURCE_DIR) / "docs" / "grammar.ebnf");
  for (const auto& [name, production] : ebnf()) {
    if (name == "file" || name == "map" || name == "schema" || name == "library_file") continue;
    const std::size_t from = text.find("\n" + name + " = ");
    REQUIRE(from != std::string::npos);
    std::size_t end = text.find('\n', from + 1);
    while (end != std::string::npos && text.compare(end + 1, 4, "    ") == 0) end = text.find('\n', end + 1);
    INFO(name);
    CHECK(comments.find(squeezed(text.substr(from, end - from))) != std::string::npos);
  }
}
