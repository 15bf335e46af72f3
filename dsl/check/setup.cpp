// What a host shows and asks for: steps, credentials, settings, sections.
#include "dsl/check/map_items.hpp"
#include "dsl/check/types.hpp"
#include "engine/values/civil_day.hpp"

namespace dovetail::dsl {
namespace {

using Kind = ast::Literal::Kind;

void report_twice(const MapDraft& draft, std::string_view what, const ast::Name& second, Span first, Report& report) {
  report.add(Diagnostic::of(DiagnosticId::duplicate_field, draft.file(), second.span,
                            std::string(what) + " " + quoted(second.text) + " is defined twice")
                 .labelled("second definition")
                 .with(draft.label(first, "first definition"))
                 .helped("keep one of the two, or give one another name"));
}

struct SettingTypeName {
  std::string_view name;
  ir::SettingType type;
  Kind literal;
  std::string_view written;
};
constexpr SettingTypeName setting_types[] = {
    {"text", ir::SettingType::text, Kind::text, "a text in quotes"},
    {"boolean", ir::SettingType::boolean, Kind::boolean, "`on` or `off`"},
    {"integer", ir::SettingType::integer, Kind::number, "a whole number"},
    {"date", ir::SettingType::date, Kind::date, "a day, as in 2026-03-31"},
};

const SettingTypeName& type_name(ir::SettingType type) { return setting_types[static_cast<std::size_t>(type)]; }

bool is_right(const SettingTypeName& type, const ast::Literal& value) {
  if (value.kind != type.literal) return false;
  if (value.kind == Kind::number) return value.text.find('.') == std::string_view::npos;
  return value.kind != Kind::date || parse_day(value.text).has_value();
}

void take_default(const MapDraft& draft, const ast::Setting& written, ir::Setting& rule, Report& report) {
  if (!written.default_value) return;
  const ast::Literal& value = *written.default_value;
  const SettingTypeName& type = type_name(rule.type);
  if (is_right(type, value)) {
    rule.default_value = value.kind == Kind::boolean ? (value.is_on() ? "true" : "false") : std::string(value.text);
    return;
  }
  report.add(Diagnostic::of(
                 DiagnosticId::type_mismatch, draft.file(), value.span,
                 quoted(draft.file().text(value.span)) + " is no default for a setting of type " + quoted(type.name))
                 .labelled("expected " + std::string(type.written)));
}

bool take_type(const MapDraft& draft, const ast::Setting& written, ir::Setting& rule, Report& report) {
  if (!written.type) return true;
  for (const SettingTypeName& type : setting_types) {
    if (type.name != written.type->text) continue;
    rule.type = type.type;
    return true;
  }
  if (written.type->text.empty()) return false;
  report.add_with_similar(Diagnostic::of(DiagnosticId::unknown_type, draft.file(), written.type->span,
                                         quoted(written.type->text) + " is no type of a setting"),
                          written.type->span, written.type->text, [] {
                            std::vector<std::string_view> names;
                            for (const SettingTypeName& type : setting_types) names.push_back(type.name);
                            return names;
                          });
  return false;
}

void take_credential(MapDraft& draft, const ast::Credential& written, std::unordered_map<std::string_view, Span>& seen,
                     Report& report) {
  const auto [first, is_new] = seen.emplace(written.name.text, written.name.span);
  if (!is_new) return report_twice(draft, "credential", written.name, first->second, report);
  draft.rules.credentials.push_back({std::string(written.name.text), std::string(written.label.text),
                                     written.secret.has_value(), written.required.has_value(),
                                     draft.origin(written.name.span)});
}

}  // namespace

void take_setup(MapDraft& draft, Report& report) {
  std::unordered_map<std::string_view, Span> credentials;
  const ast::Support* support = nullptr;
  for (const ast::Item& item : draft.unit->tree.items) {
    const auto* setup = std::get_if<ast::Setup>(&item);
    if (setup == nullptr) continue;
    for (const auto& one : setup->items) {
      if (const auto* step = std::get_if<ast::Step>(&one)) draft.rules.steps.emplace_back(step->text.text);
      if (const auto* credential = std::get_if<ast::Credential>(&one)) {
        take_credential(draft, *credential, credentials, report);
      }
      const auto* found = std::get_if<ast::Support>(&one);
      if (found == nullptr) continue;
      if (support != nullptr) {
        report.add(Diagnostic::of(DiagnosticId::duplicate_field, draft.file(), found->span, "`support` is stated twice")
                       .labelled("second statement")
                       .with(draft.label(support->span, "first statement"))
                       .helped("keep one of the two"));
        continue;
      }
      support = found;
      draft.rules.support = found->text.text;
    }
  }
}

void take_settings(MapDraft& draft, Report& report) {
  for (const ast::Item& item : draft.unit->tree.items) {
    const auto* written = std::get_if<ast::Setting>(&item);
    if (written == nullptr || written->name.text.empty()) continue;
    const auto index = static_cast<std::uint32_t>(draft.settings.size());
    const auto [first, is_new] = draft.setting_by_name.emplace(written->name.text, index);
    if (!is_new) {
      report_twice(draft, "setting", written->name, draft.settings[first->second].written->name.span, report);
      continue;
    }
    ir::Setting rule;
    rule.name = written->name.text;
    rule.label = written->label.text;
    rule.required = written->required.has_value();
    rule.origin = draft.origin(written->name.span);
    if (take_type(draft, *written, rule, report)) take_default(draft, *written, rule, report);
    draft.rules.settings.push_back(std::move(rule));
    draft.settings.push_back({written, false});
  }
}

void take_sections(MapDraft& draft) {
  for (const ast::Item& item : draft.unit->tree.items) {
    if (const auto* section = std::get_if<ast::Section>(&item)) {
      draft.rules.sections.push_back(
          {std::string(section->title.text), std::string(section->text.text), draft.origin(section->title.span)});
    }
  }
}

}  // namespace dovetail::dsl
