#include "dsl/grammar/builder.hpp"

namespace dovetail::dsl::grammar {

void Builder::start_pair(const char* at) {
  pair = {};
  pair.span.begin = offset(at);
  via.clear();
  table.reset();
  const Context context = contexts.back();
  if (context == Context::field || context == Context::shape) broken = &pair.broken;
}

void Builder::finish_pair() {
  pair.via = std::move(via);
  pair.table = std::exchange(table, {});
  pair.span.end = offset(last_end);
  via.clear();
}

void Builder::finish_clause(ast::Clause::Kind kind, const char* at) {
  clause.kind = kind;
  clause.span = span(at, last_end);
  clause.sides = std::exchange(sides, {});
  const ast::Clause done = std::exchange(clause, {});
  if (!whole()) return;
  const auto outer = contexts.size() < 2 ? Context::map : contexts[contexts.size() - 2];
  if (contexts.back() == Context::shape) {
    shape.clauses.push_back(done);
  } else if (contexts.back() == Context::clauses && (outer == Context::field || outer == Context::shape)) {
    pair.clauses.push_back(done);
  } else {
    field.clauses.push_back(done);
  }
}

void Builder::finish_modifier(ast::Modifier::Kind kind, const char* at) {
  modifier.kind = kind;
  modifier.span = span(at, last_end);
  ast::Modifier done = std::exchange(modifier, {});
  if (!panic) members.back().modifiers.push_back(std::move(done));
}

void Builder::start_member(ast::Member::Kind kind) {
  // The flags of outer members are pointed to: the stack must not move. Blocks bound its depth.
  if (members.capacity() < deepest + 2) members.reserve(deepest + 2);
  start(members.emplace_back(), token_begin);
  members.back().kind = kind;
}

void Builder::finish_member() {
  ast::Member done = std::move(members.back());
  members.pop_back();
  broken = &done.broken;  // what stands behind it is its mistake too
  if (members.empty()) {
    finish(done);
  } else {
    finish(done, members.back().members);
  }
}

void Builder::read_word_literal() {
  using Kind = ast::Literal::Kind;
  const std::string_view written = name_text;
  Kind kind = Kind::word;
  if (!name_quoted) {
    if (written == "true" || written == "false" || written == "on" || written == "off") kind = Kind::boolean;
    if (written == "unset") kind = Kind::unset;
    if (!contexts.empty() && (contexts.back() == Context::given || contexts.back() == Context::test)) {
      if (written == "absent") kind = Kind::absent;
      if (written == "masked") kind = Kind::masked;
    }
  }
  last_literal = {kind, written, span(name_begin, name_end)};
}

// Words that mean something else where a side is named.
void Builder::check_alias() {
  static constexpr std::string_view reserved[] = {"both",  "base",    "others", "setting", "clear",
                                                  "no",    "blocked", "held",   "ask",     "true",
                                                  "false", "on",      "off",    "unset",   "absent"};
  if (name_quoted) return;
  for (const std::string_view taken : reserved) {
    if (taken == name_text) report_reserved(name());
  }
}

void Builder::report_reserved(ast::Name found) {
  const std::string quoted = "`" + std::string(found.text) + "`";
  reporter.add(DiagnosticId::reserved_name, found.span, quoted + " is a word of the language",
               "put it in backticks where it is a name", {{found.span, quoted}});
}

// A pair that starts with a word which would start another item here.
void Builder::check_first_word() {
  if (name_quoted) return;
  const bool starts = name_begin == item_begin && starts_item(contexts.back(), name_text);
  const bool after_label = name_begin != item_begin && (name_text == "required" || name_text == "when") &&
                           contexts.back() != Context::field && contexts.back() != Context::shape;
  if (starts || after_label) report_reserved(name());
}

}  // namespace dovetail::dsl::grammar
