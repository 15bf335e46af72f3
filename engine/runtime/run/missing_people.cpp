#include "engine/runtime/run/missing_people.hpp"

#include <fmt/format.h>

#include <set>

#include "engine/match/unread.hpp"

namespace dovetail {
namespace {

using ir::at;
using ir::Side;

constexpr int failures_in_a_row = 3;  // after which nobody else is looked up

bool is_known_to_be_gone(const Link& link, Side side) {
  return link.state == (side == Side::hub ? LinkState::hub_deleted : LinkState::missing_in_provider);
}

// Their ids, in the links' order.
std::vector<std::string> missing_ids(const Base& base, Side side, ir::SlotId identity, const Snapshot& read) {
  std::set<std::string, std::less<>> there;
  for (RecordIndex record = 0; record < read.size(); ++record) there.emplace(read.at(record, identity).text);
  std::vector<std::string> missing;
  for (const Link& link : base.links) {
    const std::string& id = side == Side::hub ? link.hub_id : link.provider_id;
    if (id.empty() || is_known_to_be_gone(link, side)) continue;
    if (there.insert(id).second) missing.push_back(id);
  }
  return missing;
}

void add_unread(ir::SlotId identity, const std::string& id, const Error& why, Completeness& completeness,
                Snapshot& into) {
  into.add_record();
  into.set(identity, State::value, id);
  completeness.notes.push_back(unread_note(id, why.what));
}

}  // namespace

void look_for_missing(const ir::Program& program, const Base& base, Side side, System& system, Snapshot& read) {
  const ir::SlotId identity = program.records[at(side)].identity;
  if (!read.completeness().complete || read.size() == 0 || identity == ir::no_slot) return;
  Completeness completeness = read.completeness();
  std::size_t found = 0;
  int failed = 0;
  for (const std::string& id : missing_ids(base, side, identity, read)) {
    if (failed == failures_in_a_row) {
      add_unread(identity, id, {.kind = Error::Kind::transient, .what = "not looked up: the ones before it failed"},
                 completeness, read);
      continue;
    }
    const Result<bool> got = system.get(id, read);
    failed = got ? 0 : failed + 1;
    if (!got)
      add_unread(identity, id, got.error(), completeness, read);
    else if (*got)
      ++found;
  }
  if (found > 0) {
    completeness.complete = false;
    completeness.reason = fmt::format("the list lacks {} linked {} found by id", found,
                                      found == 1 ? "record that was" : "records that were");
  }
  read.set_completeness(std::move(completeness));
}

}  // namespace dovetail
