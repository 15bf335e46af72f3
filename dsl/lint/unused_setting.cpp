#include "dsl/lint/lints.hpp"

namespace dovetail::dsl {

void lint_unused_setting(const MapDraft& draft, Report& report) {
  if (draft.unit->tree.broken || !draft.settings_known) return;
  for (const SettingDraft& setting : draft.settings) {
    if (setting.used) continue;
    report.add(Diagnostic::of(DiagnosticId::unused_setting, draft.file(), setting.written->name.span,
                              "setting " + quoted(setting.written->name.text) + " is never used")
                   .helped("people would be asked for it in vain: use it or remove it"));
  }
}

}  // namespace dovetail::dsl
