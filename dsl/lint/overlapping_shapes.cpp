#include "dsl/check/checks.hpp"
#include "dsl/check/pairs.hpp"
#include "dsl/lint/lints.hpp"

namespace dovetail::dsl {
namespace {

using ir::Side;

bool is_same(const ir::Path& one, const ir::Path& other_path) {
  return one.member == other_path.member && one.selector == other_path.selector;
}

// True if both shapes read some member of that side, and no literal tells them apart.
bool overlap(const ShapeDraft& one, const ShapeDraft& other_shape, Side from) {
  bool shared = false;
  for (const PairDraft& left : one.pairs) {
    for (const PairDraft& right : other_shape.pairs) {
      const bool are_read =
          ir::flows_to(left.rule.direction, other(from)) && ir::flows_to(right.rule.direction, other(from));
      if (!are_read || left.rule.end(from).paths.empty() || right.rule.end(from).paths.empty()) continue;
      if (!is_same(left.rule.end(from).paths.front(), right.rule.end(from).paths.front())) continue;
      const std::optional<Value>& first = left.rule.end(other(from)).literal;
      const std::optional<Value>& second = right.rule.end(other(from)).literal;
      if (first && second && first->text != second->text) return false;
      shared |= !first && !second;
    }
  }
  return shared;
}

bool has_test(const ShapeDraft& shape) {
  for (const PairDraft& pair : shape.pairs) {
    if (!pair.rule.clauses.empty() || !pair.rule.transforms.empty()) return true;
  }
  return false;
}

}  // namespace

void lint_overlapping_shapes(const MapDraft& draft, Report& report) {
  for (const FieldDraft& field : draft.fields) {
    if (!field.sound || field.shapes.size() < 2) continue;
    for (std::size_t i = 1; i < field.shapes.size(); ++i) {
      const ShapeDraft& before = field.shapes[i - 1];
      const ShapeDraft& shape = field.shapes[i];
      if (hides(draft, before, shape, Side::hub) || hides(draft, before, shape, Side::provider)) continue;
      if (has_test(before) || (!overlap(before, shape, Side::hub) && !overlap(before, shape, Side::provider))) continue;
      report.add(Diagnostic::of(DiagnosticId::overlapping_shapes, draft.file(), shape.written->name.span,
                                "a value may have this shape and \"" + std::string(before.written->name.text) + "\"")
                     .with(draft.label(before.written->name.span, "is taken then")));
    }
  }
}

}  // namespace dovetail::dsl
