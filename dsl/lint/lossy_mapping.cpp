#include "dsl/check/pairs.hpp"
#include "dsl/lint/lints.hpp"

namespace dovetail::dsl {
namespace {

using ir::Side;

// What a value of `from` loses in `to`; empty: nothing. Lengths are no loss: a value that is too long is held.
std::string_view loss(const ir::Member& from, const ir::Member& to) {
  if (from.type == nullptr || to.type == nullptr) return {};
  if (from.type->name == "decimal" && to.type->name == "integer") return "its decimals";
  return {};
}

}  // namespace

void lint_lossy_mapping(const MapDraft& draft, Report& report) {
  for (const FieldDraft& field : draft.fields) {
    for (const ShapeDraft& shape : field.shapes) {
      for (const PairDraft& pair : shape.pairs) {
        if (!pair.sound() || !pair.rule.transforms.empty() || pair.rule.table) continue;
        for (const Side target : {Side::hub, Side::provider}) {
          const ir::Member* from = single_member(draft, pair, other(target));
          const ir::Member* to = single_member(draft, pair, target);
          if (from == nullptr || to == nullptr || !ir::flows_to(pair.rule.direction, target)) continue;
          const std::string_view lost = loss(*from, *to);
          if (lost.empty()) continue;
          report.add(Diagnostic::of(DiagnosticId::lossy_mapping, draft.file(), pair.written->arrow.span,
                                    "a value of " + quoted(end_text(draft, pair, other(target))) + " loses " +
                                        std::string(lost) + " in " + quoted(end_text(draft, pair, target)))
                         .with(draft.label(span_of(end_at(*pair.written, target)), described_type(*to)))
                         .helped("values that don't fit are held; pair it with a member of the same type"));
        }
      }
    }
  }
}

}  // namespace dovetail::dsl
