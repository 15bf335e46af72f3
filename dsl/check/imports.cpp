// The header of a map, and what its imports stand for.
#include <algorithm>

#include "dsl/check/map_items.hpp"
#include "dsl/check/texts.hpp"

namespace dovetail::dsl {
namespace {

using ir::Side;
using ImportKind = ast::Import::Kind;

void take_system(MapDraft& draft, const Loaded::Import& import, const Vocabulary* vocabulary, Report& report) {
  const Side which = import.written->kind == ImportKind::hub ? Side::hub : Side::provider;
  SideDraft& side = draft.sides[static_cast<std::size_t>(which)];
  if (side.written != nullptr) {
    if (side.written->alias.text == import.written->alias.text) return;  // two of one name have been reported
    const std::string what = which == Side::hub ? "hub" : "provider";
    report.add(Diagnostic::of(DiagnosticId::duplicate_field, draft.file(), import.written->span,
                              "the map names a second " + what)
                   .labelled("second " + what)
                   .with(draft.label(side.written->span, "first " + what))
                   .helped("a map is between one hub and one provider"));
    return;
  }
  side.written = import.written;
  side.vocabulary = vocabulary;
  draft.rules.aliases[static_cast<std::size_t>(which)] = import.written->alias.text;
  draft.rules.titles[static_cast<std::size_t>(which)] =
      import.written->title ? import.written->title->text : import.written->alias.text;
}

bool is_of_kind(const Unit& unit, ast::Header::Kind kind) { return unit.tree.header && unit.tree.header->kind == kind; }

}  // namespace

void take_header(MapDraft& draft) {
  const ast::File& tree = draft.unit->tree;
  draft.rules.file = draft.file().name();
  if (!tree.header) return;
  draft.rules.name = tree.header->name.text;
  draft.rules.version = tree.header->version.value;
  draft.rules.syntax = tree.header->syntax.value;
  draft.rules.doc = doc_text(tree.header->doc);
  if (tree.header->deprecated) draft.rules.deprecated_by = tree.header->deprecated->replacement.text;
}

void take_imports(MapDraft& draft, const std::vector<std::pair<const Unit*, Vocabulary>>& vocabularies,
                  Report& report) {
  for (const Loaded::Import& import : draft.loaded->imports) {
    if (import.written == nullptr) continue;
    const Unit* unit = import.unit;
    const bool is_library = import.written->kind == ImportKind::library;
    if (unit != nullptr && !is_of_kind(*unit, is_library ? ast::Header::Kind::library : ast::Header::Kind::schema)) {
      unit = nullptr;
    }
    draft.imports_known &= unit != nullptr;
    if (is_library) {
      draft.libraries.emplace(import.written->alias.text, unit);
      continue;
    }
    const auto found = std::ranges::find(vocabularies, unit, &std::pair<const Unit*, Vocabulary>::first);
    take_system(draft, import, unit != nullptr && found != vocabularies.end() ? &found->second : nullptr, report);
  }
  if (draft.unit->tree.broken || !draft.unit->tree.header) return;
  for (const Side which : {Side::hub, Side::provider}) {
    if (draft.side(which).written != nullptr) continue;
    const std::string what = which == Side::hub ? "hub" : "provider";
    report.add(Diagnostic::of(DiagnosticId::missing_item, draft.file(), draft.unit->tree.header->span,
                              "the map does not name its " + what)
                   .helped("add `" + what + " NAME \"Title\" from \"schemas/NAME.schema.map\"`"));
  }
}

}  // namespace dovetail::dsl
