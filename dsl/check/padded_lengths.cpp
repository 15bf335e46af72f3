// Conversions that make every value longer than its receiver takes.
#include <algorithm>
#include <charconv>

#include "dsl/check/checks.hpp"
#include "dsl/check/clauses.hpp"
#include "dsl/check/pairs.hpp"
#include "dsl/check/texts.hpp"

namespace dovetail::dsl {
namespace {

using ir::Side;

// The fewest characters that the conversions give; 0: nothing is known of it.
std::size_t least_length(const std::vector<ir::TransformUse>& transforms) {
  std::size_t least = 0;
  for (const ir::TransformUse& use : transforms) {
    const std::string_view name = use.transform->name;
    if (name == "pad") {
      std::size_t width = 0;
      const std::string& text = use.arguments.front();
      std::from_chars(text.data(), text.data() + text.size(), width);
      least = std::max(least, width);
    } else if (name == "prefix") {
      least += count_characters(use.arguments.front());
    } else if (name != "upper" && name != "lower") {
      least = 0;
    }
  }
  return least;
}

void check(const MapDraft& draft, const FieldDraft& field, const PairDraft& pair, Report& report) {
  if (!pair.sound() || !ir::flows_to(pair.rule.direction, Side::provider)) return;
  const ir::Member* receiver = single_member(draft, pair, Side::provider);
  const std::size_t least = least_length(pair.rule.transforms);
  if (receiver == nullptr || least == 0) return;
  std::size_t most = receiver->max_length.value_or(UINT32_MAX);
  for (const ir::Clause* clause : clauses_of(field, pair)) {
    if (clause->kind == ir::Clause::Kind::max_length && ir::includes(clause->sides, Side::provider))
      most = std::min<std::size_t>(most, clause->length);
  }
  if (least <= most) return;
  const Vocabulary& vocabulary = *draft.vocabulary(Side::provider);
  report.add(
      Diagnostic::of(DiagnosticId::contradictory_length, draft.file(), pair.written->arrow.span,
                     "no value has fewer than " + std::to_string(least) + " characters after its conversions, and " +
                         quoted(end_text(draft, pair, Side::provider)) + " takes at most " + std::to_string(most))
          .with(vocabulary.label(vocabulary.schema.id(*receiver), "the receiver"))
          .helped("every value would be held: take fewer characters, or another member"));
}

}  // namespace

void check_padded_lengths(const MapDraft& draft, Report& report) {
  for (const FieldDraft& field : draft.fields) {
    for (const ShapeDraft& shape : field.shapes) {
      for (const PairDraft& pair : shape.pairs) check(draft, field, pair, report);
    }
  }
}

}  // namespace dovetail::dsl
