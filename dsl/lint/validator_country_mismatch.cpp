#include "dsl/check/clauses.hpp"
#include "dsl/check/pairs.hpp"
#include "dsl/check/types.hpp"
#include "dsl/lint/lints.hpp"

namespace dovetail::dsl {
namespace {

using ir::Side;

bool is_country(const ir::Member& member) {
  return member.name.find("ountry") != std::string::npos ||
         (member.type != nullptr && member.type->name == "country_alpha2");
}

// The country that the pair is about: its selector names one, or a pair with a literal beside it; empty: none.
std::string country_of_pair(const MapDraft& draft, const ShapeDraft& shape, const PairDraft& pair) {
  for (const Side side : {Side::hub, Side::provider}) {
    for (const ir::Path& path : pair.rule.end(side).paths) {
      for (const auto& [member, value] : path.selector.where) {
        if (is_country(draft.vocabulary(side)->member(member)) && value.size() == 2) return value;
      }
    }
  }
  for (const PairDraft& beside : shape.pairs) {
    for (const Side side : {Side::hub, Side::provider}) {
      const ir::Member* member = single_member(draft, beside, side);
      const std::optional<Value>& literal = beside.rule.end(other(side)).literal;
      if (member != nullptr && literal && is_country(*member) && literal->text.size() == 2) return literal->text;
    }
  }
  return {};
}

}  // namespace

void lint_validator_country_mismatch(const MapDraft& draft, Report& report) {
  for (const FieldDraft& field : draft.fields) {
    if (!field.sound) continue;
    for (const ShapeDraft& shape : field.shapes) {
      for (const PairDraft& pair : shape.pairs) {
        for (const ir::Clause* clause : clauses_of(field, pair)) {
          if (clause->kind != ir::Clause::Kind::valid || country_of(*clause->type).empty()) continue;
          const std::string country = country_of_pair(draft, shape, pair);
          if (country.empty() || country == country_of(*clause->type)) continue;
          report.add(
              Diagnostic::of(DiagnosticId::validator_country_mismatch, draft.file(), clause_span(draft, field, *clause),
                             quoted(clause->type->name) + " takes values of " + std::string(country_of(*clause->type)) +
                                 " only, and this pair is about " + country)
                  .helped("name the type of that country, or mend the country"));
        }
      }
    }
  }
}

}  // namespace dovetail::dsl
