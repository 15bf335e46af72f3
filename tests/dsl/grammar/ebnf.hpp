// docs/grammar.ebnf as data, for tests: its productions, their words, and samples made of them.
#pragma once

#include <map>
#include <memory>
#include <random>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace dovetail::test {

struct EbnfNode {
  enum class Kind { literal, name, sequence, choice, optional, repeat };
  Kind kind = Kind::sequence;
  std::string text;  // of literals and names
  std::vector<EbnfNode> parts;
};

using Ebnf = std::map<std::string, EbnfNode>;

// Fails the test if the text is not EBNF as that file uses it.
Ebnf read_ebnf(const std::string& text);

// Everything that stands in quotes in a production.
void literals_of(const EbnfNode& node, std::set<std::string>& literals);

// A text that the production describes, chosen by `random`. Items stand on lines of their own.
std::string sample(const Ebnf& ebnf, const std::string& production, std::mt19937& random);

}  // namespace dovetail::test
