#include "dsl/lint/lints.hpp"

namespace dovetail::dsl {

void lint_optional_match_key(const MapDraft& draft, Report& report) {
  if (!draft.rules.match || !draft.rules.match->field) return;
  const FieldDraft& field = draft.fields[*draft.rules.match->field];
  if (field.rule.required) return;
  report.add(Diagnostic::of(DiagnosticId::optional_match_key, draft.file(), field.written->label.span,
                            "people are matched by field \"" + field.rule.label + "\", which isn't `required`")
                 .with(draft.label(draft.match->span, "matched here"))
                 .noted("a person without it is never matched"));
}

}  // namespace dovetail::dsl
