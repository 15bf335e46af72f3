// Clauses against the members that they speak about.
#include "dsl/check/checks.hpp"
#include "dsl/check/clauses.hpp"
#include "dsl/check/pairs.hpp"
#include "dsl/check/types.hpp"

namespace dovetail::dsl {
namespace {

using ir::Side;
using Kind = ir::Clause::Kind;

// A clause and where it stands.
struct Placed {
  const ir::Clause* rule = nullptr;
  const ast::Clause* written = nullptr;
};

class PairConstraints {
 public:
  PairConstraints(const MapDraft& draft, const FieldDraft& field, const PairDraft& pair, Report& report)
      : draft_(draft), pair_(pair), report_(report) {
    place(field.rule.clauses, field.written->clauses);
    if (field.single_pair() != nullptr) place(field.rule.clauses, pair.written->clauses);
    place(pair.rule.clauses, pair.written->clauses);
    for (const ShapeDraft& shape : field.shapes) {
      if (shape.written != nullptr) place(pair.rule.clauses, shape.written->clauses);
    }
  }

  void run() {
    for (const Placed& clause : clauses_) {
      for (const Side side : {Side::hub, Side::provider}) {
        if (is_about_value(clause.rule->kind) && ir::includes(clause.rule->sides, side)) {
          if (!check(clause, side)) break;  // said for one side: the same for the other
        }
      }
    }
    for (const Side side : {Side::hub, Side::provider}) check_lengths(side);
  }

 private:
  // Finds the written clause of each rule by its place.
  void place(const std::vector<ir::Clause>& rules, const std::vector<ast::Clause>& written) {
    for (const ir::Clause& rule : rules) {
      for (const ast::Clause& clause : written) {
        const Place at = draft_.file().place(clause.span.begin);
        if (at.line == rule.origin.line && at.column == rule.origin.column) clauses_.push_back({&rule, &clause});
      }
    }
  }

  const ir::Member* member(Side side) const {
    return pair_.known[static_cast<std::size_t>(side)] ? single_member(draft_, pair_, side) : nullptr;
  }

  std::string text(const Placed& clause) const { return quoted(clause_text(draft_, *clause.rule)); }
  std::string path(Side side) const { return quoted(end_text(draft_, pair_, side)); }
  Label defined(Side side) const {
    const Vocabulary& vocabulary = *draft_.vocabulary(side);
    return vocabulary.label(vocabulary.schema.id(*member(side)), described_type(*member(side)));
  }

  bool check(const Placed& clause, Side side) {
    switch (clause.rule->kind) {
      case Kind::valid:
        return check_type(clause, side);
      case Kind::unique:
        return check_visible(clause, side);
      default:
        return check_has_length(clause, side);
    }
  }

  bool check_type(const Placed& clause, Side side) {
    const ir::Member* here = member(side);
    if (here == nullptr || here->kind != ir::MemberKind::scalar) return true;
    if (here->type != nullptr && go_together(*clause.rule->type, *here->type)) return true;
    report_.add(Diagnostic::of(DiagnosticId::validator_type_mismatch, draft_.file(), clause.written->type.span,
                               "no value of " + path(side) + " can be " + quoted(clause.rule->type->name) + ": it is " +
                                   described_type(*here))
                    .with(defined(side)));
    return false;
  }

  bool check_visible(const Placed& clause, Side side) {
    const ir::Member* here = member(side);
    if (here == nullptr || (!here->write_only && here->masked_as.empty())) return true;
    report_.add(Diagnostic::of(DiagnosticId::capability_missing, draft_.file(), clause.written->span,
                               text(clause) + " can't be kept: " + quoted(draft_.alias(side)) +
                                   " does not show what is in " + path(side))
                    .with({defined(side).file, defined(side).span, here->write_only ? "write only" : "masked"})
                    .helped("leave the clause out, or say it of " + quoted(draft_.alias(other(side)))));
    return false;
  }

  bool check_has_length(const Placed& clause, Side side) {
    const ir::Member* here = member(side);
    if (pair_.known[static_cast<std::size_t>(side)] && pair_.rule.end(side).paths.size() > 1) {
      report_.add(Diagnostic::of(DiagnosticId::ambiguous_constraint_scope, draft_.file(), clause.written->span,
                                 text(clause) + " does not say which of the " +
                                     std::to_string(pair_.rule.end(side).paths.size()) + " members it means")
                      .with(draft_.label(span_of(end_at(*pair_.written, side)), "these")));
      return false;
    }
    if (here == nullptr || (here->type != nullptr && is_text_like(*here->type))) return true;
    report_.add(Diagnostic::of(DiagnosticId::type_mismatch, draft_.file(), clause.written->span,
                               text(clause) + " is said of " + path(side) + ", which is " + described_type(*here) +
                                   " and has no length")
                    .with(defined(side)));
    return false;
  }

  // ---- lengths that exclude each other ----

  const Placed* find(Kind kind, Side side) const {
    for (const Placed& clause : clauses_) {
      if (clause.rule->kind == kind && ir::includes(clause.rule->sides, side)) return &clause;
    }
    return nullptr;
  }

  void check_lengths(Side side) {
    const Placed* most = find(Kind::max_length, side);
    const Placed* least = find(Kind::min_length, side);
    const bool both_sides = side == Side::provider && most != nullptr && least != nullptr &&
                            most == find(Kind::max_length, Side::hub) && least == find(Kind::min_length, Side::hub);
    if (both_sides) return;  // said for the hub already
    if (most != nullptr && most->rule->length == 0) return refuse_nothing(*most);
    if (least == nullptr) return;
    if (most != nullptr && least->rule->length > most->rule->length) return refuse_lengths(*least, *most);
    const ir::Member* here = member(side);
    if (here == nullptr || !here->max_length || least->rule->length <= *here->max_length) return;
    const Vocabulary& vocabulary = *draft_.vocabulary(side);
    report_.add(
        Diagnostic::of(DiagnosticId::contradictory_length, draft_.file(), least->written->span,
                       text(*least) + " asks for more than the " + std::to_string(*here->max_length) +
                           " characters that " + path(side) + " takes")
            .with(vocabulary.label(vocabulary.schema.id(*here), "max length " + std::to_string(*here->max_length))));
  }

  void refuse_nothing(const Placed& most) {
    report_.add(Diagnostic::of(DiagnosticId::contradictory_length, draft_.file(), most.written->span,
                               text(most) + " lets no value through"));
  }

  void refuse_lengths(const Placed& least, const Placed& most) {
    const Placed& second = least.written->span.begin > most.written->span.begin ? least : most;
    const Placed& first = &second == &least ? most : least;
    report_.add(Diagnostic::of(DiagnosticId::contradictory_length, draft_.file(), second.written->span,
                               text(least) + " and " + text(most) + " exclude each other")
                    .with(draft_.label(first.written->span, "the other one")));
  }

  const MapDraft& draft_;
  const PairDraft& pair_;
  Report& report_;
  std::vector<Placed> clauses_;
};

}  // namespace

void check_constraints(const MapDraft& draft, Report& report) {
  for (const FieldDraft& field : draft.fields) {
    for (const ShapeDraft& shape : field.shapes) {
      for (const PairDraft& pair : shape.pairs) {
        if (!field.rule.clauses.empty() || !pair.rule.clauses.empty())
          PairConstraints(draft, field, pair, report).run();
      }
    }
  }
}

}  // namespace dovetail::dsl
