#include "dsl/test/scene.hpp"

#include <algorithm>
#include <cassert>
#include <set>
#include <utility>

#include "engine/plan/activation.hpp"

namespace dovetail::dsl {
namespace {

const Value unset{State::unset, {}};

const Value& find_value(const MemberValues& values, ir::MemberId member) {
  const auto found = values.find(member);
  return found == values.end() ? unset : found->second;
}

std::string element_id(ir::Side side, std::size_t index) {
  return (side == ir::Side::hub ? "hub-element-" : "provider-element-") + std::to_string(index);
}

std::string record_id(const ir::Schema& schema, ir::Side side, std::size_t index) {
  const bool number = schema.identity != ir::no_member && schema.members[schema.identity].type != nullptr &&
                      schema.members[schema.identity].type->name == "integer";
  if (number) return std::to_string(index + 1);
  return (side == ir::Side::hub ? "hub-" : "provider-") + std::to_string(index);
}

// The element that a given path means; made where there is none yet.
MemberValues& element_of(std::vector<MemberValues>& elements, const TestPath& path) {
  using Kind = ir::Selector::Kind;
  if (path.index || path.selector.kind != Kind::where) {
    const std::size_t index = path.index.value_or(0);
    if (elements.size() <= index) elements.resize(index + 1);
    return elements[index];
  }
  for (MemberValues& element : elements) {
    const bool fits = std::ranges::all_of(path.selector.where, [&](const auto& wanted) {
      return find_value(element, wanted.first).text == wanted.second;
    });
    if (fits) return element;
  }
  MemberValues& made = elements.emplace_back();
  for (const auto& [member, text] : path.selector.where) made[member] = {State::value, text};
  return made;
}

bool is_selected_alike(const TestPath& path, const ir::Program& program, ir::Side side, const ir::Part& part) {
  if (part.selection == ir::no_selection || path.selector.kind != ir::Selector::Kind::where) return true;
  const ir::Selection& selection = program.records[ir::at(side)].selections[part.selection];
  return std::ranges::all_of(path.selector.where, [&](const auto& wanted) {
    return std::ranges::find(selection.creates, wanted) != selection.creates.end();
  });
}

// What `given base` says about one part; unset where it says nothing.
BasePart base_part(const ir::Program& program, ir::Side side, const ir::Part& part, std::uint32_t index,
                   const std::vector<TestValue>& base) {
  BasePart made{part.path, {State::unset, {}, false}};
  for (const TestValue& given : base) {
    if (given.path.side != side || given.path.member != part.member) continue;
    if (part.in_element && given.path.index.value_or(0) != index) continue;
    if (!part.in_element && !is_selected_alike(given.path, program, side, part)) continue;
    made.value = {given.value.state, given.value.text, false};
  }
  return made;
}

}  // namespace

const Value& SceneRecord::at(ir::MemberId member) const { return find_value(members, member); }

Scene::Scene(const ir::Program& program, const TestCase& test, CivilDay today) : program_(&program) {
  for (const ir::Side side : {ir::Side::hub, ir::Side::provider}) {
    const ir::Schema& schema = program.rules->schema(side);
    if (test.record_absent[ir::at(side)]) continue;
    ids_[ir::at(side)] = record_id(schema, side, 0);
    SceneRecord& record = records_[ir::at(side)].emplace_back(make_record(side, ids_[ir::at(side)]));
    for (const TestValue& given : test.given[ir::at(side)]) add_given(side, record, given);
    if (schema.identity != ir::no_member) ids_[ir::at(side)] = record.at(schema.identity).text;
  }
  for (const OtherRecords& other : test.others) {
    for (const ir::Side side : {ir::Side::hub, ir::Side::provider}) {
      if (std::ranges::none_of(other.values, [&](const TestValue& given) { return given.path.side == side; })) continue;
      auto& records = records_[ir::at(side)];
      // Index 0 belongs to the person of the test, also where that side has no record.
      SceneRecord record = make_record(side, record_id(program.rules->schema(side), side, records.size() + 1));
      for (const TestValue& given : other.values)
        if (given.path.side == side) add_given(side, record, given);
      records.push_back(std::move(record));
    }
  }
  base_.activated = test.activated;
  if (test.record_absent[0] || test.record_absent[1]) return;
  Link link;
  link.hub_id = ids_[0];
  link.provider_id = ids_[1];
  link.evidence = "given";
  link_elements(test, link);
  remember_base(test, link);
  if (test.activated) remember_activation(test, link, today);
  base_.links.push_back(std::move(link));
}

SceneRecord Scene::make_record(ir::Side side, std::string id) const {
  const ir::Schema& schema = program_->rules->schema(side);
  SceneRecord record;
  if (schema.identity != ir::no_member) record.members[schema.identity] = {State::value, std::move(id)};
  if (schema.active != ir::no_member) record.members[schema.active] = {State::value, schema.active_value};
  return record;
}

void Scene::add_given(ir::Side side, SceneRecord& record, const TestValue& given) const {
  const ir::Schema& schema = program_->rules->schema(side);
  const ir::MemberId list = schema.members[given.path.member].list;
  MemberValues& values = list == ir::no_member ? record.members : element_of(record.lists[list], given.path);
  values[given.path.member] = given.value;
}

// Elements that `given base` names on both sides by the same number are partners.
void Scene::link_elements(const TestCase& test, Link& link) const {
  if (!test.base) return;
  for (const ir::ListRule& rule : program_->rules->lists) {
    std::array<std::set<std::uint32_t>, 2> named;
    for (const TestValue& given : *test.base) {
      const ir::Schema& schema = program_->rules->schema(given.path.side);
      if (schema.members[given.path.member].list == rule.lists[ir::at(given.path.side)])
        named[ir::at(given.path.side)].insert(given.path.index.value_or(0));
    }
    for (const std::uint32_t index : named[0]) {
      if (!named[1].contains(index)) continue;
      link.elements.push_back({program_->rules->schema(ir::Side::hub).members[rule.lists[0]].path,
                               element_id(ir::Side::hub, index), element_id(ir::Side::provider, index)});
    }
  }
}

void Scene::remember_base(const TestCase& test, Link& link) const {
  if (!test.base) return;
  for (const ir::FieldProgram& field : program_->fields) {
    const bool element = field.rule->each.has_value();
    const std::size_t times = element ? link.elements.size() : 1;
    for (std::uint32_t index = 0; index < times; ++index) {
      FieldBase base;
      base.field = field.rule->label;
      base.hub_element = element ? link.elements[index].hub_element : "";
      for (const ir::Side side : {ir::Side::hub, ir::Side::provider})
        for (const ir::Part& part : field.parts[ir::at(side)])
          (side == ir::Side::hub ? base.hub : base.provider)
              .push_back(base_part(*program_, side, part, index, *test.base));
      link.base.push_back(std::move(base));
    }
  }
}

const SceneRecord* Scene::person(ir::Side side) const {
  const ir::MemberId identity = program_->rules->schema(side).identity;
  for (const SceneRecord& record : records_[ir::at(side)])
    if (!ids_[ir::at(side)].empty() && identity != ir::no_member && record.at(identity).text == ids_[ir::at(side)])
      return &record;
  return nullptr;
}

void Scene::delete_in_hub() {
  const ir::MemberId identity = program_->rules->schema(ir::Side::hub).identity;
  std::erase_if(records_[0], [&](const SceneRecord& record) { return record.at(identity).text == ids_[0]; });
  // A hub without anybody is a failed read, from which nobody's deletion is concluded.
  if (records_[0].empty()) records_[0].push_back(make_record(ir::Side::hub, "somebody else"));
}

void Scene::deactivate_in_hub() {
  const ir::Schema& schema = program_->rules->schema(ir::Side::hub);
  SceneRecord* record = find(ir::Side::hub, ids_[0]);
  if (record == nullptr || schema.active == ir::no_member) return;
  const ir::Member& member = schema.members[schema.active];
  std::string other = schema.active_value == "true" ? "false" : "true";
  for (const ir::EnumWord& word : member.words)
    if (word.word != schema.active_value) other = word.word;
  record->members[schema.active] = {State::value, std::move(other)};
}

SceneRecord* Scene::find(ir::Side side, const std::string& id) {
  const ir::MemberId identity = program_->rules->schema(side).identity;
  const auto found = std::ranges::find_if(records_[ir::at(side)],
                                          [&](const SceneRecord& record) { return record.at(identity).text == id; });
  return found == records_[ir::at(side)].end() ? nullptr : &*found;
}

// What the hub's lists were like when the connection was activated: as `given base` says, else as they are now.
void Scene::remember_activation(const TestCase& test, Link& link, CivilDay today) const {
  SceneRecord then = records_[0].front();
  if (test.base) {
    then.lists.clear();
    for (const TestValue& given : *test.base)
      if (given.path.side == ir::Side::hub) add_given(ir::Side::hub, then, given);
  }
  const Snapshot snapshot = this->snapshot(ir::Side::hub, {then});
  RecordView view(*program_, ir::Side::hub, snapshot);
  view.move_to(0, today);
  link.marks = activation_marks(*program_, view);
}

Snapshot Scene::snapshot(ir::Side side, const std::vector<SceneRecord>& records) const {
  const ir::Layout& layout = program_->layouts[ir::at(side)];
  const ir::Schema& schema = program_->rules->schema(side);
  Snapshot snapshot(layout);
  for (const SceneRecord& record : records) {
    snapshot.add_record();
    for (ir::SlotId slot = 0; slot < layout.slots.size(); ++slot) {
      const Value& value = record.at(layout.slots[slot]);
      snapshot.set(slot, value.state, value.text);
    }
    for (std::size_t list = 0; list < layout.lists.size(); ++list) {
      snapshot.begin_list(list);
      const auto elements = record.lists.find(layout.lists[list].list);
      if (elements == record.lists.end()) continue;
      for (std::size_t index = 0; index < elements->second.size(); ++index) {
        snapshot.add_element(list);
        const ir::MemberId key = schema.members[layout.lists[list].list].key;
        for (ir::SlotId slot = 0; slot < layout.lists[list].slots.size(); ++slot) {
          const ir::MemberId member = layout.lists[list].slots[slot];
          const Value& value = find_value(elements->second[index], member);
          const bool numbered = member == key && value.state == State::unset;
          snapshot.set_element(list, slot, numbered ? State::value : value.state,
                               numbered ? element_id(side, index) : value.text);
        }
      }
    }
  }
  snapshot.set_completeness({.complete = true, .reason = {}});
  return snapshot;
}

void Scene::write(ir::Side side, SceneRecord& record, const Write& write) const {
  const ir::Schema& schema = program_->rules->schema(side);
  const ir::MemberId list = schema.members[write.member].list;
  if (list == ir::no_member) {
    record.members[write.member] = write.after;
    return;
  }
  std::vector<MemberValues>& elements = record.lists[list];
  const ir::MemberId key = schema.members[list].key;
  // A new element keeps the plan's own name for it as its id.
  std::size_t index = 0;
  for (; index < elements.size(); ++index) {
    const Value& id = find_value(elements[index], key);
    if ((id.state == State::value ? id.text : element_id(side, index)) == write.element) break;
  }
  if (index == elements.size()) {
    elements.emplace_back();
    if (key != ir::no_member) elements.back()[key] = {State::value, write.element};
  }
  elements[index][write.member] = write.after;
}

void Scene::apply(const Plan& plan) {
  std::array<std::vector<std::string>, 2> ids;
  for (const Person& person : plan.people) {
    ids[0].push_back(person.hub_id);
    ids[1].push_back(person.provider_id);
  }
  for (const Operation& operation : plan.operations) {
    const ir::Side side = operation.target;
    std::string& id = ids[ir::at(side)][operation.person];
    if (id.empty() && operation.action == Action::create) {
      id = record_id(program_->rules->schema(side), side, 1000 + operation.person);
      records_[ir::at(side)].push_back(make_record(side, id));
      const std::string& partner = ids[ir::at(ir::other(side))][operation.person];
      if (partner == ids_[ir::at(ir::other(side))]) ids_[ir::at(side)] = id;
    }
    SceneRecord* record = find(side, id);
    if (record == nullptr) continue;  // a link writes nothing
    for (const Write& one : operation.writes) write(side, *record, one);
  }
  for (std::size_t i = 0; i < plan.people.size(); ++i) {
    const Person& person = plan.people[i];
    if (person.link >= 0) base_.links[static_cast<std::size_t>(person.link)].state = person.state;
    if (person.link >= 0 || !person.is_linked || ids[0][i].empty() || ids[1][i].empty()) continue;
    Link link;
    link.hub_id = ids[0][i];
    link.provider_id = ids[1][i];
    link.state = person.state;
    base_.links.push_back(std::move(link));
  }
}

}  // namespace dovetail::dsl
