#include "tests/dsl/grammar/ebnf.hpp"

#include <catch2/catch.hpp>

#include <cctype>

namespace dovetail::test {
namespace {

std::string without_comments(std::string text) {
  for (std::size_t at = text.find("(*"); at != std::string::npos; at = text.find("(*")) {
    const std::size_t end = text.find("*)", at);
    REQUIRE(end != std::string::npos);
    text.erase(at, end + 2 - at);
  }
  return text;
}

class Reader {
 public:
  explicit Reader(std::string text) : text_(std::move(text)) { next(); }

  Ebnf read() {
    Ebnf ebnf;
    while (!token_.empty()) {
      const std::string name = token_;
      next();
      REQUIRE(token_ == "=");
      next();
      REQUIRE(ebnf.emplace(name, choice()).second);
    }
    return ebnf;
  }

 private:
  void blanks() {
    while (at_ < text_.size() && std::isspace(static_cast<unsigned char>(text_[at_])) != 0) ++at_;
  }

  void next() {
    blanks();
    token_.clear();
    if (at_ == text_.size()) return;
    const char first = text_[at_];
    if (first == '"' || first == '\'') {
      const std::size_t end = text_.find(first, at_ + 1);
      REQUIRE(end != std::string::npos);
      token_ = "\"" + text_.substr(at_ + 1, end - at_ - 1);
      at_ = end + 1;
    } else if (std::isalpha(static_cast<unsigned char>(first)) != 0) {
      while (at_ < text_.size() && (std::isalpha(static_cast<unsigned char>(text_[at_])) != 0 || text_[at_] == '_')) {
        token_ += text_[at_++];
      }
    } else {
      token_ = text_[at_++];
    }
  }

  // A name that is followed by = starts the next production.
  bool starts_production() {
    if (token_.empty() || std::isalpha(static_cast<unsigned char>(token_[0])) == 0) return false;
    blanks();
    return at_ < text_.size() && text_[at_] == '=';
  }

  EbnfNode choice() {
    EbnfNode node{EbnfNode::Kind::choice, {}, {sequence()}};
    while (token_ == "|") {
      next();
      node.parts.push_back(sequence());
    }
    return node.parts.size() == 1 ? std::move(node.parts.front()) : node;
  }

  EbnfNode sequence() {
    EbnfNode node;
    while (!token_.empty() && token_ != "|" && token_ != ")" && token_ != "]" && token_ != "}" &&
           !starts_production()) {
      node.parts.push_back(part());
    }
    return node;
  }

  EbnfNode part() {
    const std::string token = token_;
    next();
    if (token == "(" || token == "[" || token == "{") {
      EbnfNode inside = choice();
      REQUIRE(token_ == (token == "(" ? ")" : token == "[" ? "]" : "}"));
      next();
      if (token == "(") return inside;
      return {token == "[" ? EbnfNode::Kind::optional : EbnfNode::Kind::repeat, {}, {std::move(inside)}};
    }
    if (token[0] == '"') return {EbnfNode::Kind::literal, token.substr(1), {}};
    REQUIRE(std::isalpha(static_cast<unsigned char>(token[0])) != 0);
    return {EbnfNode::Kind::name, token, {}};
  }

  std::string text_;
  std::string token_;
  std::size_t at_ = 0;
};

class Sampler {
 public:
  Sampler(const Ebnf& ebnf, std::mt19937& random) : ebnf_(ebnf), random_(random) {}

  std::string of(const std::string& name) {
    if (name == "word" || name == "side") return "w" + std::to_string(pick(90));
    if (name == "text") return pick(2) == 0 ? "\"Text\"" : "\"Größe \\\"x\\\" \\\\\"";
    if (name == "number") return std::to_string(pick(5000));
    if (name == "quantity") return pick(2) == 0 ? "-3" : "12.50";
    if (name == "date") return "1990-05-01";
    if (name == "reason") return "not-so";
    if (name == "dotted_name") return pick(2) == 0 ? "w1" : "w1.w2";
    if (name == "path") return glued(name);
    if (name == "side_path" || name == "side_or_path") return glued(name);
    return of(ebnf_.at(name));
  }

 private:
  std::size_t pick(std::size_t count) { return std::uniform_int_distribution<std::size_t>(0, count - 1)(random_); }

  // Without blanks outside its brackets.
  std::string glued(const std::string& name) {
    const bool before = std::exchange(glue_, true);
    std::string text = of(ebnf_.at(name));
    glue_ = before;
    return text;
  }

  std::string of(const EbnfNode& node) {
    switch (node.kind) {
      case EbnfNode::Kind::literal:
        return node.text;
      case EbnfNode::Kind::name:
        return of(node.text);
      case EbnfNode::Kind::choice:
        return of(node.parts[pick(node.parts.size())]);
      case EbnfNode::Kind::optional:
        return pick(2) == 0 || depth_ > 12 ? "" : of(node.parts[0]);
      case EbnfNode::Kind::repeat:
        return repeated(node.parts[0], glue_ ? "" : " ");
      case EbnfNode::Kind::sequence:
        return sequence(node);
    }
    return {};
  }

  std::string repeated(const EbnfNode& node, const std::string& between) {
    std::string text;
    const std::size_t count = depth_ > 12 ? 0 : pick(3);
    for (std::size_t i = 0; i < count; ++i) text += (i == 0 ? "" : between) + of(node);
    return text;
  }

  std::string sequence(const EbnfNode& node) {
    ++depth_;
    std::string text;
    for (std::size_t i = 0; i < node.parts.size(); ++i) {
      const bool items = node.parts[i].kind == EbnfNode::Kind::repeat && i > 0 && i + 1 < node.parts.size() &&
                         node.parts[i - 1].text == "{" && node.parts[i + 1].text == "}";
      const std::string part =
          items ? "\n" + repeated(node.parts[i].parts[0], pick(4) == 0 ? ", " : "\n") + "\n" : of(node.parts[i]);
      if (!text.empty() && !part.empty() && !glue_) text += " ";
      text += part;
    }
    --depth_;
    return text;
  }

  const Ebnf& ebnf_;
  std::mt19937& random_;
  bool glue_ = false;
  int depth_ = 0;
};

}  // namespace

Ebnf read_ebnf(const std::string& text) { return Reader(without_comments(text)).read(); }

void literals_of(const EbnfNode& node, std::set<std::string>& literals) {
  if (node.kind == EbnfNode::Kind::literal) literals.insert(node.text);
  for (const EbnfNode& part : node.parts) literals_of(part, literals);
}

std::string sample(const Ebnf& ebnf, const std::string& production, std::mt19937& random) {
  return Sampler(ebnf, random).of(production);
}

}  // namespace dovetail::test
