#include "dsl/check/pairs.hpp"
#include "dsl/lint/lints.hpp"

namespace dovetail::dsl {
namespace {

// Applying it again changes nothing.
bool is_idempotent(std::string_view transform) {
  return transform == "trim" || transform == "upper" || transform == "lower" || transform == "digits";
}

void check_pair(const MapDraft& draft, const PairDraft& pair, Report& report) {
  const std::vector<ir::TransformUse>& chain = pair.rule.transforms;
  for (std::size_t i = 0; i < chain.size(); ++i) {
    const std::string_view name = chain[i].transform->name;
    const bool again = i > 0 && chain[i - 1].transform == chain[i].transform && is_idempotent(name);
    if (!again && name != "trim") continue;
    report.add(
        Diagnostic::of(DiagnosticId::redundant_transform, draft.file(), pair.written->via[i].span,
                       quoted(name) + (again ? " stands twice" : " changes nothing: outer blanks are always cut"))
            .helped("leave it out"));
    return;
  }
}

}  // namespace

void lint_redundant_transform(const MapDraft& draft, Report& report) {
  for (const FieldDraft& field : draft.fields) {
    for (const ShapeDraft& shape : field.shapes) {
      for (const PairDraft& pair : shape.pairs) {
        if (pair.sound()) check_pair(draft, pair, report);
      }
    }
  }
}

}  // namespace dovetail::dsl
