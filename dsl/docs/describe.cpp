#include "dsl/docs/describe.hpp"

#include "dsl/docs/features.hpp"
#include "dsl/docs/field_table.hpp"
#include "dsl/docs/wording.hpp"

namespace dovetail::dsl {
namespace {

constexpr std::string_view how_to_use = "How to use it";

bool is_question(const ir::Section& section) { return section.title.ends_with('?'); }

// A paragraph for each line of the text.
void append_text(Document& document, std::string_view text) {
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    if (end != 0) document.blocks.push_back(Paragraph{{plain(std::string(text.substr(0, end)))}});
    text.remove_prefix(std::min(end + 1, text.size()));
  }
}

// A `##` block is wrapped by its author: a line break in it is a blank, an empty line a new paragraph.
void append_doc(Document& document, const std::string& doc) {
  for (std::size_t begin = 0; begin < doc.size();) {
    const std::size_t end = std::min(doc.find("\n\n", begin), doc.size());
    if (end != begin) document.blocks.push_back(Paragraph{{plain(doc.substr(begin, end - begin))}});
    begin = end + 2;
  }
}

void append_opening(Document& document, const ir::RuleSet& rules) {
  document.blocks.push_back(Heading{1, rules.title(ir::Side::provider) + " and " + rules.title(ir::Side::hub)});
  if (!rules.deprecated_by.empty())
    document.blocks.push_back(
        Notice{{strong("Deprecated."), plain(" This integration is replaced by "), code(rules.deprecated_by),
                plain(". Existing connections keep it; new ones can't choose it.")}});
  append_doc(document, rules.doc);
  for (const ir::Section& section : rules.sections) {
    if (section.title != how_to_use) continue;
    document.blocks.push_back(Heading{2, section.title});
    append_text(document, section.text);
  }
}

void append_settings(Document& document, const ir::RuleSet& rules) {
  if (rules.settings.empty()) return;
  document.blocks.push_back(Heading{3, "Settings"});
  Table table{.columns = {"Setting", "Kind", "At first"}, .rows = {}};
  for (const ir::Setting& setting : rules.settings) {
    const bool is_switch = setting.type == ir::SettingType::boolean;
    const char* kind = is_switch                                  ? "switch"
                       : setting.type == ir::SettingType::integer ? "whole number"
                       : setting.type == ir::SettingType::date    ? "date"
                                                                  : "text";
    std::string first = setting.default_value.value_or(is_switch ? "false" : "");
    if (is_switch) first = first == "true" ? "on" : "off";
    if (first.empty()) first = "empty";
    table.rows.push_back({{{plain(setting.label)}},
                          {{plain(std::string(kind) + (setting.required ? ", required" : ""))}},
                          {{plain(first)}}});
  }
  document.blocks.push_back(std::move(table));
}

void append_setup(Document& document, const ir::RuleSet& rules) {
  document.blocks.push_back(Heading{2, "Setting it up"});
  ListOfLines steps{.ordered = true, .lines = {}};
  for (const std::string& step : rules.steps) steps.lines.push_back({plain(step)});
  if (!steps.lines.empty()) document.blocks.push_back(std::move(steps));
  append_text(document, rules.support);
  if (!rules.credentials.empty()) {
    document.blocks.push_back(Heading{3, "What you enter"});
    ListOfLines credentials;
    for (const ir::Credential& credential : rules.credentials) {
      Line line = {strong(credential.label)};
      if (credential.required) line.push_back(plain(", required"));
      if (credential.secret) line.push_back(plain(" (secret: it is stored encrypted, and never shown again)"));
      credentials.lines.push_back(std::move(line));
    }
    document.blocks.push_back(std::move(credentials));
  }
  append_settings(document, rules);
}

Table::Cell lines_of(const FieldRow& row, std::size_t column) {
  Table::Cell cell;
  for (const FieldRow::Paths& pair : row.pairs) {
    if (column == 0) cell.push_back({code(pair.hub)});
    if (column == 1) cell.push_back({plain(std::string(arrow_text(pair.direction)))});
    if (column == 2) cell.push_back({code(pair.provider)});
  }
  return cell;
}

void append_notes(Document& document, const ir::RuleSet& rules, std::optional<std::uint32_t> group) {
  ListOfLines notes;
  for (const ir::ListRule& list : rules.lists)
    if (list.group == group) notes.lines.push_back(list_sentence(rules, list));
  for (const ir::Field& field : rules.fields) {
    const auto in = field.each ? rules.lists[*field.each].group : field.group;
    if (!field.doc.empty() && in == group) notes.lines.push_back({strong(field.label + ":"), plain(" " + field.doc)});
  }
  if (!notes.lines.empty()) document.blocks.push_back(std::move(notes));
}

void append_fields(Document& document, const ir::RuleSet& rules) {
  document.blocks.push_back(Heading{2, "Supported fields"});
  for (const FieldTable& fields : field_tables(rules)) {
    if (fields.group) {
      const ir::Group& group = rules.groups[*fields.group];
      document.blocks.push_back(Heading{3, group.title});
      document.blocks.push_back(Paragraph{group_sentence(rules, group)});
      append_doc(document, group.doc);
    }
    Table table{.columns = {rules.title(ir::Side::hub) + " field", "Required", "In " + rules.title(ir::Side::hub), "",
                            "In " + rules.title(ir::Side::provider), "Rules"},
                .rows = {}};
    for (const FieldRow& row : fields.rows)
      table.rows.push_back({{{plain(row.label)}},
                            {{plain(row.required ? "yes" : "")}},
                            lines_of(row, 0),
                            lines_of(row, 1),
                            lines_of(row, 2),
                            row.rules});
    document.blocks.push_back(std::move(table));
    append_notes(document, rules, fields.group);
  }
  document.blocks.push_back(Paragraph{
      {plain("<-> : a change in " + rules.title(ir::Side::hub) + " is sent in real time, and a change in " +
             rules.title(ir::Side::provider) + " is read when somebody synchronises. -> : sent to " +
             rules.title(ir::Side::provider) + " only. <- : read into " + rules.title(ir::Side::hub) + " only.")}});
}

void append_values(Document& document, const ir::RuleSet& rules) {
  bool heading = false;
  for (const ir::ValuesTable& values : rules.tables) {
    if (!heading) document.blocks.push_back(Heading{2, "Translated values"});
    heading = true;
    document.blocks.push_back(Heading{3, values.name});
    append_doc(document, values.doc);
    Table table{.columns = {rules.title(ir::Side::hub), "", rules.title(ir::Side::provider)}, .rows = {}};
    for (const ir::ValueRow& row : values.rows)
      table.rows.push_back({{{plain(cell_title(row.hub, row.hub_word))}},
                            {{plain(std::string(arrow_text(row.direction)))}},
                            {{plain(cell_title(row.provider, row.provider_word))}}});
    document.blocks.push_back(std::move(table));
  }
}

void append_lines(Document& document, std::string title, std::vector<Line> lines) {
  if (lines.empty()) return;
  document.blocks.push_back(Heading{2, std::move(title)});
  document.blocks.push_back(ListOfLines{.ordered = false, .lines = std::move(lines)});
}

void append_sections(Document& document, const ir::RuleSet& rules) {
  for (const ir::Section& section : rules.sections) {
    if (section.title == how_to_use || is_question(section)) continue;
    document.blocks.push_back(Heading{2, section.title});
    append_text(document, section.text);
  }
  bool heading = false;
  for (const ir::Section& section : rules.sections) {
    if (!is_question(section)) continue;
    if (!heading) document.blocks.push_back(Heading{2, "Questions and answers"});
    heading = true;
    document.blocks.push_back(Heading{3, section.title});
    append_text(document, section.text);
  }
}

}  // namespace

Document describe(const ir::RuleSet& rules) {
  Document document;
  append_opening(document, rules);
  append_setup(document, rules);
  append_lines(document, "Supported features", feature_sentences(rules));
  append_fields(document, rules);
  append_values(document, rules);
  append_lines(document, "What is filled in, and what you are asked", fill_sentences(rules));
  append_sections(document, rules);
  return document;
}

}  // namespace dovetail::dsl
