#include "engine/ir/field_program.hpp"

#include <algorithm>
#include <array>
#include <string_view>

#include "engine/ir/permission.hpp"

namespace dovetail::ir {
namespace {

constexpr std::array sides = {Side::hub, Side::provider};

constexpr std::array<std::string_view, 6> bank_types = {"iban", "bic",       "no_account", "se_bank_account",
                                                        "bban", "fi_account"};
constexpr std::array<std::string_view, 6> national_types = {"fi_hetu",          "no_fnr",          "no_fnr_2032",
                                                            "no_fnr_synthetic", "se_personnummer", "dk_cpr"};

bool is_one_of(const CheckedType* type, std::span<const std::string_view> names) {
  return type != nullptr && std::ranges::find(names, type->name) != names.end();
}

std::string key_of(const CheckedType* type, const std::string& sent) {
  if (type == nullptr || type->key == nullptr) return sent;
  std::string key;
  type->key(sent, key);
  return key;
}

// The selection's number in the side's program; a new one is added.
std::uint32_t selection(Program& program, Side side, const Path& path) {
  const Schema& schema = program.rules->schema(side);
  const Layout& layout = program.layouts[at(side)];
  Selection wanted;
  wanted.list = static_cast<std::uint32_t>(layout.list(schema.members[path.member].list));
  wanted.kind = path.selector.kind;
  const Member& list = schema.members[schema.members[path.member].list];
  if (list.key != no_member) wanted.key = layout.slot(list.key);
  if (list.ordered_by != no_member) wanted.begin = layout.slot(list.ordered_by);
  if (list.until != no_member) wanted.end = layout.slot(list.until);
  for (const auto& [member, value] : path.selector.where) {
    wanted.where.emplace_back(layout.slot(member), key_of(schema.members[member].type, value));
    wanted.where_types.push_back(schema.members[member].type);
    wanted.creates.emplace_back(member, value);
  }
  std::vector<Selection>& known = program.records[at(side)].selections;
  const auto found = std::ranges::find_if(known, [&](const Selection& one) {
    return one.list == wanted.list && one.kind == wanted.kind && one.where == wanted.where;
  });
  if (found != known.end()) return static_cast<std::uint32_t>(found - known.begin());
  known.push_back(std::move(wanted));
  return static_cast<std::uint32_t>(known.size() - 1);
}

}  // namespace

Part make_part(Program& program, Side side, const Path& path, std::optional<std::uint32_t> each) {
  const Schema& schema = program.rules->schema(side);
  const Member& member = schema.members[path.member];
  const Layout& layout = program.layouts[at(side)];
  Part part;
  part.member = path.member;
  part.path = path_text(schema, path);
  part.slot = layout.slot(path.member);
  part.type = member.type;
  part.schema = &member;
  part.in_element = each && member.list == program.rules->lists[*each].lists[at(side)];
  if (part.in_element) part.list = static_cast<std::uint32_t>(layout.list(member.list));
  if (member.list != no_member && !part.in_element) part.selection = selection(program, side, path);
  if (member.derived_from != no_member) part.derived_from = layout.slot(member.derived_from);
  part.compared = false;
  part.written = false;
  return part;
}

namespace {

std::uint32_t part_index(FieldProgram& field, Side side, const Part& wanted) {
  std::vector<Part>& parts = field.parts[at(side)];
  const auto found = std::ranges::find_if(
      parts, [&](const Part& part) { return part.member == wanted.member && part.selection == wanted.selection; });
  if (found != parts.end()) return static_cast<std::uint32_t>(found - parts.begin());
  parts.push_back(wanted);
  return static_cast<std::uint32_t>(parts.size() - 1);
}

void collect_checks(PairProgram& made, const std::vector<Clause>& clauses) {
  for (const Clause& clause : clauses) {
    const bool checks = clause.kind == Clause::Kind::valid || clause.kind == Clause::Kind::max_length ||
                        clause.kind == Clause::Kind::min_length;
    for (const Side side : sides) {
      if (checks && includes(clause.sides, side)) made.checks[at(side)].push_back(&clause);
    }
  }
}

// What `valid` demands gives the value's sent form and key, where the value is one member.
void demand_valid(FieldProgram& into, PairProgram& made, Side side) {
  for (const Clause* check : made.checks[at(side)]) {
    if (check->kind != Clause::Kind::valid || made.valid[at(side)] != nullptr) continue;
    made.valid[at(side)] = check->type;
    if (made.parts[at(side)].size() != 1) continue;
    std::vector<const CheckedType*>& valid = into.parts[at(side)][made.parts[at(side)].front()].valid;
    if (std::ranges::find(valid, check->type) == valid.end()) valid.push_back(check->type);
  }
}

// Of two permissions for one member that stands in several pairs, the narrower.
void narrow(Permission& into, const Permission& other) {
  const auto stricter = [](Limit a, Limit b) { return a == Limit::none ? b : b == Limit::none ? a : std::min(a, b); };
  into.create = stricter(into.create, other.create);
  into.update = stricter(into.update, other.update);
  into.unset = stricter(into.unset, other.unset);
  if (into.clause.line == 0) into.clause = other.clause;
}

void collect_unique(FieldProgram& into, Side side, std::uint32_t part, const std::vector<Clause>& clauses) {
  for (const Clause& clause : clauses) {
    if (clause.kind != Clause::Kind::unique || !includes(clause.sides, side)) continue;
    into.unique[at(side)] = &clause;
    if (std::ranges::find(into.unique_parts[at(side)], part) == into.unique_parts[at(side)].end()) {
      into.unique_parts[at(side)].push_back(part);
    }
  }
}

// The direction of a pair within its group.
Direction direction_of(const Program& program, const Field& field, const Pair& pair) {
  if (!field.group) return pair.direction;
  const Direction group = program.rules->groups[*field.group].direction;
  return group == Direction::both ? pair.direction : group;
}

void add_pair(Program& program, FieldProgram& into, ShapeProgram& shape, const Field& field, const Pair& pair) {
  PairProgram made;
  made.direction = direction_of(program, field, pair);
  made.transforms = &pair.transforms;
  made.table = pair.table;
  made.origin = pair.origin;
  collect_checks(made, field.clauses);
  collect_checks(made, pair.clauses);
  for (const Side side : sides) {
    made.literal[at(side)] = pair.end(side).literal;
    for (const Path& path : pair.end(side).paths) {
      const std::uint32_t index = part_index(into, side, make_part(program, side, path, field.each));
      narrow(into.parts[at(side)][index].permission,
             permission(*into.parts[at(side)][index].schema, field, pair.clauses, side));
      made.parts[at(side)].push_back(index);
    }
    demand_valid(into, made, side);
  }
  shape.pairs.push_back(std::move(made));
}

// A literal goes along with a value, so where all values of a shape go one way, its literals go no other.
void turn_literals(ShapeProgram& shape) {
  const auto carries_value = [](const PairProgram& pair) { return !pair.literal[0] && !pair.literal[1]; };
  const auto first = std::ranges::find_if(shape.pairs, carries_value);
  if (first == shape.pairs.end() || first->direction == Direction::both) return;
  const Direction way = first->direction;
  if (!std::ranges::all_of(shape.pairs,
                           [&](const PairProgram& p) { return !carries_value(p) || p.direction == way; })) {
    return;
  }
  for (PairProgram& pair : shape.pairs) {
    if (pair.direction == Direction::both) pair.direction = way;
  }
}

// One-way pairs beside two-way ones are companions: written with the field, never compared. A shape of one-way pairs
// alone is for that direction, and they are all of it.
void mark_parts(FieldProgram& field) {
  for (ShapeProgram& shape : field.shapes) {
    turn_literals(shape);
    const bool two_way =
        std::ranges::any_of(shape.pairs, [](const PairProgram& p) { return p.direction == Direction::both; });
    for (PairProgram& pair : shape.pairs) {
      pair.companion = two_way && pair.direction != Direction::both;
      for (const Side side : sides) {
        if (flows_to(pair.direction, side)) field.flows[at(side)] = true;
        for (const std::uint32_t index : pair.parts[at(side)]) {
          Part& part = field.parts[at(side)][index];
          part.compared |= !pair.companion;
          part.written |= flows_to(pair.direction, side);
        }
      }
    }
  }
}

// Companions of what is compared, as a second city of the same one, share its agreement; others have none.
void mark_only_along(FieldProgram& field) {
  for (const ShapeProgram& shape : field.shapes) {
    for (const PairProgram& pair : shape.pairs) {
      for (const Side side : sides) {
        const bool agreed = std::ranges::any_of(pair.parts[at(other(side))], [&](std::uint32_t source) {
          return field.parts[at(other(side))][source].compared;
        });
        for (const std::uint32_t index : pair.parts[at(side)]) {
          Part& part = field.parts[at(side)][index];
          part.only_along = pair.companion && !part.compared && !agreed;
        }
      }
    }
  }
}

// Unique parts: those that clauses name (a clause of the whole field means every part), and the schema's.
void mark_unique(FieldProgram& into, const Field& field) {
  for (const Side side : sides) {
    for (std::size_t shape = 0; shape < into.shapes.size(); ++shape) {
      for (std::size_t pair = 0; pair < into.shapes[shape].pairs.size(); ++pair) {
        for (const std::uint32_t part : into.shapes[shape].pairs[pair].parts[at(side)]) {
          collect_unique(into, side, part, field.clauses);
          collect_unique(into, side, part, field.shapes[shape].pairs[pair].clauses);
        }
      }
    }
    for (std::uint32_t part = 0; part < into.parts[at(side)].size(); ++part) {
      std::vector<std::uint32_t>& unique = into.unique_parts[at(side)];
      const bool by_schema = into.parts[at(side)][part].schema->unique;
      if (by_schema && std::ranges::find(unique, part) == unique.end()) unique.push_back(part);
    }
  }
}

// Where somebody lives, by the names of the schema (docs/language.md, Schemas).
bool is_address(const Schema& schema, const Part& part) {
  if (part.type != nullptr && part.type->name == "postal_code") return true;
  if (part.type != nullptr && part.type->name == "email") return false;
  const auto says_so = [](const std::string& name) { return name.find("ddress") != std::string::npos; };
  if (says_so(part.schema->name)) return true;
  for (MemberId parent = part.schema->parent; parent != no_member; parent = schema.members[parent].parent) {
    if (says_so(schema.members[parent].name)) return true;
  }
  return false;
}

void mark_type(FieldProgram& field, const CheckedType* type) {
  const bool bank = is_one_of(type, bank_types);
  const bool national = is_one_of(type, national_types);
  field.sensitive |= bank || national;
  field.guarded[static_cast<std::size_t>(Guard::Kind::bank_accounts)] |= bank;
  field.guarded[static_cast<std::size_t>(Guard::Kind::national_ids)] |= national;
  field.guarded[static_cast<std::size_t>(Guard::Kind::emails)] |= type != nullptr && type->name == "email";
}

void mark_sensitive(const Program& program, FieldProgram& field) {
  for (const Side side : sides) {
    for (const Part& part : field.parts[at(side)]) {
      mark_type(field, part.type);
      field.secret |= part.schema->secret;
      field.sensitive |= part.schema->secret || is_address(program.rules->schema(side), part);
    }
    for (const ShapeProgram& shape : field.shapes) {
      for (const PairProgram& pair : shape.pairs) {
        for (const Clause* check : pair.checks[at(side)]) mark_type(field, check->type);
      }
    }
  }
}

void collect_settings(const Program& program, FieldProgram& into, const Field& field) {
  const RuleSet& rules = *program.rules;
  const auto add = [&](const std::optional<std::uint32_t>& setting) {
    if (setting) into.settings.push_back(*setting);
  };
  add(field.setting);
  if (field.group) add(rules.groups[*field.group].setting);
  if (!field.each) return;
  const ListRule& list = rules.lists[*field.each];
  add(list.setting);
  if (list.group) add(rules.groups[*list.group].setting);
}

void mark_plain(FieldProgram& field) {
  if (field.shapes.size() != 1 || field.rule->has_shapes() || field.shapes.front().pairs.size() != 1) return;
  if (field.all_parts[0] || field.all_parts[1] || !field.two_way()) return;
  const PairProgram& pair = field.shapes.front().pairs.front();
  if (pair.companion || pair.table || !pair.transforms->empty()) return;
  for (const Side side : sides) {
    if (pair.parts[at(side)].size() != 1 || field.parts[at(side)].size() != 1) return;
    if (pair.literal[at(side)] || !pair.checks[at(side)].empty()) return;
    const Part& part = field.parts[at(side)].front();
    if (part.type == nullptr || part.schema->write_only || !part.compared) return;
    field.plain_length = std::min(field.plain_length, part.schema->max_length.value_or(UINT32_MAX));
  }
  field.plain = field.parts[0].front().type == field.parts[1].front().type;
}

}  // namespace

FieldProgram compile_field(Program& program, const Field& field, std::uint32_t index) {
  FieldProgram made;
  made.index = index;
  made.rule = &field;
  for (const Shape& shape : field.shapes) {
    made.shapes.push_back({.name = shape.name});
    for (const Pair& pair : shape.pairs) add_pair(program, made, made.shapes.back(), field, pair);
  }
  mark_parts(made);
  mark_only_along(made);
  mark_unique(made, field);
  mark_sensitive(program, made);
  collect_settings(program, made, field);
  for (const Clause& clause : field.clauses) {
    made.hold |= clause.kind == Clause::Kind::hold;
    for (const Side side : sides) {
      made.all_parts[at(side)] |= clause.kind == Clause::Kind::all_parts_filled && includes(clause.sides, side);
    }
  }
  made.after_activation = field.group && program.rules->groups[*field.group].only_after_activation;
  made.conflict = field.conflict.value_or(program.rules->conflict);
  mark_plain(made);
  return made;
}

FieldProgram compile_match_pair(Program& program, const Pair& pair) {
  static const Field unnamed = [] {
    Field field;
    field.shapes.emplace_back();
    return field;
  }();
  FieldProgram made;
  made.index = UINT32_MAX;  // no row of the table
  made.rule = &unnamed;
  made.index = UINT32_MAX;  // its writes belong to no field
  made.shapes.emplace_back();
  add_pair(program, made, made.shapes.back(), unnamed, pair);
  mark_parts(made);
  mark_only_along(made);
  mark_sensitive(program, made);
  mark_plain(made);
  return made;
}

}  // namespace dovetail::ir
