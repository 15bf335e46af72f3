// What the names in a map mean: sides, settings, tables, fields.
#include <algorithm>

#include "dsl/check/draft.hpp"
#include "dsl/check/values_table.hpp"

namespace dovetail::dsl {
namespace {

template <typename Map>
std::vector<std::string_view> keys_of(const Map& map) {
  std::vector<std::string_view> keys;
  for (const auto& [key, value] : map) keys.push_back(key);
  std::ranges::sort(keys);
  return keys;
}

std::vector<std::string_view> aliases_of(const MapDraft& draft) {
  std::vector<std::string_view> names;
  for (const SideDraft& side : draft.sides) {
    if (side.written != nullptr) names.push_back(side.written->alias.text);
  }
  return names;
}

// The values items of a library, by name.
const ast::Values* find_values(const Unit& library, std::string_view name) {
  for (const ast::Item& item : library.tree.items) {
    const auto* values = std::get_if<ast::Values>(&item);
    if (values != nullptr && values->name.text == name) return values;
  }
  return nullptr;
}

std::vector<std::string_view> names_of_values(const Unit& library) {
  std::vector<std::string_view> names;
  for (const ast::Item& item : library.tree.items) {
    if (const auto* values = std::get_if<ast::Values>(&item)) names.push_back(values->name.text);
  }
  return names;
}

// "nordic.gender" for "gender"; empty: no imported library has a table of that name.
std::string library_table(const MapDraft& draft, std::string_view name) {
  for (const std::string_view alias : keys_of(draft.libraries)) {
    const Unit* library = draft.libraries.at(alias);
    if (library != nullptr && find_values(*library, name) != nullptr)
      return std::string(alias) + "." + std::string(name);
  }
  return {};
}

std::optional<std::uint32_t> find_library_table(MapDraft& draft, const ast::Name& name, std::size_t dot,
                                                Report& report) {
  const std::string_view alias = name.text.substr(0, dot);
  const std::string_view table = name.text.substr(dot + 1);
  const auto library = draft.libraries.find(alias);
  if (library == draft.libraries.end()) {
    draft.tables_known = false;
    if (!draft.imports_known) return std::nullopt;
    report.add_with_similar(Diagnostic::of(DiagnosticId::unknown_values_table, draft.file(), name.span,
                                           "no library is imported as " + quoted(alias)),
                            {name.span.begin, name.span.begin + static_cast<Offset>(alias.size())}, alias,
                            [&] { return keys_of(draft.libraries); });
    return std::nullopt;
  }
  draft.library_used[alias] = true;
  if (library->second == nullptr) return std::nullopt;
  if (const ast::Values* values = find_values(*library->second, table)) {
    return add_table(draft, *library->second, *values, name.text, report);
  }
  if (library->second->tree.broken) return std::nullopt;
  report.add_with_similar(Diagnostic::of(DiagnosticId::unknown_values_table, draft.file(), name.span,
                                         "library " + quoted(alias) + " has no values table " + quoted(table)),
                          {name.span.begin + static_cast<Offset>(dot + 1), name.span.end}, table,
                          [&] { return names_of_values(*library->second); });
  return std::nullopt;
}

}  // namespace

std::string_view MapDraft::alias(ir::Side which) const {
  if (side(which).written != nullptr) return side(which).written->alias.text;
  return which == ir::Side::hub ? "hub" : "provider";
}

std::optional<ir::Side> find_side(const MapDraft& draft, const ast::Name& name, Report& report) {
  if (name.text.empty()) return std::nullopt;
  for (const ir::Side side : {ir::Side::hub, ir::Side::provider}) {
    if (draft.side(side).written != nullptr && draft.alias(side) == name.text) return side;
  }
  const bool both_are_named = draft.sides[0].written != nullptr && draft.sides[1].written != nullptr &&
                              !draft.alias(ir::Side::hub).empty() && !draft.alias(ir::Side::provider).empty();
  if (!both_are_named || draft.alias(ir::Side::hub) == draft.alias(ir::Side::provider))
    return std::nullopt;  // said already
  report.add_with_similar(Diagnostic::of(DiagnosticId::unknown_side, draft.file(), name.span,
                                         quoted(name.text) + " is neither of the two systems of this map"),
                          name.span, name.text, [&] { return aliases_of(draft); });
  return std::nullopt;
}

std::optional<ir::Sides> find_sides(const MapDraft& draft, const ast::Name& name, Report& report) {
  if (name.text == "both") return ir::Sides::both;
  const auto side = find_side(draft, name, report);
  if (!side) return std::nullopt;
  return *side == ir::Side::hub ? ir::Sides::hub : ir::Sides::provider;
}

std::optional<std::uint32_t> find_setting(MapDraft& draft, const ast::Name& name, Report& report) {
  if (name.text.empty()) return std::nullopt;
  const auto found = draft.setting_by_name.find(name.text);
  if (found != draft.setting_by_name.end()) {
    draft.settings[found->second].used = true;
    return found->second;
  }
  draft.settings_known = false;
  const auto is_broken = [](const SettingDraft& setting) { return setting.written->broken; };
  if (std::ranges::any_of(draft.settings, is_broken)) return std::nullopt;  // it may be the one that is meant
  report.add_with_similar(Diagnostic::of(DiagnosticId::unknown_setting, draft.file(), name.span,
                                         "there is no setting " + quoted(name.text)),
                          name.span, name.text, [&] { return keys_of(draft.setting_by_name); });
  return std::nullopt;
}

std::optional<std::uint32_t> find_table(MapDraft& draft, const ast::Name& name, Report& report) {
  if (name.text.empty()) return std::nullopt;
  if (const std::size_t dot = name.text.find('.'); dot != std::string_view::npos) {
    return find_library_table(draft, name, dot, report);
  }
  const auto own = draft.own_tables.find(name.text);
  if (own != draft.own_tables.end()) {
    draft.tables[own->second].used = true;
    return own->second;
  }
  draft.tables_known = false;
  Diagnostic found = Diagnostic::of(DiagnosticId::unknown_values_table, draft.file(), name.span,
                                    "there is no values table " + quoted(name.text));
  if (const std::string elsewhere = library_table(draft, name.text); !elsewhere.empty()) {
    found.helped("there is " + quoted(elsewhere)).fixed({{name.span, elsewhere}});
    report.add(std::move(found));
  } else {
    report.add_with_similar(std::move(found), name.span, name.text, [&] { return keys_of(draft.own_tables); });
  }
  return std::nullopt;
}

// True if the label, with or without its quotes, stands at another place of the file.
static bool stands_elsewhere(const SourceFile& file, const ast::Text& label) {
  const std::string_view before = file.text().substr(0, label.span.begin);
  return before.find(label.text) != std::string_view::npos ||
         file.text().find(label.text, label.span.end) != std::string_view::npos;
}

std::optional<std::uint32_t> find_field(const MapDraft& draft, const ast::Text& label, Report& report) {
  const auto found = draft.field_by_label.find(label.text);
  if (found != draft.field_by_label.end()) return found->second;
  // A field in what was not understood has its label there too.
  if (draft.unit->tree.broken && (!report.may_guess() || stands_elsewhere(draft.file(), label))) return std::nullopt;
  report.add_with_similar(Diagnostic::of(DiagnosticId::unknown_field, draft.file(), label.span,
                                         "there is no field \"" + std::string(label.text) + "\""),
                          {label.span.begin + 1, label.span.end - 1}, label.text,
                          [&] { return keys_of(draft.field_by_label); });
  return std::nullopt;
}

}  // namespace dovetail::dsl
