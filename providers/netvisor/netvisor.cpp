#include "providers/netvisor/netvisor.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "providers/netvisor/employee_reads.hpp"
#include "providers/netvisor/employee_writes.hpp"
#include "providers/netvisor/rights.hpp"
#include "providers/toolkit/shared_elements.hpp"

namespace dovetail::providers::netvisor {
namespace {

constexpr int failures_in_a_row = 3;  // that end a listing: the rest would fail, too

}  // namespace

Result<std::unique_ptr<System>> Netvisor::open(const AdapterSetup& setup) {
  auto given = credentials_of(setup, {"user_id", "key", "partner_id", "partner_key", "business_id"});
  if (!given) return std::unexpected(given.error());
  const auto at = [&given](std::size_t i) { return std::move(given->at(i)); };
  Keys keys{
      .customer_id = at(0), .customer_key = at(1), .partner_id = at(2), .partner_key = at(3), .organisation_id = at(4)};
  std::unique_ptr<Netvisor> system(new Netvisor(setup, std::move(keys)));
  // One request at a time per company: Netvisor answers overlapping ones with errors.
  AdapterSetup roomy = setup;
  roomy.endpoint.largest_answer = std::max(setup.endpoint.largest_answer, largest_list_of_all);
  Result<std::unique_ptr<Calls>> calls =
      Calls::open(roomy, system->dialect_, {.scope = "netvisor " + system->organisation_id_, .at_once = 1});
  if (!calls) return std::unexpected(calls.error());
  system->calls_ = std::move(*calls);
  return system;
}

Netvisor::Netvisor(const AdapterSetup& setup, Keys keys)
    : schema_(setup.schema),
      organisation_id_(keys.organisation_id),
      dialect_(std::move(keys), setup.around.clock),
      codec_(setup.schema, setup.context),
      periods_(find_list(setup.schema, "employmentperiods")) {}

Capabilities Netvisor::capabilities() const {
  Capabilities able;
  able.findable = unique_members(schema_);
  return able;
}

// Netvisor names neither the company nor the rights of a key.
Result<Identity> Netvisor::check() {
  Result<std::vector<std::string>> closed = closed_resources(*calls_);
  if (!closed) return std::unexpected(closed.error());
  return Identity{.company_id = organisation_id_, .company_name = {}, .missing_privileges = std::move(*closed)};
}

Result<Completeness> Netvisor::list(Snapshot& into) {
  const Result<std::unique_ptr<Tree>> people = read_everybody(*calls_);
  if (!people) return std::unexpected(people.error());
  Completeness whole{.complete = true, .reason = {}};
  int failed = 0;
  std::set<std::string> seen;
  for (std::size_t i = 0; i < (*people)->size(); ++i) {
    const std::string id = text_at(**people, (*people)->record(i), "netvisorkey");
    if (!seen.insert(id).second) continue;
    std::vector<std::string> unread;
    const Result<bool> got = read(id, into, unread);
    if (got) {
      failed = 0;
      add_unread_lists(id, unread, whole.notes);
      if (!*got) add_unread(schema_, id, listed_but_not_found(), into, whole.notes);
      continue;
    }
    if (got.error().kind == Error::Kind::auth) return std::unexpected(got.error());
    add_unread(schema_, id, got.error(), into, whole.notes);
    if (++failed < failures_in_a_row) continue;
    whole.complete = false;
    whole.reason = fmt::format("{} of {} employees were read, then: {}", i + 1, (*people)->size(), got.error().what);
    break;
  }
  empty_lists_ = empty_lists_of(schema_, periods_, into);
  withhold_shared_elements(schema_, into, whole.notes);
  into.set_completeness(whole);
  return whole;
}

Result<bool> Netvisor::get(std::string_view id, Snapshot& into) {
  std::vector<std::string> unread;
  return read(id, into, unread);
}

Result<bool> Netvisor::read(std::string_view id, Snapshot& into, std::vector<std::string>& unread) {
  Result<std::unique_ptr<Tree>> tree = read_employee(*calls_, id);
  if (!tree) return std::unexpected(tree.error());
  if (!*tree) return false;
  const Result<std::string> answered = codec_.identity(**tree, (*tree)->record(0));
  if (!answered || *answered != id) {
    return std::unexpected(
        Error{.kind = Error::Kind::transient, .what = "getemployee: the answer is about somebody else"});
  }
  if (Result<void> decoded = codec_.decode(**tree, (*tree)->record(0), into, &unread); !decoded)
    return std::unexpected(decoded.error());
  last_.keep(id, std::move(*tree));
  return true;
}

// One list for any number of values; it shows identity codes and employee numbers.
Result<std::vector<std::optional<std::string>>> Netvisor::find(ir::MemberId member,
                                                               const std::vector<std::string>& values) {
  const std::string name = write_path(schema_, member).back();
  if (!schema_.members[member].unique) return System::find(member, values);
  const Result<std::unique_ptr<Tree>> people = read_everybody(*calls_);
  if (!people) return std::unexpected(people.error());
  return keys_by(**people, name == "employeeidentifier" ? "personalid" : name.c_str(), values);
}

Result<Snapshot> Netvisor::record(std::string_view id) {
  Snapshot now(ir::Layout::whole(schema_));
  if (const auto* last = last_.find(id)) {
    std::vector<std::string> unread;
    if (Result<void> decoded = codec_.decode(**last, (*last)->record(0), now, &unread); !decoded)
      return std::unexpected(decoded.error());
    return now;
  }
  const Result<bool> got = get(id, now);
  if (!got) return std::unexpected(got.error());
  if (!*got)
    return std::unexpected(Error{.kind = Error::Kind::data, .what = fmt::format("Netvisor has no employee {}", id)});
  return now;
}

Result<Created> Netvisor::create(const std::vector<Change>& members, std::string_view) {
  WriteReport report(members.size());
  if (const Result<void> added = add_employee(*calls_, schema_, members, report); !added)
    return std::unexpected(added.error());
  return Created{.id = std::nullopt, .outcomes = std::move(report).outcomes()};
}

Result<std::vector<ChangeOutcome>> Netvisor::update(std::string_view id, const std::vector<Change>& changes) {
  WriteReport report(changes.size());
  std::map<std::string, std::vector<std::size_t>> parts;  // by element; "": the employee
  for (std::size_t i = 0; i < changes.size(); ++i) {
    const std::string never = why_never(schema_, changes[i], false);
    if (never.empty())
      parts[changes[i].element].push_back(i);
    else
      report.refused({{i}}, never);
  }
  for (const auto& [element, indices] : parts) {
    if (element.empty()) {
      const Result<Snapshot> now = record(id);
      if (now)
        write_employee(*calls_, schema_, id, *now, changes, indices, report);
      else
        report.failed(indices, now.error());
      continue;
    }
    report.settle(indices, write_period(*calls_, schema_, id, chosen(changes, indices)));
  }
  last_.forget();
  return std::move(report).finish();
}

}  // namespace dovetail::providers::netvisor
