#include "engine/ir/program.hpp"

#include <algorithm>
#include <cassert>
#include <string_view>

#include "engine/ir/field_program.hpp"

namespace dovetail::ir {
namespace {

constexpr std::array sides = {Side::hub, Side::provider};

// The source and target cells of a row, in one direction.
void add_row(TableProgram& table, const ValueRow& row, Side target) {
  const bool to_provider = target == Side::provider;
  const ValueRow::Cell from = to_provider ? row.hub : row.provider;
  const ValueRow::Cell to = to_provider ? row.provider : row.hub;
  TableProgram::Row made{.from = to_provider ? row.hub_word : row.provider_word,
                         .to = to_provider ? row.provider_word : row.hub_word};
  if (to == ValueRow::Cell::keep) made.result = TableProgram::Result::keep;
  if (to == ValueRow::Cell::unset) made.result = TableProgram::Result::unset;
  switch (from) {
    case ValueRow::Cell::word:
      table.rows.push_back(std::move(made));
      break;
    case ValueRow::Cell::otherwise:
      table.otherwise = std::move(made);
      break;
    case ValueRow::Cell::unset:
      table.unset = std::move(made);
      break;
    case ValueRow::Cell::keep:
      break;  // the checker lets `keep` stand on the receiving side only
  }
}

TableProgram compile_table(const ValuesTable& table, Side target) {
  TableProgram result;
  for (const ValueRow& row : table.rows) {
    if (flows_to(row.direction, target)) add_row(result, row, target);
  }
  std::ranges::stable_sort(result.rows, {}, &TableProgram::Row::from);
  return result;
}

ListProgram compile_list(const RuleSet& rules, std::uint32_t index, const std::array<Layout, 2>& layouts) {
  ListProgram result;
  result.rule = &rules.lists[index];
  for (const Side side : sides) {
    const MemberId list = result.rule->lists[at(side)];
    result.lists[at(side)] = static_cast<std::uint32_t>(layouts[at(side)].list(list));
    const MemberId key = rules.schema(side).members[list].key;
    if (key != no_member) result.key[at(side)] = layouts[at(side)].slot(key);
  }
  for (std::uint32_t field = 0; field < rules.fields.size(); ++field) {
    if (rules.fields[field].each == index) result.fields.push_back(field);
  }
  if (result.rule->setting) result.settings.push_back(*result.rule->setting);
  if (result.rule->group && rules.groups[*result.rule->group].setting) {
    result.settings.push_back(*rules.groups[*result.rule->group].setting);
  }
  return result;
}

FillProgram compile_fill(Program& program, const Fill& fill) {
  FillProgram result;
  result.rule = &fill;
  result.target_part = make_part(program, fill.side, fill.target, fill.each);
  for (const FillSource& source : fill.sources) {
    const auto* from = std::get_if<FillSource::FromMember>(&source.from);
    result.from.push_back(from == nullptr ? Part{} : make_part(program, from->side, from->path, fill.each));
  }
  if (!fill.on_create) result.trigger_member = fill.trigger.member;
  return result;
}

SlotId slot_of(const Layout& layout, MemberId member) { return member == no_member ? no_slot : layout.slot(member); }

}  // namespace

const FieldProgram* Program::match() const {
  if (match_pair) return &*match_pair;
  if (!rules->match || !rules->match->field) return nullptr;
  return &fields[*rules->match->field];
}

Program compile(const RuleSet& rules, std::array<Layout, 2> layouts) {
  Program program;
  program.rules = &rules;
  program.layouts = std::move(layouts);
  for (const Side side : sides) {
    RecordProgram& record = program.records[at(side)];
    const Layout& layout = program.layouts[at(side)];
    record.identity = slot_of(layout, rules.schema(side).identity);
    record.active = slot_of(layout, rules.schema(side).active);
    record.region = slot_of(layout, rules.schema(side).region);
    const MemberId employments = rules.schema(side).active_list;
    if (employments == no_member) continue;
    record.employments = static_cast<std::uint32_t>(layout.list(employments));
    record.employment_end = slot_of(layout, rules.schema(side).members[employments].until);
  }
  for (const ValuesTable& table : rules.tables) {
    program.tables.push_back({compile_table(table, Side::hub), compile_table(table, Side::provider)});
  }
  for (std::uint32_t field = 0; field < rules.fields.size(); ++field) {
    program.fields.push_back(compile_field(program, rules.fields[field], field));
  }
  if (rules.match && rules.match->pair) program.match_pair = compile_match_pair(program, *rules.match->pair);
  for (std::uint32_t list = 0; list < rules.lists.size(); ++list) {
    program.lists.push_back(compile_list(rules, list, program.layouts));
  }
  for (const Fill& fill : rules.fills) program.fills.push_back(compile_fill(program, fill));
  return program;
}

}  // namespace dovetail::ir
