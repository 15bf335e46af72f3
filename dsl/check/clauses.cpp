#include "dsl/check/clauses.hpp"

#include "dsl/check/pairs.hpp"
#include "dsl/check/types.hpp"

namespace dovetail::dsl {
namespace {

using Written = ast::Clause::Kind;
using ir::Side;

bool needs_side(Written kind) {
  return kind != Written::hold && kind != Written::conflict_ask && kind != Written::conflict_prefer;
}

bool is_about_value(Written kind) {
  return kind == Written::unique || kind == Written::max_length || kind == Written::min_length ||
         kind == Written::valid;
}

bool is_conflict(Written kind) { return kind == Written::conflict_ask || kind == Written::conflict_prefer; }

ir::Clause::Kind rule_kind(Written kind) { return static_cast<ir::Clause::Kind>(kind); }
static_assert(static_cast<int>(Written::all_parts_filled) == static_cast<int>(ir::Clause::Kind::all_parts_filled));

class ClauseCheck {
 public:
  ClauseCheck(const MapDraft& draft, FieldDraft& field, Report& report)
      : draft_(draft), field_(field), report_(report) {}

  void run() {
    const bool single = pair_count() == 1;
    for (const ast::Clause& clause : field_.written->clauses) take_of_field(clause, single);
    for (ShapeDraft& shape : field_.shapes) take_of_shape(shape, single);
  }

 private:
  // Pairs as written: those of two objects count once.
  std::size_t pair_count() const {
    std::size_t count = 0;
    for (const ShapeDraft& shape : field_.shapes) count += written_pairs(shape);
    return count;
  }

  static std::size_t written_pairs(const ShapeDraft& shape) {
    std::size_t count = 0;
    const ast::Pair* last = nullptr;
    for (const PairDraft& pair : shape.pairs) {
      if (pair.written != last) ++count;
      last = pair.written;
    }
    return count;
  }

  void take_of_field(const ast::Clause& clause, bool single) {
    if (!single && is_about_value(clause.kind)) return refuse_scope(clause, "field", pair_count());
    if (single && is_about_value(clause.kind) && refuse_object(clause, field_.shapes.front())) return;
    add(clause, field_.rule.clauses);
  }

  void take_of_shape(ShapeDraft& shape, bool single) {
    if (shape.written != nullptr) {
      for (const ast::Clause& clause : shape.written->clauses) take_shape_clause(clause, shape);
    }
    for (std::size_t i = 0; i < shape.pairs.size(); ++i) {
      PairDraft& pair = shape.pairs[i];
      if (i > 0 && shape.pairs[i - 1].written == pair.written) continue;
      for (const ast::Clause& clause : pair.written->clauses) take_pair_clause(clause, shape, pair, single);
    }
  }

  void take_shape_clause(const ast::Clause& clause, ShapeDraft& shape) {
    if (!is_about_value(clause.kind)) return refuse_part(clause, "shape");
    if (written_pairs(shape) != 1) return refuse_scope(clause, "shape", written_pairs(shape));
    if (!refuse_object(clause, shape)) add(clause, shape.pairs.front().rule.clauses);
  }

  void take_pair_clause(const ast::Clause& clause, const ShapeDraft& shape, PairDraft& pair, bool single) {
    if (single && shape.written == nullptr) {
      if (!is_about_value(clause.kind) || !refuse_object(clause, shape)) add(clause, field_.rule.clauses);
      return;
    }
    const bool is_whole =
        clause.kind == Written::hold || clause.kind == Written::all_parts_filled || is_conflict(clause.kind);
    if (is_whole) return refuse_part(clause, "pair");
    if (is_about_value(clause.kind) && pair.of_objects) return refuse_scope(clause, "pair", shape.pairs.size());
    add(clause, pair.rule.clauses);
  }

  void refuse_scope(const ast::Clause& clause, std::string_view what, std::size_t count) {
    field_.clauses_known = false;
    if (count == 0) return;
    report_.add(Diagnostic::of(DiagnosticId::ambiguous_constraint_scope, draft_.file(), clause.span,
                               quoted(clause_text(draft_, clause)) + " does not say which of the " +
                                   std::to_string(count) + " pairs of this " + std::string(what) + " it means")
                    .helped("write it in the braces of the pair: `… <-> … { " + clause_text(draft_, clause) + " }`"));
  }

  void refuse_part(const ast::Clause& clause, std::string_view what) {
    field_.clauses_known = false;
    report_.add(Diagnostic::of(DiagnosticId::ambiguous_constraint_scope, draft_.file(), clause.span,
                               quoted(clause_text(draft_, clause)) +
                                   " speaks about the whole field, and stands in one " + std::string(what) + " of it")
                    .helped("write it beside the " + std::string(what) + "s, in the field's own braces"));
  }

  // A value's clause on a pair of objects: which of their members would it mean?
  bool refuse_object(const ast::Clause& clause, const ShapeDraft& shape) {
    if (shape.pairs.empty() || !shape.pairs.front().of_objects) return false;
    refuse_scope(clause, "field", shape.pairs.size());
    return true;
  }

  void add(const ast::Clause& clause, std::vector<ir::Clause>& into) {
    if (is_conflict(clause.kind)) return take_conflict(clause);
    ir::Clause rule;
    rule.kind = rule_kind(clause.kind);
    rule.length = clause.length.value;
    rule.origin = draft_.origin(clause.span);
    const bool sides_known = !needs_side(clause.kind) || take_sides(clause, rule);
    const bool type_known = clause.kind != Written::valid || take_type(clause, rule);
    if (!sides_known || !type_known) {
      field_.clauses_known = false;
      return;
    }
    if (!repeats(clause, rule, into)) into.push_back(rule);
  }

  bool take_sides(const ast::Clause& clause, ir::Clause& rule) {
    if (clause.sides.text.empty()) {
      const std::string hub(draft_.alias(Side::hub));
      const std::string provider(draft_.alias(Side::provider));
      report_.add(Diagnostic::of(DiagnosticId::ambiguous_constraint_scope, draft_.file(), clause.span,
                                 quoted(written_text(draft_.file(), clause.span)) + " does not say in which system")
                      .helped("add `in " + hub + "`, `in " + provider + "` or `in both`"));
      return false;
    }
    const auto sides = find_sides(draft_, clause.sides, report_);
    if (sides) rule.sides = *sides;
    return sides.has_value();
  }

  bool take_type(const ast::Clause& clause, ir::Clause& rule) {
    if (clause.type.text.empty()) return false;
    rule.type = find_type(clause.type.text);
    if (rule.type == nullptr) {
      report_unknown_type(draft_.file(), clause.type, report_);
    } else if (rule.type->of_two) {
      report_.add(Diagnostic::of(DiagnosticId::validator_type_mismatch, draft_.file(), clause.type.span,
                                 quoted(rule.type->name) + " compares two values, and no single value is of it"));
      rule.type = nullptr;
    }
    return rule.type != nullptr;
  }

  void take_conflict(const ast::Clause& clause) {
    ir::ConflictRule rule = ir::ConflictRule::ask;
    if (clause.kind == Written::conflict_prefer) {
      const auto side = find_side(draft_, clause.sides, report_);
      if (!side) return;
      rule = *side == Side::hub ? ir::ConflictRule::prefer_hub : ir::ConflictRule::prefer_provider;
    }
    if (field_.rule.conflict) {
      const bool same = *field_.rule.conflict == rule;
      report_.add(Diagnostic::of(same ? DiagnosticId::repeated_constraint : DiagnosticId::contradictory_conflict_rule,
                                 draft_.file(), clause.span,
                                 same ? quoted(written_text(draft_.file(), clause.span)) + " stands twice"
                                      : "the field has two conflict rules")
                      .helped("keep one"));
      return;
    }
    field_.rule.conflict = rule;
  }

  bool repeats(const ast::Clause& clause, const ir::Clause& rule, const std::vector<ir::Clause>& before) {
    for (const ir::Clause& first : before) {
      if (first.kind != rule.kind || first.type != rule.type) continue;
      const bool overlap = first.sides == rule.sides || first.sides == ir::Sides::both || rule.sides == ir::Sides::both;
      if (!overlap) continue;
      const bool same = first.length == rule.length && first.sides == rule.sides;
      report_.add(
          Diagnostic::of(DiagnosticId::repeated_constraint, draft_.file(), clause.span,
                         same ? quoted(clause_text(draft_, rule)) + " stands twice"
                              : quoted(clause_text(draft_, rule)) + " repeats " + quoted(clause_text(draft_, first)))
              .helped(same ? "leave one out" : "keep the stricter one"));
      return same;
    }
    return false;
  }

  const MapDraft& draft_;
  FieldDraft& field_;
  Report& report_;
};

std::string text_of(Written kind, std::uint32_t length, std::string_view type, std::string_view sides) {
  std::string text;
  switch (kind) {
    case Written::unique:
      text = "unique";
      break;
    case Written::cannot_unset:
      text = "cannot unset";
      break;
    case Written::cannot_unset_or_update:
      text = "cannot unset or update";
      break;
    case Written::hold:
      return "hold";
    case Written::max_length:
      text = "max length " + std::to_string(length);
      break;
    case Written::min_length:
      text = "min length " + std::to_string(length);
      break;
    case Written::valid:
      text = "valid " + std::string(type);
      break;
    case Written::all_parts_filled:
      text = "all parts filled";
      break;
    case Written::conflict_ask:
      return "conflict ask";
    case Written::conflict_prefer:
      return "conflict prefer " + std::string(sides);
  }
  return sides.empty() ? text : text + " in " + std::string(sides);
}

}  // namespace

void take_clauses(const MapDraft& draft, FieldDraft& field, Report& report) { ClauseCheck(draft, field, report).run(); }

std::vector<const ir::Clause*> clauses_of(const FieldDraft& field, const PairDraft& pair) {
  std::vector<const ir::Clause*> all;
  for (const ir::Clause& clause : field.rule.clauses) all.push_back(&clause);
  for (const ir::Clause& clause : pair.rule.clauses) all.push_back(&clause);
  return all;
}

Span clause_span(const MapDraft& draft, const FieldDraft& field, const ir::Clause& clause) {
  const Offset begin = draft.file().offset({clause.origin.line, clause.origin.column});
  const auto find = [begin](const std::vector<ast::Clause>& written) -> const ast::Clause* {
    for (const ast::Clause& one : written) {
      if (one.span.begin == begin) return &one;
    }
    return nullptr;
  };
  if (const ast::Clause* found = find(field.written->clauses)) return found->span;
  for (const ShapeDraft& shape : field.shapes) {
    const ast::Clause* found = shape.written != nullptr ? find(shape.written->clauses) : nullptr;
    for (const PairDraft& pair : shape.pairs) {
      if (found == nullptr) found = find(pair.written->clauses);
    }
    if (found != nullptr) return found->span;
  }
  return {begin, begin};
}

bool is_about_value(ir::Clause::Kind kind) { return is_about_value(static_cast<Written>(kind)); }

std::string clause_text(const MapDraft& draft, const ir::Clause& clause) {
  const std::string_view sides = clause.sides == ir::Sides::both
                                     ? "both"
                                     : draft.alias(clause.sides == ir::Sides::hub ? Side::hub : Side::provider);
  return text_of(static_cast<Written>(clause.kind), clause.length, clause.type != nullptr ? clause.type->name : "",
                 sides);
}

std::string clause_text(const MapDraft&, const ast::Clause& clause) {
  return text_of(clause.kind, clause.length.value, clause.type.text, clause.sides.text);
}

}  // namespace dovetail::dsl
