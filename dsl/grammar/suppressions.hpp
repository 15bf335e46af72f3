// The comments that speak to mapcheck: `# mapcheck: allow(name) because "…"`.
#pragma once

#include <tao/pegtl.hpp>

#include <vector>

#include "dsl/grammar/reporter.hpp"
#include "dsl/syntax/ast.hpp"

// NOLINTBEGIN(readability-identifier-naming): rules are named as in docs/grammar.ebnf.
namespace dovetail::dsl::grammar::comments {

namespace p = tao::pegtl;

struct blanks : p::star<p::blank> {};
// lint = letter { letter | digit | "-" | "_" }
struct lint : p::plus<p::sor<p::identifier_other, p::one<'-'>>> {};
struct reason : p::star<p::not_one<'"'>> {};
struct because
    : p::seq<p::string<'b', 'e', 'c', 'a', 'u', 's', 'e'>, blanks, p::one<'"'>, reason, p::one<'"'>, blanks> {};
// suppression = "#" "mapcheck:" "allow" "(" lint ")" [ "because" text ]
struct suppression : p::seq<p::one<'#'>, blanks, p::string<'m', 'a', 'p', 'c', 'h', 'e', 'c', 'k', ':'>, blanks,
                            p::string<'a', 'l', 'l', 'o', 'w'>, blanks, p::one<'('>, blanks, lint, blanks, p::one<')'>,
                            blanks, p::opt<because>, p::star<p::one<'\r'>>, p::eof> {};

struct Found {
  std::string_view lint, reason;
  bool because = false;
};
template <typename Rule>
struct action : p::nothing<Rule> {};
template <>
struct action<lint> {
  template <typename Input>
  static void apply(const Input& in, Found& found) {
    found.lint = {in.begin(), in.size()};
  }
};
template <>
struct action<reason> {
  template <typename Input>
  static void apply(const Input& in, Found& found) {
    found.reason = {in.begin(), in.size()};
    found.because = true;
  }
};

}  // namespace dovetail::dsl::grammar::comments
// NOLINTEND(readability-identifier-naming)

namespace dovetail::dsl::grammar {

// The next line after `at` that is neither blank nor a comment, from its first character; empty: there is none.
// `known` is what was found for the comments further down: looked up instead of searched for again.
inline Span covered_line(const SourceFile& source, Offset at, const std::vector<ast::Suppression>& known) {
  const std::string_view text = source.text();
  std::size_t p = text.find('\n', at);
  while (p != std::string_view::npos && p < text.size()) {
    p = text.find_first_not_of(" \t\r\n", p);
    if (p == std::string_view::npos) break;
    if (!known.empty() && known.back().span.begin == p) return known.back().covers;
    std::size_t end = std::min(text.find('\n', p), text.size());
    if (text[p] != '#') {
      while (end > p && (text[end - 1] == '\r' || text[end - 1] == ' ')) --end;
      return {static_cast<Offset>(p), static_cast<Offset>(end)};
    }
    p = end;
  }
  return {static_cast<Offset>(text.size()), static_cast<Offset>(text.size())};
}

// Fills file.suppressions from the trivia. A comment that speaks to mapcheck and can't be understood is reported.
inline void read_suppressions(const SourceFile& source, Reporter& reporter, ast::File& file) {
  std::vector<ast::Suppression> found;  // from the last to the first
  for (auto trivia = file.trivia.rbegin(); trivia != file.trivia.rend(); ++trivia) {
    if (trivia->kind != ast::Trivia::Kind::suppression) continue;
    const std::string_view comment = source.text(trivia->span);
    comments::Found parts;
    tao::pegtl::memory_input<tao::pegtl::tracking_mode::lazy> in(comment.data(), comment.data() + comment.size(), "");
    if (!tao::pegtl::parse<comments::suppression, comments::action>(in, parts)) {
      reporter.add(DiagnosticId::unexpected_token, trivia->span, "a comment for mapcheck that it does not understand",
                   "write `# mapcheck: allow(name-of-the-check) because \"the reason\"`");
      continue;
    }
    const auto place = [&](std::string_view part) {
      const auto from = static_cast<Offset>(part.data() - source.text().data());
      return Span{from, from + static_cast<Offset>(part.size())};
    };
    ast::Suppression one;
    one.lint = {parts.lint, place(parts.lint)};
    if (parts.because) one.because = ast::Text{parts.reason, place(parts.reason)};
    one.span = trivia->span;
    one.covers = covered_line(source, trivia->span.end, found);
    found.push_back(one);
  }
  file.suppressions.assign(found.rbegin(), found.rend());
}

}  // namespace dovetail::dsl::grammar
