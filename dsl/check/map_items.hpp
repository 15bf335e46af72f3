// Everything of a map but its table of fields: imports, set-up, settings, matching, life cycle, guards, sections.
#pragma once

#include "dsl/check/draft.hpp"

namespace dovetail::dsl {

// Header, systems and libraries.
void take_header(MapDraft& draft);
void take_imports(MapDraft& draft, const std::vector<std::pair<const Unit*, Vocabulary>>& vocabularies, Report& report);
void take_setup(MapDraft& draft, Report& report);
void take_settings(MapDraft& draft, Report& report);
void take_sections(MapDraft& draft);
// These refer to fields and settings.
void take_matching(MapDraft& draft, Report& report);
void take_conflict_rule(MapDraft& draft, Report& report);
void take_life_cycle(MapDraft& draft, Report& report);
void take_guards(MapDraft& draft, Report& report);
// Items that belong in schemas only.
void refuse_foreign_items(const MapDraft& draft, Report& report);

}  // namespace dovetail::dsl
