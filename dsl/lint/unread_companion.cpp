// One-way pairs beside two-way ones whose source no compared pair reads: nobody sees it change.
#include <algorithm>

#include "dsl/check/pairs.hpp"
#include "dsl/lint/lints.hpp"

namespace dovetail::dsl {
namespace {

using ir::Direction;
using ir::Side;

bool is_compared(const PairDraft& pair) { return pair.rule.direction == Direction::both; }

bool reads(const PairDraft& pair, Side side, const ir::Path& path) {
  return std::ranges::any_of(pair.rule.end(side).paths, [&](const ir::Path& one) {
    return one.member == path.member && one.selector == path.selector;
  });
}

// The first member at the pair's source that no two-way pair of the shape has; nullptr: there is none.
const ir::Path* unread(const ShapeDraft& shape, const PairDraft& pair) {
  const Side source = pair.rule.direction == Direction::to_provider ? Side::hub : Side::provider;
  const std::vector<ir::Path>& paths = pair.rule.end(source).paths;
  const auto found = std::ranges::find_if(paths, [&](const ir::Path& path) {
    return std::ranges::none_of(
        shape.pairs, [&](const PairDraft& other) { return is_compared(other) && reads(other, source, path); });
  });
  return found == paths.end() ? nullptr : &*found;
}

bool is_demanded(const FieldDraft& field, Side side) {
  return std::ranges::any_of(field.rule.clauses, [side](const ir::Clause& clause) {
    return clause.kind == ir::Clause::Kind::all_parts_filled && ir::includes(clause.sides, side);
  });
}

}  // namespace

void lint_unread_companion(const MapDraft& draft, Report& report) {
  for (const FieldDraft& field : draft.fields) {
    if (!field.sound || field.has_shapes()) continue;
    const ShapeDraft& shape = field.shapes.front();
    if (std::ranges::none_of(shape.pairs, is_compared)) continue;
    for (const PairDraft& pair : shape.pairs) {
      const ir::Path* path = is_compared(pair) ? nullptr : unread(shape, pair);
      if (path == nullptr) continue;
      const Side source = pair.rule.direction == Direction::to_provider ? Side::hub : Side::provider;
      if (is_demanded(field, other(source))) continue;  // incomplete-parts says it
      const std::string member =
          quoted(std::string(draft.alias(source)) + "." + plain_path(draft.vocabulary(source)->member(path->member)));
      report.add(Diagnostic::of(DiagnosticId::unread_companion, draft.file(), pair.written->arrow.span,
                                "a change of " + member +
                                    " alone is not sent: this pair goes along with the others, "
                                    "and none of them reads it")
                     .noted("it is written when one of the others is, and emptied only together with the whole field")
                     .helped("pair it both ways, or give it a field of its own"));
    }
  }
}

}  // namespace dovetail::dsl
