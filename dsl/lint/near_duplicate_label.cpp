// Labels that people can't tell apart: they name rows of the table, and what is decided is decided by label.
#include <unordered_map>

#include "dsl/lint/lints.hpp"
#include "engine/values/unicode.hpp"

namespace dovetail::dsl {

void lint_near_duplicate_label(const MapDraft& draft, Report& report) {
  std::unordered_map<std::string, const FieldDraft*> seen;
  for (const FieldDraft& field : draft.fields) {
    if (!is_utf8(field.rule.label)) continue;  // said of the file
    std::string key;
    append_name_key(field.rule.label, key);
    if (key.empty()) continue;
    const auto [first, is_new] = seen.emplace(std::move(key), &field);
    if (is_new || first->second->rule.label == field.rule.label) continue;  // two of one label are an error
    report.add(Diagnostic::of(DiagnosticId::near_duplicate_label, draft.file(), field.written->label.span,
                              "field \"" + field.rule.label + "\" looks like another one's label")
                   .labelled("second label")
                   .with(draft.label(first->second->written->label.span, "first label"))
                   .helped("give them labels that people can tell apart"));
  }
}

}  // namespace dovetail::dsl
