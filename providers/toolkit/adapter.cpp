#include "providers/toolkit/adapter.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "engine/match/unread.hpp"

namespace dovetail::providers {

Result<std::unique_ptr<Transport>> connect(const AdapterSetup& setup) {
  Result<std::unique_ptr<Transport>> transport = connect(setup.endpoint);
  if (transport && setup.between) return setup.between(std::move(*transport));
  return transport;
}

Result<std::string> credential(const AdapterSetup& setup, std::string_view name) {
  const auto found = setup.credentials.find(name);
  if (found != setup.credentials.end() && !found->second.empty()) return found->second;
  return std::unexpected(Error{.kind = Error::Kind::input,
                               .what = fmt::format("{} needs the credential `{}`", setup.schema.adapter, name)});
}

Result<std::vector<std::string>> credentials_of(const AdapterSetup& setup,
                                                std::initializer_list<std::string_view> names) {
  std::vector<std::string> values;
  for (const std::string_view name : names) {
    Result<std::string> value = credential(setup, name);
    if (!value) return std::unexpected(value.error());
    values.push_back(std::move(*value));
  }
  return values;
}

bool asks_for_list(const ir::Layout& layout, ir::MemberId list) {
  return list != ir::no_member && layout.list(list) >= 0;
}

bool asks_for_resource(const ir::Layout& layout, const ir::Schema& schema, std::string_view resource) {
  return std::ranges::any_of(layout.slots,
                             [&](ir::MemberId member) { return schema.members[member].resource == resource; });
}

std::vector<ir::MemberId> unique_members(const ir::Schema& schema) {
  std::vector<ir::MemberId> found;
  for (ir::MemberId id = 0; id < schema.members.size(); ++id) {
    if (schema.members[id].unique) found.push_back(id);
  }
  return found;
}

ir::MemberId find_list(const ir::Schema& schema, std::string_view wire) {
  for (ir::MemberId id = 0; id < schema.members.size(); ++id) {
    const ir::Member& member = schema.members[id];
    if (member.kind == ir::MemberKind::list && member.read_wire.starts_with(wire)) return id;
  }
  return ir::no_member;
}

void leave_out_resource(const ir::Schema& schema, std::string_view resource, Snapshot& into) {
  for (ir::SlotId slot = 0; slot < into.layout().slots.size(); ++slot) {
    if (schema.members[into.layout().slots[slot]].resource == resource) into.set(slot, State::absent);
  }
}

std::vector<EmptyList> empty_lists_of(const ir::Schema& schema, ir::MemberId list, const Snapshot& read) {
  if (!asks_for_list(read.layout(), list)) return {};
  const auto number = static_cast<std::size_t>(read.layout().list(list));
  bool was_read = false;
  for (RecordIndex record = 0; record < read.size(); ++record) {
    const Snapshot::List one = read.list(record, number);
    if (one.count > 0) return {};
    was_read |= one.state == State::value;
  }
  if (!was_read) return {};
  return {{.name = schema.members[list].path, .members = {list}}};
}

Error listed_but_not_found() {
  return {.kind = Error::Kind::transient, .what = "the list names this record, and by its id there is none"};
}

void add_unread(const ir::Schema& schema, std::string_view id, const Error& why, Snapshot& into,
                std::vector<std::string>& notes) {
  into.add_record();
  const ir::SlotId slot = into.layout().slot(schema.identity);
  if (slot != ir::no_slot) into.set(slot, State::value, id);
  notes.push_back(unread_note(id, why.what));
}

void add_unread_lists(std::string_view id, const std::vector<std::string>& unread, std::vector<std::string>& notes) {
  for (const std::string& list : unread) notes.push_back(fmt::format("{}: {}", id, list));
}

}  // namespace dovetail::providers
