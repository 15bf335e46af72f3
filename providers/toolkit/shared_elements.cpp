#include "providers/toolkit/shared_elements.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <unordered_map>

#include "engine/copy_record.hpp"

namespace dovetail::providers {
namespace {

using Holders = std::vector<std::set<RecordIndex>>;  // by list: whose is not to be believed

std::string id_of(const ir::Schema& schema, const Snapshot& read, RecordIndex record) {
  const ir::SlotId slot = schema.identity == ir::no_member ? ir::no_slot : read.layout().slot(schema.identity);
  return slot == ir::no_slot ? std::string("?") : std::string(read.at(record, slot).text);
}

void find_shared(const ir::Schema& schema, std::size_t list, const Snapshot& read, std::set<RecordIndex>& holders,
                 std::vector<std::string>& notes) {
  const ir::Layout::List& of = read.layout().lists[list];
  const auto key = std::ranges::find(of.slots, schema.members[of.list].key);
  if (schema.members[of.list].key == ir::no_member || key == of.slots.end()) return;
  const auto slot = static_cast<ir::SlotId>(key - of.slots.begin());
  std::unordered_map<std::string_view, RecordIndex> known;
  for (RecordIndex record = 0; record < read.size(); ++record) {
    const Snapshot::List elements = read.list(record, list);
    for (ElementIndex element = elements.first; element < elements.first + elements.count; ++element) {
      const Observation seen = read.element(list, element, slot);
      if (seen.state != State::value) continue;
      const auto [first, is_new] = known.emplace(seen.text, record);
      if (is_new || first->second == record) continue;
      holders.insert({first->second, record});
      notes.push_back(fmt::format("{} and {} came with the same element {} of `{}`: it counts as not read for both",
                                  id_of(schema, read, first->second), id_of(schema, read, record), seen.text,
                                  schema.members[of.list].path));
    }
  }
}

Snapshot without(const Holders& holders, const Snapshot& from) {
  Snapshot rest(from.layout());
  for (RecordIndex record = 0; record < from.size(); ++record) {
    copy_record(
        from, record, rest, [](ir::SlotId) { return true; },
        [&](std::size_t list) { return !holders[list].contains(record); });
  }
  rest.set_completeness(from.completeness());
  return rest;
}

}  // namespace

void withhold_shared_elements(const ir::Schema& schema, Snapshot& read, std::vector<std::string>& notes) {
  Holders holders(read.layout().lists.size());
  for (std::size_t list = 0; list < holders.size(); ++list) find_shared(schema, list, read, holders[list], notes);
  if (std::ranges::any_of(holders, [](const auto& some) { return !some.empty(); })) read = without(holders, read);
}

}  // namespace dovetail::providers
