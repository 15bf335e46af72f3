#include "providers/netvisor/employee_writes.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "providers/netvisor/bodies.hpp"
#include "providers/netvisor/rights.hpp"

namespace dovetail::providers::netvisor {
namespace {

Result<void> post(Calls& calls, const char* operation, std::string target, std::string body, Repeat repeat) {
  const Result<Response> answer = calls.send({.operation = operation,
                                              .method = "POST",
                                              .target = std::move(target),
                                              .body = std::move(body),
                                              .repeat = repeat});
  if (!answer) return std::unexpected(answer.error());
  return {};
}

bool sets(std::span<const Change> changes, ir::MemberId member) {
  return std::ranges::any_of(changes,
                             [member](const Change& change) { return change.member == member && !change.clear; });
}

// An account number that goes without BIC, or the BIC that goes with it: employee.nv takes that, and finds the BIC by
// itself where it can; patchemployee.nv refuses it.
bool is_account_alone(const ir::Schema& schema, const Snapshot& now, std::span<const Change> changes,
                      const Change& change) {
  const ir::MemberId partner = schema.members[change.member].written_with;
  if (partner == ir::no_member) return false;
  if (change.clear) return sets(changes, partner);
  const bool cleared =
      std::ranges::any_of(changes, [partner](const Change& other) { return other.member == partner && other.clear; });
  const State known = now.at(0, now.layout().slot(partner)).state;
  return cleared || (!sets(changes, partner) && known != State::value && known != State::invalid);
}

// The members of the record that are to be written again as they are.
void repeat(const std::set<ir::MemberId>& members, const Snapshot& now, std::vector<Change>& changes) {
  for (const ir::MemberId member : members) {
    const bool changed = std::ranges::any_of(changes, [member](const Change& each) { return each.member == member; });
    const Observation seen = now.at(0, now.layout().slot(member));
    if (changed || (seen.state != State::value && seen.state != State::invalid)) continue;
    changes.push_back(
        {.member = member, .element = {}, .clear = false, .value = std::string(seen.text), .previous = {}});
  }
}

// What a person was added with. For a patch the names, and nothing that Netvisor may hold in another form. For an edit
// everything, the identity code too, because no source says that an edit may do without.
std::set<ir::MemberId> added_with(const ir::Schema& schema, bool only_names) {
  std::set<ir::MemberId> wanted;
  for (ir::MemberId member = 0; member < schema.members.size(); ++member) {
    const ir::Member& of = schema.members[member];
    if (!of.required_on_create || of.list != ir::no_member) continue;
    const bool name = of.type != nullptr && of.type->name == "text" && of.not_nullable &&
                      write_path(schema, member).front() == "employeebaseinformation";
    if (name || !only_names) wanted.insert(member);
  }
  return wanted;
}

Result<void> patch(Calls& calls, const ir::Schema& schema, std::string_view id, const Snapshot& now,
                   std::vector<Change> changes) {
  std::set<ir::MemberId> again = added_with(schema, true);
  for (const Change& change : changes) {
    const ir::MemberId partner = schema.members[change.member].written_with;
    if (partner != ir::no_member && !change.clear) again.insert(partner);
  }
  repeat(again, now, changes);
  const Result<std::string> body = write_body("patchemployee", wire_writes(schema, changes), changes);
  if (!body) return std::unexpected(body.error());
  return post(calls, "patchemployee",
              fmt::format("/patchemployee.nv?identifiertype=netvisorkey&identifier={}", percent_encoded(id)), *body,
              Repeat::safe);
}

// By the identity code: an edit knows nobody by key. Clears are left to Netvisor, which finds the BIC.
Result<void> edit(Calls& calls, const ir::Schema& schema, const Snapshot& now, std::vector<Change> changes) {
  std::erase_if(changes, [](const Change& change) { return change.clear; });
  repeat(added_with(schema, false), now, changes);
  const bool known =
      std::ranges::any_of(changes, [&schema](const Change& change) { return schema.members[change.member].set_once; });
  if (!known) {
    return std::unexpected(Error{.kind = Error::Kind::data,
                                 .what = "Netvisor takes an account without BIC only for somebody with a Finnish "
                                         "identity code"});
  }
  const Result<std::string> body = write_body("employee", wire_writes(schema, changes), changes);
  if (!body) return std::unexpected(body.error());
  return post(calls, "employee edit", "/employee.nv?method=edit", *body, Repeat::safe);
}

}  // namespace

std::string why_never(const ir::Schema& schema, const Change& change, bool creating) {
  const ir::Member& member = schema.members[change.member];
  if (member.derived_from != ir::no_member) {
    return fmt::format("Netvisor computes `{}` from `{}`", member.path, schema.members[member.derived_from].path);
  }
  if (!creating && member.set_once) return fmt::format("Netvisor never changes `{}`", member.path);
  return {};
}

Result<void> add_employee(Calls& calls, const ir::Schema& schema, const std::vector<Change>& members,
                          WriteReport& report) {
  std::vector<WireWrite> writes = wire_writes(schema, members);
  std::erase_if(writes, [&](const WireWrite& write) {
    return !why_never(schema, members[write.change], true).empty() || members[write.change].clear;
  });
  const Result<std::string> body = write_body("employee", writes, members);
  if (!body) return std::unexpected(body.error());
  Result<void> added = post(calls, "employee add", "/employee.nv?method=add", *body, Repeat::unsafe);
  if (!added) return added;
  for (std::size_t i = 0; i < members.size(); ++i) {
    const std::string never = why_never(schema, members[i], true);
    if (never.empty())
      report.done({{i}});
    else
      report.refused({{i}}, never);
  }
  return {};
}

void write_employee(Calls& calls, const ir::Schema& schema, std::string_view id, const Snapshot& now,
                    const std::vector<Change>& changes, std::span<const std::size_t> indices, WriteReport& report) {
  const std::vector<Change> all = chosen(changes, indices);
  std::vector<std::size_t> alone, others;
  for (const std::size_t i : indices) (is_account_alone(schema, now, all, changes[i]) ? alone : others).push_back(i);
  // The edit first: it repeats values as they were, and the patch may change them.
  for (const std::vector<std::size_t>* part : {&alone, &others}) {
    if (part->empty()) continue;
    report.settle(*part, part == &alone ? edit(calls, schema, now, chosen(changes, alone))
                                        : patch(calls, schema, id, now, chosen(changes, others)));
  }
}

Result<void> write_period(Calls& calls, const ir::Schema& schema, std::string_view id,
                          std::span<const Change> changes) {
  const Result<std::string> body = write_body("", wire_writes(schema, changes), changes);
  if (!body) return std::unexpected(body.error());
  const std::string& element = changes.front().element;
  const bool adds = element.starts_with('+');
  const char* operation = adds ? "addjobperiod" : "editjobperiod";
  Result<void> written = post(calls, operation,
                              adds ? fmt::format("/addjobperiod.nv?employeeidentifier={}", percent_encoded(id))
                                   : fmt::format("/editjobperiod.nv?netvisorkey={}", percent_encoded(element)),
                              *body, adds ? Repeat::unsafe : Repeat::safe);
  if (!written && lacks_right(written.error()))
    written.error().what += fmt::format(" (allow the resource {}.nv for this API identifier in Netvisor)", operation);
  return written;
}

}  // namespace dovetail::providers::netvisor
