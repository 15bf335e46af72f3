// Two fields with one label, and what differs between them.
#include "dsl/check/checks.hpp"
#include "dsl/check/clauses.hpp"

namespace dovetail::dsl {
namespace {

using Clauses = std::vector<std::string>;

// What a row says besides its paths, each as its author would write it.
struct Row {
  std::vector<ir::Clause> clauses;
  bool required = false;
};

Row row_of(const FieldDraft& field) {
  Row row;
  row.required = field.rule.required;
  row.clauses = field.rule.clauses;
  for (const ShapeDraft& shape : field.shapes) {
    for (const PairDraft& pair : shape.pairs) {
      row.clauses.insert(row.clauses.end(), pair.rule.clauses.begin(), pair.rule.clauses.end());
    }
  }
  return row;
}

bool is_same(const ir::Clause& one, const ir::Clause& other) {
  return one.kind == other.kind && one.sides == other.sides && one.length == other.length && one.type == other.type;
}

// The same promise in another strength: "cannot unset" and "cannot unset or update" are one.
int family(const ir::Clause& clause) {
  const bool cannot = clause.kind == ir::Clause::Kind::cannot_unset_or_update;
  return static_cast<int>(cannot ? ir::Clause::Kind::cannot_unset : clause.kind);
}

bool is_stricter(const ir::Clause& one, const ir::Clause& other) {
  if (one.kind != other.kind) return one.kind == ir::Clause::Kind::cannot_unset_or_update;
  if (one.length != other.length) {
    return one.kind == ir::Clause::Kind::max_length ? one.length < other.length : one.length > other.length;
  }
  return one.sides == ir::Sides::both;
}

const ir::Clause* find_same(const Row& row, const ir::Clause& wanted) {
  for (const ir::Clause& clause : row.clauses) {
    if (is_same(clause, wanted)) return &clause;
  }
  return nullptr;
}

// The clause of the other row that says the same differently.
const ir::Clause* find_counterpart(const Row& row, const Row& opposite, const ir::Clause& wanted) {
  for (const ir::Clause& clause : row.clauses) {
    if (family(clause) == family(wanted) && find_same(opposite, clause) == nullptr) return &clause;
  }
  return nullptr;
}

class Comparison {
 public:
  Comparison(const MapDraft& draft, const FieldDraft& first, const FieldDraft& second)
      : draft_(draft), first_(first), second_(second), first_row_(row_of(first)), second_row_(row_of(second)) {}

  Diagnostic run() {
    Diagnostic found = Diagnostic::of(DiagnosticId::duplicate_field, draft_.file(), second_.written->label.span,
                                      "field \"" + second_.rule.label + "\" is defined twice")
                           .labelled("second definition")
                           .with(draft_.label(first_.written->label.span, "first definition"));
    compare_pairs(found);
    compare_clauses(found);
    found.help = "keep one field" + joined_clauses();
    if (pairs_differ_) found.help = "keep one field, or give one of them another label";
    return found;
  }

 private:
  std::string pairs_text(const FieldDraft& field) const {
    std::string text;
    for (const ShapeDraft& shape : field.shapes) {
      for (const PairDraft& pair : shape.pairs) {
        if (!text.empty()) text += ", ";
        text += written_text(draft_.file(), pair.written->span);
      }
    }
    return text;
  }

  void compare_pairs(Diagnostic& found) {
    const std::string first = pairs_text(first_);
    const std::string second = pairs_text(second_);
    pairs_differ_ = first != second;
    if (pairs_differ_) found.notes.push_back("differs: " + quoted(first) + " and " + quoted(second));
  }

  void compare_clauses(Diagnostic& found) {
    std::vector<std::string> differs;
    std::vector<std::string> only_first, only_second;
    if (first_row_.required && !second_row_.required) only_first.push_back("required");
    if (second_row_.required && !first_row_.required) only_second.push_back("required");
    for (const ir::Clause& clause : second_row_.clauses) {
      if (find_same(first_row_, clause) != nullptr) {
        kept_.push_back(clause_text(draft_, clause));
        continue;
      }
      const ir::Clause* counterpart = find_counterpart(first_row_, second_row_, clause);
      if (counterpart == nullptr) {
        only_second.push_back(clause_text(draft_, clause));
        kept_.push_back(clause_text(draft_, clause));
        continue;
      }
      differs.push_back(quoted(clause_text(draft_, *counterpart)) + " and " + quoted(clause_text(draft_, clause)));
      kept_.push_back(clause_text(draft_, is_stricter(clause, *counterpart) ? clause : *counterpart));
    }
    for (const ir::Clause& clause : first_row_.clauses) {
      if (find_same(second_row_, clause) != nullptr) continue;
      if (find_counterpart(second_row_, first_row_, clause) != nullptr) continue;
      only_first.push_back(clause_text(draft_, clause));
      kept_.push_back(clause_text(draft_, clause));
    }
    any_difference_ = !differs.empty() || !only_first.empty() || !only_second.empty();
    if (first_row_.required != second_row_.required) kept_.insert(kept_.begin(), "required");
    for (const std::string& text : only_first) found.notes.push_back("only in the first: " + quoted(text));
    for (const std::string& text : only_second) found.notes.push_back("only in the second: " + quoted(text));
    for (const std::string& text : differs) found.notes.push_back("differs: " + text);
  }

  // ", with `unique in both` and `max length 10 in netvisor`"; empty where nothing differs.
  std::string joined_clauses() const {
    if (!any_difference_ || kept_.empty()) return "";
    const std::vector<std::string_view> texts(kept_.begin(), kept_.end());
    return ", with " + listed(texts, texts.size());
  }

  const MapDraft& draft_;
  const FieldDraft& first_;
  const FieldDraft& second_;
  Row first_row_, second_row_;
  Clauses kept_;
  bool pairs_differ_ = false;
  bool any_difference_ = false;
};

}  // namespace

void check_duplicate_fields(const MapDraft& draft, Report& report) {
  for (std::uint32_t i = 0; i < draft.fields.size(); ++i) {
    const FieldDraft& field = draft.fields[i];
    if (field.rule.label.empty()) continue;
    const std::uint32_t first = draft.field_by_label.at(field.written->label.text);
    if (first != i) report.add(Comparison(draft, draft.fields[first], field).run());
  }
}

}  // namespace dovetail::dsl
