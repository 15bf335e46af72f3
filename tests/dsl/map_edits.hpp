// The clauses of a map as ranges of its text, and the map without one of them.
#pragma once

#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "dsl/syntax/ast.hpp"

namespace dovetail::test {

struct ClauseInText {
  std::string label;  // of the field; empty: of something else
  dsl::Span span;
};

inline void add_clauses(const std::string& label, const std::vector<dsl::ast::Clause>& clauses,
                        std::vector<ClauseInText>& out) {
  for (const dsl::ast::Clause& clause : clauses) out.push_back({label, clause.span});
}

inline void add_field(const dsl::ast::Field& field, std::vector<ClauseInText>& out) {
  const std::string label(field.label.text);
  if (field.required) out.push_back({label, *field.required});
  add_clauses(label, field.clauses, out);
  for (const dsl::ast::Pair& pair : field.pairs) add_clauses(label, pair.clauses, out);
  for (const dsl::ast::Shape& shape : field.shapes) {
    add_clauses(label, shape.clauses, out);
    for (const dsl::ast::Pair& pair : shape.pairs) add_clauses(label, pair.clauses, out);
  }
}

// Collects from whatever an item is.
class ClauseCollector {
 public:
  std::vector<ClauseInText> clauses;

  template <class Items>
  void add_all(const Items& items) {
    for (const auto& item : items) std::visit(*this, item);
  }
  void operator()(const dsl::ast::Field& field) { add_field(field, clauses); }
  void operator()(const dsl::ast::AddMissing& add) { clauses.push_back({"", add.span}); }
  void operator()(const dsl::ast::NeverRemove& never) { clauses.push_back({"", never.span}); }
  void operator()(const dsl::ast::OnlyAfterActivation& only) { clauses.push_back({"", only.span}); }
  void operator()(const dsl::ast::Each& each) { add_all(each.items); }
  void operator()(const dsl::ast::Group& group) { add_all(group.items); }
  template <class Other>
  void operator()(const Other&) {}
};

// `required`, clauses in braces, and what lists and groups say, in file order.
inline std::vector<ClauseInText> clauses_in(const dsl::ast::File& file) {
  ClauseCollector collector;
  collector.add_all(file.items);
  return collector.clauses;
}

// The text without the range, and without the comma that separated it.
inline std::string without(std::string_view text, dsl::Span span) {
  std::size_t begin = span.begin, end = span.end;
  const std::size_t after = text.find_first_not_of(" \t", end);
  const std::size_t before = text.find_last_not_of(" \t", begin - 1);
  if (after != std::string_view::npos && text[after] == ',') {
    end = after + 1;
  } else if (before != std::string_view::npos && text[before] == ',') {
    begin = before;
  }
  return std::string(text.substr(0, begin)) + std::string(text.substr(end));
}

}  // namespace dovetail::test
