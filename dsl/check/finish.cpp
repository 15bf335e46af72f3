#include "dsl/check/finish.hpp"

#include "dsl/check/secrets.hpp"
#include "dsl/check/texts.hpp"

namespace dovetail::dsl {

ir::RuleSet finish(MapDraft&& draft, std::span<std::pair<const Unit*, Vocabulary>> vocabularies) {
  ir::RuleSet rules = std::move(draft.rules);
  if (draft.sides[0].vocabulary == draft.sides[1].vocabulary && draft.sides[0].vocabulary != nullptr) {
    rules.schemas[0] = draft.sides[0].vocabulary->schema;  // both sides speak one schema: the other takes it
  }
  for (auto& [unit, vocabulary] : vocabularies) {
    for (const std::size_t side : {1U, 0U}) {
      if (draft.sides[side].vocabulary != &vocabulary) continue;
      rules.schemas[side] = std::move(vocabulary.schema);
      break;
    }
  }
  for (TableDraft& table : draft.tables) {
    table.rule.doc = doc_text(table.written->doc);
    rules.tables.push_back(std::move(table.rule));
  }
  rules.lists.reserve(draft.lists.size());
  for (EachDraft& each : draft.lists) rules.lists.push_back(std::move(each.rule));
  rules.fields.reserve(draft.fields.size());
  for (FieldDraft& field : draft.fields) {
    for (ShapeDraft& shape : field.shapes) {
      ir::Shape made;
      if (shape.written != nullptr) {
        made.name = shape.written->name.text;
        made.origin = origin_of(*draft.unit->source, shape.written->name.span);
      } else {
        made.origin = field.rule.origin;
      }
      made.pairs.reserve(shape.pairs.size());
      for (PairDraft& pair : shape.pairs) made.pairs.push_back(std::move(pair.rule));
      field.rule.shapes.push_back(std::move(made));
    }
    rules.fields.push_back(std::move(field.rule));
  }
  for (FillDraft& fill : draft.fills) rules.fills.push_back(std::move(fill.rule));
  share_secrets(rules);
  return rules;
}

}  // namespace dovetail::dsl
