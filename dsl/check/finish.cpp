#include "dsl/check/finish.hpp"

#include "dsl/check/texts.hpp"

namespace dovetail::dsl {

ir::RuleSet finish(MapDraft&& draft) {
  ir::RuleSet rules = std::move(draft.rules);
  for (const ir::Side side : {ir::Side::hub, ir::Side::provider}) {
    if (draft.vocabulary(side) != nullptr)
      rules.schemas[static_cast<std::size_t>(side)] = draft.vocabulary(side)->schema;
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
  return rules;
}

}  // namespace dovetail::dsl
