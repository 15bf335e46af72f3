#include "dsl/lint/lints.hpp"

namespace dovetail::dsl {

void lint_duplicate_test_name(const MapDraft& draft, Report& report) {
  std::unordered_map<std::string_view, Span> seen;
  for (const ast::Item& item : draft.unit->tree.items) {
    const auto* test = std::get_if<ast::Test>(&item);
    if (test == nullptr) continue;
    const auto [first, is_new] = seen.emplace(test->name.text, test->name.span);
    if (is_new) continue;
    report.add(Diagnostic::of(DiagnosticId::duplicate_test_name, draft.file(), test->name.span,
                              "two tests are called \"" + std::string(test->name.text) + "\"")
                   .labelled("second")
                   .with(draft.label(first->second, "first"))
                   .helped("give one of them another name"));
  }
}

}  // namespace dovetail::dsl
