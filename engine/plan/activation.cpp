#include "engine/plan/activation.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace dovetail {

using ir::at;
using ir::Side;

namespace {

// A list that a group takes values from, and which members of its elements.
struct Source {
  std::size_t list = 0;
  ir::SlotId key = ir::no_slot;
  std::set<ir::SlotId> slots;
};

std::vector<Source> sources_of(const ir::Program& program, std::uint32_t group) {
  std::vector<Source> result;
  for (const ir::FieldProgram& field : program.fields) {
    if (field.rule->group != group) continue;
    for (const ir::Part& part : field.parts[at(Side::hub)]) {
      if (part.selection == ir::no_selection) continue;
      const ir::Selection& selection = program.records[at(Side::hub)].selections[part.selection];
      auto known = std::ranges::find(result, selection.list, &Source::list);
      if (known == result.end()) known = result.insert(result.end(), {selection.list, selection.key, {}});
      known->slots.insert(part.slot);
    }
  }
  return result;
}

// FNV-1a over states and texts; marks only ask "the same as then?".
std::string hash_of(const Snapshot& snapshot, const Source& source, ElementIndex element) {
  std::uint64_t hash = 0xcbf29ce484222325U;
  const auto mix = [&](unsigned char byte) { hash = (hash ^ byte) * 0x100000001b3U; };
  for (const ir::SlotId slot : source.slots) {
    const Observation seen = snapshot.element(source.list, element, slot);
    mix(static_cast<unsigned char>(seen.state));
    for (const char c : seen.text) mix(static_cast<unsigned char>(c));
    mix(0xFF);
  }
  return fmt::format("{:016x}", hash);
}

}  // namespace

bool changed_since_activation(const ir::Program& program, std::uint32_t group, const RecordView& hub,
                              const Link& link) {
  const std::string& title = program.rules->groups[group].title;
  const std::vector<Source> sources = sources_of(program, group);
  for (const ir::FieldProgram& field : program.fields) {
    if (field.rule->group != group) continue;
    for (const ir::Part& part : field.parts[at(Side::hub)]) {
      if (part.selection == ir::no_selection) continue;
      const Selected& chosen = hub.selected(part.selection);
      if (chosen.kind != Selected::Kind::element) continue;
      const ir::Selection& selection = program.records[at(Side::hub)].selections[part.selection];
      const auto source = std::ranges::find(sources, selection.list, &Source::list);
      const std::string_view id = hub.element_id(selection.list, selection.key, chosen.element);
      const auto mark = std::ranges::find_if(
          link.marks, [&](const ActivationMark& m) { return m.group == title && m.element == id; });
      if (mark == link.marks.end() || mark->hash != hash_of(hub.snapshot(), *source, chosen.element)) return true;
    }
  }
  return false;
}

std::vector<ActivationMark> activation_marks(const ir::Program& program, const RecordView& hub) {
  std::vector<ActivationMark> marks;
  for (std::uint32_t group = 0; group < program.rules->groups.size(); ++group) {
    if (!program.rules->groups[group].only_after_activation || !hub.exists()) continue;
    for (const Source& source : sources_of(program, group)) {
      const Snapshot::List list = hub.snapshot().list(hub.record(), source.list);
      for (ElementIndex element = list.first; element < list.first + list.count; ++element) {
        marks.push_back({program.rules->groups[group].title,
                         std::string(hub.element_id(source.list, source.key, element)),
                         hash_of(hub.snapshot(), source, element)});
      }
    }
  }
  return marks;
}

}  // namespace dovetail
