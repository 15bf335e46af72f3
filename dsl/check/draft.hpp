// A map while it is checked: the rules as far as they are understood, beside what the author wrote.
//
// What could not be resolved has been reported and is marked; checks that depend on it stay silent about it.
#pragma once

#include <array>
#include <optional>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "dsl/check/vocabulary.hpp"
#include "dsl/compile.hpp"
#include "engine/ir/rules.hpp"

namespace dovetail::dsl {

struct SideDraft {
  const ast::Import* written = nullptr;    // nullptr: the map names no such system
  const Vocabulary* vocabulary = nullptr;  // nullptr: could not be loaded, or is no schema
};

struct PairDraft {
  const ast::Pair* written = nullptr;
  ir::Pair rule;
  std::array<bool, 2> known = {true, true};  // by Side: the end is resolved
  bool conversion_known = true;              // transforms and table are resolved
  bool of_objects = false;                   // one of several that a pair of objects stands for

  bool sound() const { return known[0] && known[1] && conversion_known; }
};

struct ShapeDraft {
  const ast::Shape* written = nullptr;  // nullptr: of a plain field
  std::vector<PairDraft> pairs;
};

struct FieldDraft {
  const ast::Field* written = nullptr;
  ir::Field rule;  // without its shapes
  std::vector<ShapeDraft> shapes;
  bool sound = true;  // nothing in it is unresolved
  bool clauses_known = true;

  bool has_shapes() const { return shapes.size() > 1 || shapes.front().written != nullptr; }
  // The only pair of a plain field with one; nullptr otherwise.
  const PairDraft* single_pair() const {
    return !has_shapes() && shapes.front().pairs.size() == 1 ? &shapes.front().pairs.front() : nullptr;
  }
};

struct TableDraft {
  const ast::Values* written = nullptr;
  const Unit* unit = nullptr;
  ir::ValuesTable rule;
  bool sound = true;
  bool used = false;
};

struct SettingDraft {
  const ast::Setting* written = nullptr;
  bool used = false;
};

struct EachDraft {
  const ast::Each* written = nullptr;
  ir::ListRule rule;
  std::array<bool, 2> known = {true, true};
  bool has_match = false;
};

struct GroupDraft {
  const ast::Group* written = nullptr;
  bool direction_known = true;
};

struct FillDraft {
  const ast::Fill* written = nullptr;
  ir::Fill rule;
  bool sound = true;
};

struct MapDraft {
  const Unit* unit = nullptr;
  const Loaded* loaded = nullptr;
  const ReferenceTables* reference_tables = nullptr;
  bool imports_known = true;   // every import could be loaded
  bool tables_known = true;    // every `using` names a table
  bool settings_known = true;  // every `setting` that a rule names is there

  std::array<SideDraft, 2> sides;  // by Side
  std::vector<TableDraft> tables;  // parallel to rules.tables in the end
  std::unordered_map<std::string_view, std::uint32_t> own_tables;
  std::unordered_map<std::string_view, const Unit*> libraries;  // by alias; nullptr: could not be loaded
  std::unordered_map<std::string_view, bool> library_used;
  std::unordered_map<const ast::Values*, std::uint32_t> table_index;
  std::vector<SettingDraft> settings;  // parallel to rules.settings
  std::unordered_map<std::string_view, std::uint32_t> setting_by_name;
  std::vector<GroupDraft> groups;                                      // parallel to rules.groups
  std::vector<EachDraft> lists;                                        // become rules.lists
  std::vector<FieldDraft> fields;                                      // become rules.fields
  std::unordered_map<std::string_view, std::uint32_t> field_by_label;  // the first of that label
  std::vector<FillDraft> fills;                                        // become rules.fills
  std::optional<PairDraft> match_pair;
  const ast::Match* match = nullptr;
  ir::RuleSet rules;  // everything else

  const SourceFile& file() const { return *unit->source; }
  Label label(Span span, std::string text) const { return {&file(), span, std::move(text)}; }
  const SideDraft& side(ir::Side which) const { return sides[static_cast<std::size_t>(which)]; }
  const Vocabulary* vocabulary(ir::Side which) const { return side(which).vocabulary; }
  // As the author calls it; "hub" or "provider" where the map names none.
  std::string_view alias(ir::Side which) const;
  ir::Origin origin(Span span) const { return origin_of(file(), span); }
};

// ---- What names mean. Each reports a name that means nothing, and answers nullopt then. ----

std::optional<ir::Side> find_side(const MapDraft& draft, const ast::Name& name, Report& report);
std::optional<ir::Sides> find_sides(const MapDraft& draft, const ast::Name& name, Report& report);
std::optional<std::uint32_t> find_setting(MapDraft& draft, const ast::Name& name, Report& report);
std::optional<std::uint32_t> find_table(MapDraft& draft, const ast::Name& name, Report& report);
std::optional<std::uint32_t> find_field(const MapDraft& draft, const ast::Text& label, Report& report);

}  // namespace dovetail::dsl
