#include "tests/engine/world.hpp"

#include <algorithm>
#include <stdexcept>

#include "engine/runtime/write/apply.hpp"
#include "engine/values/type.hpp"

namespace dovetail::test {

using ir::at;

CivilDay test_day() { return *parse_day("2026-11-21"); }

RulesBuilder::RulesBuilder() {
  rules.name = "acme";
  rules.file = "acme.map";
  rules.aliases = {"huma", "acme"};
  rules.titles = {"Huma", "Acme"};
  for (const ir::Side side : {hub, provider}) {
    ir::Schema& schema = rules.schemas[at(side)];
    member(side, "id").read_only = true;
    words(side, "isActive", {"true", "false"});
    schema.identity = id(side, "id");
    schema.active = id(side, "isActive");
    schema.active_value = "true";
  }
}

ir::Member& RulesBuilder::add(ir::Side side, std::string_view path, ir::MemberKind kind) {
  ir::Schema& schema = rules.schemas[at(side)];
  ir::Member member;
  member.path = path;
  member.kind = kind;
  const std::size_t dot = path.rfind('.');
  member.name = dot == std::string_view::npos ? path : path.substr(dot + 1);
  if (const std::size_t brackets = path.find("[]"); brackets != std::string_view::npos) {
    member.list = id(side, path.substr(0, brackets));
    member.parent = member.list;
  } else if (dot != std::string_view::npos) {
    if (schema.find(path.substr(0, dot)) == nullptr)
      add(side, path.substr(0, dot), ir::MemberKind::object).optional = true;
    member.parent = id(side, path.substr(0, dot));
  }
  return schema.members.emplace_back(std::move(member));
}

ir::Member& RulesBuilder::member(ir::Side side, std::string_view path, std::string_view type) {
  ir::Member& made = add(side, path, ir::MemberKind::scalar);
  made.type = find_type(type);
  if (made.type == nullptr) throw std::invalid_argument("no such type: " + std::string(type));
  return made;
}

ir::Member& RulesBuilder::words(ir::Side side, std::string_view path, std::initializer_list<std::string_view> words) {
  ir::Member& made = add(side, path, ir::MemberKind::scalar);
  for (const std::string_view word : words) made.words.push_back({std::string(word), std::string(word)});
  return made;
}

ir::Member& RulesBuilder::list(ir::Side side, std::string_view path, std::string_view begin, std::string_view end) {
  add(side, path, ir::MemberKind::list);
  const std::string prefix = std::string(path) + "[].";
  member(side, prefix + "id").read_only = true;
  if (!begin.empty()) member(side, prefix + std::string(begin), "date");
  if (!end.empty()) member(side, prefix + std::string(end), "date");
  ir::Member& made = rules.schemas[at(side)].members[id(side, path)];
  made.key = id(side, prefix + "id");
  if (!begin.empty()) made.ordered_by = id(side, prefix + std::string(begin));
  if (!end.empty()) made.until = id(side, prefix + std::string(end));
  return made;
}

ir::MemberId RulesBuilder::id(ir::Side side, std::string_view path) const {
  const ir::Schema& schema = rules.schema(side);
  const ir::Member* found = schema.find(path);
  if (found == nullptr) throw std::invalid_argument("no such member: " + std::string(path));
  return schema.id(*found);
}

ir::Path RulesBuilder::path(ir::Side side, std::string_view path, ir::Selector selector) const {
  return {id(side, path), std::move(selector)};
}

ir::Pair RulesBuilder::pair(std::string_view hub_path, ir::Direction direction, std::string_view provider_path) const {
  ir::Pair made;
  made.ends[at(hub)].paths.push_back(path(hub, hub_path));
  made.ends[at(provider)].paths.push_back(path(provider, provider_path));
  made.direction = direction;
  made.origin = {"acme.map", 5, 1};
  return made;
}

ir::Field& RulesBuilder::field(std::string label, std::string_view hub_path, ir::Direction direction,
                               std::string_view provider_path) {
  if (rules.schema(hub).find(hub_path) == nullptr) member(hub, hub_path);
  if (rules.schema(provider).find(provider_path) == nullptr) member(provider, provider_path);
  return field(std::move(label), {pair(hub_path, direction, provider_path)});
}

ir::Field& RulesBuilder::field(std::string label, std::vector<ir::Pair> pairs) {
  ir::Field made;
  made.label = std::move(label);
  made.origin = {"acme.map", 5, 1};
  made.shapes.push_back({"", std::move(pairs), made.origin});
  return rules.fields.emplace_back(std::move(made));
}

ir::Clause RulesBuilder::clause(ir::Clause::Kind kind, ir::Sides sides, std::uint32_t line) {
  ir::Clause made;
  made.kind = kind;
  made.sides = sides;
  made.origin = {"acme.map", line, 1};
  return made;
}

namespace {

Value find_value(const std::map<std::string, Value>& values, const std::string& name) {
  const auto found = values.find(name);
  return found == values.end() ? unset : found->second;
}

}  // namespace

void MemorySystem::append(const Record& record, Snapshot& into) const {
  into.add_record();
  const ir::Layout& layout = into.layout();
  for (ir::SlotId slot = 0; slot < layout.slots.size(); ++slot) {
    const Value seen = find_value(record.members, schema().members[layout.slots[slot]].path);
    into.set(slot, seen.state, seen.text);
  }
  for (std::size_t list = 0; list < layout.lists.size(); ++list) {
    const std::string& path = schema().members[layout.lists[list].list].path;
    if (record.unread_lists.contains(path)) continue;
    const auto elements = record.lists.find(path);
    into.begin_list(list);
    if (elements == record.lists.end()) continue;
    for (const auto& element : elements->second) {
      into.add_element(list);
      for (ir::SlotId slot = 0; slot < layout.lists[list].slots.size(); ++slot) {
        const Value seen = find_value(element, schema().members[layout.lists[list].slots[slot]].name);
        into.set_element(list, slot, seen.state, seen.text);
      }
    }
  }
}

Snapshot MemorySystem::snapshot() const {
  Snapshot result(program_->layouts[at(side_)]);
  for (const Record& record : records) append(record, result);
  result.set_completeness(completeness);
  return result;
}

Record* MemorySystem::find_record(std::string_view id) {
  const std::string& identity = schema().members[schema().identity].path;
  const auto found = std::ranges::find_if(
      records, [&](const Record& record) { return find_value(record.members, identity).text == id; });
  return found == records.end() ? nullptr : &*found;
}

Result<Completeness> MemorySystem::list(Snapshot& into) {
  for (const Record& record : records) append(record, into);
  return completeness;
}

Result<bool> MemorySystem::get(std::string_view id, Snapshot& into) {
  const Record* record = find_record(id);
  if (record == nullptr) return false;
  append(*record, into);
  return true;
}

void MemorySystem::write(Record& record, const Change& change) {
  const ir::Member& member = schema().members[change.member];
  const Value after = change.clear ? unset : value(change.value);
  if (member.list == ir::no_member) {
    record.members[member.path] = after;
    return;
  }
  auto& elements = record.lists[schema().members[member.list].path];
  const std::string& key = schema().members[schema().members[member.list].key].name;
  auto element = std::ranges::find_if(elements, [&](const auto& e) {
    return find_value(e, key).text == change.element || find_value(e, "+").text == change.element;
  });
  if (element == elements.end()) {
    elements.push_back({{key, value("e" + std::to_string(next_id_++))}, {"+", value(change.element)}});
    element = elements.end() - 1;
  }
  (*element)[member.name] = after;
}

Result<Created> MemorySystem::create(const std::vector<Change>& members, std::string_view) {
  ++writes;
  Record record;
  const std::string id = (side_ == hub ? "h" : "p") + std::to_string(next_id_++);
  record.members[schema().members[schema().identity].path] = value(id);
  if (schema().active != ir::no_member) {
    record.members[schema().members[schema().active].path] = value(schema().active_value);
  }
  for (const Change& change : members) write(record, change);
  for (auto& [path, elements] : record.lists) {
    for (auto& element : elements) element.erase("+");
  }
  records.push_back(std::move(record));
  ChangeOutcome done;
  done.kind = ChangeOutcome::Kind::done;
  return Created{id, std::vector<ChangeOutcome>(members.size(), done)};
}

Result<std::vector<ChangeOutcome>> MemorySystem::update(std::string_view id, const std::vector<Change>& changes) {
  ++writes;
  Record* record = find_record(id);
  if (record == nullptr) return std::unexpected(Error{Error::Kind::data, "no such record", "", std::nullopt});
  std::vector<ChangeOutcome> outcomes;
  for (const Change& change : changes) {
    ChangeOutcome& outcome = outcomes.emplace_back();
    if (std::ranges::find(refused_members, schema().members[change.member].path) != refused_members.end()) {
      outcome.kind = ChangeOutcome::Kind::refused;
      outcome.reason = "not today";
      continue;
    }
    write(*record, change);
    outcome.kind = ChangeOutcome::Kind::done;
  }
  for (auto& [path, elements] : record->lists) {
    for (auto& element : elements) element.erase("+");
  }
  return outcomes;
}

PlanInput World::input(Mode mode, const Snapshot& hub_snapshot, const Snapshot& provider_snapshot) const {
  PlanInput made{
      .program = program, .hub = hub_snapshot, .provider = provider_snapshot, .base = base, .settings = {}, .only = {}};
  made.today = test_day();
  made.mode = mode;
  made.event = event;
  made.decisions = &decisions;
  made.settings = settings;
  made.only = only;
  made.test_system = true;
  if (scope) made.scope = &*scope;
  made.hasher = hasher;
  made.tables = tables;
  made.guarded_before = guarded_before;
  return made;
}

Plan World::look(Mode mode) {
  const Snapshot hub_snapshot = hub_system.snapshot();
  const Snapshot provider_snapshot = provider_system.snapshot();
  return plan(this->input(mode, hub_snapshot, provider_snapshot));
}

Plan World::run(Mode mode) {
  const Snapshot hub_snapshot = hub_system.snapshot();
  const Snapshot provider_snapshot = provider_system.snapshot();
  const PlanInput planned = this->input(mode, hub_snapshot, provider_snapshot);
  Plan made = plan(planned);
  if (before_apply) before_apply(*this);
  applied = apply(made, program, hub_system, provider_system);
  base = remember(made, planned, applied);
  return made;
}

void World::agree() {
  Decisions keep;
  keep.bulk = Choice::leave;
  std::swap(keep, decisions);
  base.links = {};
  Link link;
  link.hub_id = "h1";
  link.provider_id = "p1";
  base.links.push_back(std::move(link));
  run(Mode::manual);
  std::swap(keep, decisions);
}

const Entry* find_entry(const Plan& plan, const ir::RuleSet& rules, std::string_view label) {
  const auto found = std::ranges::find_if(plan.entries, [&](const Entry& entry) {
    return label.empty() ? entry.field == no_field
                         : entry.field != no_field && rules.fields[entry.field].label == label;
  });
  return found == plan.entries.end() ? nullptr : &*found;
}

Reason reason_of(const Plan& plan, const ir::RuleSet& rules, std::string_view label, PersonIndex person) {
  const auto field = std::ranges::find(rules.fields, label, &ir::Field::label) - rules.fields.begin();
  return plan.reason(person, static_cast<FieldIndex>(field));
}

}  // namespace dovetail::test
