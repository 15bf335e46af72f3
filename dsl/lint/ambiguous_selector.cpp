#include <algorithm>
#include <map>

#include "dsl/check/pairs.hpp"
#include "dsl/lint/lints.hpp"

namespace dovetail::dsl {
namespace {

using ir::Side;
using Where = std::vector<std::pair<ir::MemberId, std::string>>;

struct Selected {
  Where where;
  Span span;
};

// True if every element that `narrow` finds is one that `wide` finds too.
bool includes_all(const Where& wide, const Where& narrow) {
  return wide.size() < narrow.size() &&
         std::ranges::all_of(
             wide, [&](const auto& condition) { return std::ranges::find(narrow, condition) != narrow.end(); });
}

}  // namespace

// A selector that also finds what another one of the map finds.
void lint_ambiguous_selector(const MapDraft& draft, Report& report) {
  std::map<std::pair<Side, ir::MemberId>, std::vector<Selected>> by_list;
  for (const FieldDraft& field : draft.fields) {
    for (const ShapeDraft& shape : field.shapes) {
      for (const PairDraft& pair : shape.pairs) {
        for (const Side side : {Side::hub, Side::provider}) {
          for (const ir::Path& path : pair.rule.end(side).paths) {
            if (path.selector.kind != ir::Selector::Kind::where) continue;
            std::vector<Selected>& all = by_list[{side, draft.vocabulary(side)->member(path.member).list}];
            const bool known = std::ranges::find(all, path.selector.where, &Selected::where) != all.end();
            if (!known && all.size() < 100) all.push_back({path.selector.where, span_of(end_at(*pair.written, side))});
          }
        }
      }
    }
  }
  for (const auto& [list, all] : by_list) {
    for (const Selected& wide : all) {
      const auto narrow =
          std::ranges::find_if(all, [&](const Selected& one) { return includes_all(wide.where, one.where); });
      if (narrow == all.end()) continue;
      report.add(Diagnostic::of(DiagnosticId::ambiguous_selector, draft.file(), wide.span,
                                "this selector also finds what a narrower one of this map finds")
                     .with(draft.label(narrow->span, "the narrower one"))
                     .helped("add a condition that tells the two apart: a second hit is held"));
    }
  }
}

}  // namespace dovetail::dsl
