#include <algorithm>

#include "dsl/lint/lints.hpp"
#include "dsl/lint/tested_members.hpp"

namespace dovetail::dsl {
namespace {

using ir::Side;

bool is_named(const PairDraft& pair, const MemberSets& named) {
  for (const Side side : {Side::hub, Side::provider}) {
    const auto& members = named[static_cast<std::size_t>(side)];
    const auto is_in = [&](const ir::Path& path) { return members.contains(path.member); };
    if (std::ranges::any_of(pair.rule.end(side).paths, is_in)) return true;
  }
  return false;
}

bool is_named(const FieldDraft& field, const MemberSets& named) {
  for (const ShapeDraft& shape : field.shapes) {
    for (const PairDraft& pair : shape.pairs) {
      if (is_named(pair, named)) return true;
    }
  }
  return false;
}

}  // namespace

void lint_untested_field(const MapDraft& draft, Report& report) {
  const TestedMembers tested = tested_members(draft);
  for (const FieldDraft& field : draft.fields) {
    if (!field.sound || is_named(field, tested.named)) continue;
    report.add(Diagnostic::of(DiagnosticId::untested_field, draft.file(), field.written->label.span,
                              "no test mentions field \"" + field.rule.label + "\"")
                   .helped("add a `test` that gives one of its members a value, and says what is expected"));
  }
}

}  // namespace dovetail::dsl
