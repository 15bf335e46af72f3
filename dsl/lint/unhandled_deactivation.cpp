#include "dsl/lint/lints.hpp"

namespace dovetail::dsl {

void lint_unhandled_deactivation(const MapDraft& draft, Report& report) {
  if (draft.unit->tree.broken || !draft.unit->tree.header || draft.fields.empty()) return;
  for (const ast::Item& item : draft.unit->tree.items) {
    const auto* rule = std::get_if<ast::LifeCycle>(&item);
    if (rule != nullptr && rule->event == ast::LifeCycle::Event::deactivate) return;
  }
  const std::string provider(draft.alias(ir::Side::provider));
  const std::string hub(draft.alias(ir::Side::hub));
  report.add(Diagnostic::of(DiagnosticId::unhandled_deactivation, draft.file(), draft.unit->tree.header->span,
                            "the map does not say what happens to people who are deactivated in " + quoted(hub))
                 .noted("they stay in " + quoted(provider) + " and are locked")
                 .helped("write it down: `on deactivate in " + hub + " { stay in " + provider + ", lock }`"));
}

}  // namespace dovetail::dsl
