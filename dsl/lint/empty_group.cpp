#include "dsl/lint/lints.hpp"

namespace dovetail::dsl {

void lint_empty_group(const MapDraft& draft, Report& report) {
  for (const GroupDraft& group : draft.groups) {
    if (group.written->broken) continue;
    bool has_row = false;
    for (const auto& item : group.written->items) {
      has_row |= std::holds_alternative<ast::Field>(item) || std::holds_alternative<ast::Each>(item) ||
                 std::holds_alternative<ast::Fill>(item);
    }
    if (has_row) continue;
    report.add(Diagnostic::of(DiagnosticId::empty_group, draft.file(), group.written->title.span,
                              "group \"" + std::string(group.written->title.text) + "\" holds no field")
                   .helped("remove it")
                   .fixed({{group.written->span, ""}}));
  }
}

}  // namespace dovetail::dsl
