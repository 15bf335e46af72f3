// Clauses about writes that no rule ever makes.
#include <algorithm>

#include "dsl/check/clauses.hpp"
#include "dsl/lint/lints.hpp"

namespace dovetail::dsl {
namespace {

using Kind = ir::Clause::Kind;
using ir::Side;

bool writes(const PairDraft& pair, Side side) { return ir::flows_to(pair.rule.direction, side); }

bool writes(const FieldDraft& field, Side side) {
  return std::ranges::any_of(field.shapes, [side](const ShapeDraft& shape) {
    return std::ranges::any_of(shape.pairs, [side](const PairDraft& pair) { return writes(pair, side); });
  });
}

class PointlessClauses {
 public:
  PointlessClauses(const MapDraft& draft, Report& report) : draft_(draft), report_(report) {}

  void run() {
    for (const FieldDraft& field : draft_.fields) {
      if (!field.sound || !field.clauses_known) continue;
      for (const ir::Clause& clause : field.rule.clauses)
        check(field, clause, [&](Side side) { return writes(field, side); });
      for (const ShapeDraft& shape : field.shapes) {
        for (const PairDraft& pair : shape.pairs) {
          for (const ir::Clause& clause : pair.rule.clauses)
            check(field, clause, [&](Side side) { return writes(pair, side); });
        }
      }
    }
    for (std::size_t group = 0; group < draft_.groups.size(); ++group) check_group(group);
  }

 private:
  template <typename Writes>
  void check(const FieldDraft& field, const ir::Clause& clause, const Writes& written) {
    const bool unique = clause.kind == Kind::unique && !(ir::includes(clause.sides, Side::hub) && written(Side::hub)) &&
                        !(ir::includes(clause.sides, Side::provider) && written(Side::provider));
    const bool hold = clause.kind == Kind::hold && !written(Side::provider);
    if (!unique && !hold) return;
    const std::string what = hold ? quoted(draft_.alias(Side::provider)) + " is never written: nothing waits"
                                  : "field \"" + field.rule.label + "\" is never written there: nothing is held";
    report_.add(Diagnostic::of(DiagnosticId::pointless_clause, draft_.file(), clause_span(draft_, field, clause),
                               quoted(clause_text(draft_, clause)) + " does nothing: " + what)
                    .helped("leave it out, or let the field be written there"));
  }

  void check_group(std::size_t group) {
    const ast::Group& written = *draft_.groups[group].written;
    if (!draft_.rules.groups[group].only_after_activation || written.broken) return;
    bool any = false;
    for (const FieldDraft& field : draft_.fields) {
      if (field.rule.group != group) continue;
      any = true;
      if (!field.sound || writes(field, Side::provider)) return;
    }
    const auto says_it = [](const auto& item) { return std::holds_alternative<ast::OnlyAfterActivation>(item); };
    const auto item = std::ranges::find_if(written.items, says_it);
    if (!any || item == written.items.end()) return;
    report_.add(Diagnostic::of(DiagnosticId::pointless_clause, draft_.file(),
                               std::get<ast::OnlyAfterActivation>(*item).span,
                               "`only changes after activation` does nothing: no field of this group writes " +
                                   quoted(draft_.alias(Side::provider)))
                    .helped("leave it out: what is read is read in manual runs, whenever it has changed"));
  }

  const MapDraft& draft_;
  Report& report_;
};

}  // namespace

void lint_pointless_clause(const MapDraft& draft, Report& report) { PointlessClauses(draft, report).run(); }

}  // namespace dovetail::dsl
