#include "engine/plan/activation.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>
#include <utility>

namespace dovetail {

using ir::at;
using ir::Side;

namespace {

// A list that a group takes values from, and which members of its elements.
struct Source {
  std::size_t list = 0;
  ir::SlotId key = ir::no_slot;
  std::map<ir::SlotId, std::string> slots;  // with what a mark calls them
};

// FNV-1a.
class Hash {
 public:
  Hash& mix(std::string_view text) {
    for (const char c : text) mix(static_cast<unsigned char>(c));
    return *this;
  }
  // State and text; marks only ask "the same as then?".
  Hash& mix(Observation seen) {
    mix(static_cast<unsigned char>(seen.state));
    mix(seen.text);
    mix(static_cast<unsigned char>(0xFF));
    return *this;
  }
  std::string text() const { return fmt::format("{:016x}", value_); }

 private:
  void mix(unsigned char byte) { value_ = (value_ ^ byte) * 0x100000001b3U; }
  std::uint64_t value_ = 0xcbf29ce484222325U;
};

constexpr std::size_t tag_size = 8, hash_size = 16;

std::string tag_of(std::string_view path) { return Hash().mix(path).text().substr(0, tag_size); }

// nullopt: no element of a list holds it.
std::optional<Source> source_of(const ir::Program& program, const ir::FieldProgram& field, const ir::Part& part) {
  if (part.in_element) return Source{part.list, program.lists[*field.rule->each].key[at(Side::hub)], {}};
  if (part.selection == ir::no_selection) return std::nullopt;
  const ir::Selection& selection = program.records[at(Side::hub)].selections[part.selection];
  return Source{selection.list, selection.key, {}};
}

std::vector<Source> sources_of(const ir::Program& program, std::uint32_t group) {
  std::vector<Source> result;
  for (const ir::FieldProgram& field : program.fields) {
    if (field.rule->group != group) continue;
    for (const ir::Part& part : field.parts[at(Side::hub)]) {
      const std::optional<Source> source = source_of(program, field, part);
      if (!source) continue;
      auto known = std::ranges::find(result, source->list, &Source::list);
      if (known == result.end()) known = result.insert(result.end(), *source);
      known->slots.emplace(part.slot, tag_of(part.schema->path));
    }
  }
  return result;
}

// A mark is of an element: what each of its members was like, by tag and hash. One without an element says that the
// list was read then. Older ones are one hash of all members together.
bool is_of_whole(const ActivationMark& mark) { return mark.hash.view().size() == hash_size; }

ActivationMark list_mark(const ir::Program& program, const std::string& group, const Source& source) {
  const ir::MemberId list = program.layouts[at(Side::hub)].lists[source.list].list;
  return {group, {}, "read" + tag_of(program.rules->schema(Side::hub).members[list].path)};
}

std::string hash_of_whole(const Snapshot& snapshot, const Source& source, ElementIndex element) {
  Hash hash;
  for (const auto& [slot, tag] : source.slots) hash.mix(snapshot.element(source.list, element, slot));
  return hash.text();
}

// What the mark says of the member; empty: nothing.
std::string_view member_hash(const ActivationMark& mark, std::string_view tag) {
  const std::string_view all = mark.hash;
  for (std::size_t at = 0; at + tag_size + hash_size <= all.size(); at += tag_size + hash_size) {
    if (all.substr(at, tag_size) == tag) return all.substr(at + tag_size, hash_size);
  }
  return {};
}

// `known` with those of the element's members that it says nothing of. What was not read is not marked.
std::string marked(const Snapshot& snapshot, const Source& source, ElementIndex element, ActivationMark known) {
  std::string text(known.hash.view());
  for (const auto& [slot, tag] : source.slots) {
    const Observation seen = snapshot.element(source.list, element, slot);
    if (seen.state == State::absent || !member_hash(known, tag).empty()) continue;
    text += tag + Hash().mix(seen).text();
  }
  return text;
}

bool is_as_marked(const Snapshot& snapshot, const Source& source, ElementIndex element, const ActivationMark& mark) {
  if (is_of_whole(mark)) return mark.hash == hash_of_whole(snapshot, source, element);
  return std::ranges::all_of(source.slots, [&](const auto& one) {
    const Observation seen = snapshot.element(source.list, element, one.first);
    const std::string_view then = member_hash(mark, one.second);
    return seen.state == State::absent || then.empty() || then == Hash().mix(seen).text();
  });
}

// Those of one group and list among a link's marks.
class Marks {
 public:
  Marks(const ir::Program& program, const std::string& group, const Source& source, const Few<ActivationMark>& all)
      : group_(group), all_(all), list_(list_mark(program, group, source)) {}

  // Else nobody could have made any: the list was not read then, or the rules took nothing from it.
  bool was_read() const {
    return std::ranges::any_of(
        all_, [&](const ActivationMark& m) { return m == list_ || (m.group == group_ && is_of_whole(m)); });
  }
  bool has_list() const { return std::ranges::find(all_, list_) != all_.end(); }
  const ActivationMark* find(std::string_view element) const {
    const auto found = std::ranges::find_if(all_, [&](const ActivationMark& m) {
      return m.group == group_ && m.element == element && !m.hash.view().starts_with("read");
    });
    return found == all_.end() ? nullptr : &*found;
  }
  const ActivationMark& list() const { return list_; }

 private:
  const std::string& group_;
  const Few<ActivationMark>& all_;
  ActivationMark list_;
};

// Changes of marks, made only where there are some: most links share what they have.
void complete(const ir::Program& program, const std::string& group, const Source& source, const RecordView& hub,
              Few<ActivationMark>& marks) {
  const Snapshot::List list = hub.snapshot().list(hub.record(), source.list);
  if (list.state != State::value) return;
  const Few<ActivationMark> before = marks;
  const Marks known(program, group, source, before);
  const bool was_read = known.was_read();
  for (ElementIndex element = list.first; element < list.first + list.count; ++element) {
    const std::string_view id = hub.element_id(source.list, source.key, element);
    const ActivationMark* mark = known.find(id);
    if (mark == nullptr && was_read) continue;  // came later
    if (mark != nullptr && is_of_whole(*mark) && !is_as_marked(hub.snapshot(), source, element, *mark)) continue;
    const ActivationMark to_add{group, Text(id), mark == nullptr || is_of_whole(*mark) ? Text() : mark->hash};
    const std::string text = marked(hub.snapshot(), source, element, to_add);
    if (mark == nullptr) {
      marks.push_back({group, Text(id), text});
    } else if (mark->hash != text) {
      marks[static_cast<std::size_t>(mark - before.begin())].hash = text;
    }
  }
  if (!known.has_list()) marks.push_back(known.list());
}

bool has_changed(const ir::Program& program, const std::string& group, const Source& source, const RecordView& hub,
                 ElementIndex element, const Link& link) {
  const Marks marks(program, group, source, link.marks);
  if (!marks.was_read()) return false;
  const ActivationMark* mark = marks.find(hub.element_id(source.list, source.key, element));
  return mark == nullptr || !is_as_marked(hub.snapshot(), source, element, *mark);
}

}  // namespace

bool element_changed_since_activation(const ir::Program& program, const ir::ListProgram& list, const RecordView& hub,
                                      ElementIndex element, const Link& link) {
  const std::uint32_t group = *program.fields[list.rule->match].rule->group;
  const std::vector<Source> sources = sources_of(program, group);
  const auto source = std::ranges::find(sources, std::size_t{list.lists[at(Side::hub)]}, &Source::list);
  return source != sources.end() &&
         has_changed(program, program.rules->groups[group].title, *source, hub, element, link);
}

bool changed_since_activation(const ir::Program& program, std::uint32_t group, const RecordView& hub,
                              const Link& link) {
  const std::string& title = program.rules->groups[group].title;
  const std::vector<Source> sources = sources_of(program, group);
  for (const ir::FieldProgram& field : program.fields) {
    if (field.rule->group != group) continue;
    for (const ir::Part& part : field.parts[at(Side::hub)]) {
      if (part.selection == ir::no_selection || part.in_element) continue;
      const Selected& chosen = hub.selected(part.selection);
      if (chosen.kind != Selected::Kind::element) continue;
      const ir::Selection& selection = program.records[at(Side::hub)].selections[part.selection];
      const auto source = std::ranges::find(sources, selection.list, &Source::list);
      if (has_changed(program, title, *source, hub, chosen.element, link)) return true;
    }
  }
  return false;
}

void complete_marks(const ir::Program& program, const RecordView& hub, Few<ActivationMark>& marks) {
  for (std::uint32_t group = 0; group < program.rules->groups.size(); ++group) {
    if (!program.rules->groups[group].only_after_activation || !hub.exists()) continue;
    for (const Source& source : sources_of(program, group)) {
      complete(program, program.rules->groups[group].title, source, hub, marks);
    }
  }
}

Few<ActivationMark> activation_marks(const ir::Program& program, const RecordView& hub) {
  Few<ActivationMark> marks;
  complete_marks(program, hub, marks);
  return marks;
}

}  // namespace dovetail
