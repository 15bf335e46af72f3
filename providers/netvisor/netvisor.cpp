#include "providers/netvisor/netvisor.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "providers/netvisor/employee_writes.hpp"
#include "providers/netvisor/rights.hpp"
#include "providers/toolkit/xml_tree.hpp"

namespace dovetail::providers::netvisor {
namespace {

constexpr int failures_in_a_row = 3;  // that end a listing: the rest would fail, too

WirePath name_path(std::string name) { return {{.name = std::move(name)}}; }

std::string text_at(const Tree& tree, Node node, const char* name) {
  const Result<Sight> sight = tree.look(node, name_path(name));
  return sight ? std::string(sight->text) : std::string{};
}

bool same_word(std::string_view a, std::string_view b) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
  return std::ranges::equal(a, b, {}, lower, lower);
}

}  // namespace

Result<std::unique_ptr<System>> Netvisor::open(const AdapterSetup& setup) {
  Keys keys;
  for (const auto& [name, into] :
       {std::pair{"user_id", &keys.customer_id}, std::pair{"key", &keys.customer_key},
        std::pair{"business_id", &keys.organisation_id}, std::pair{"partner_id", &keys.partner_id},
        std::pair{"partner_key", &keys.partner_key}}) {
    Result<std::string> value = credential(setup, name);
    if (!value) return std::unexpected(value.error());
    *into = std::move(*value);
  }
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
      codec_(setup.schema, setup.context) {}

Capabilities Netvisor::capabilities() const {
  Capabilities able;
  for (ir::MemberId member = 0; member < schema_.members.size(); ++member) {
    if (schema_.members[member].unique) able.findable.push_back(member);
  }
  return able;
}

// Netvisor names neither the company nor the rights of a key.
Result<Identity> Netvisor::check() {
  Result<std::vector<std::string>> closed = closed_resources(*calls_);
  if (!closed) return std::unexpected(closed.error());
  return Identity{.company_id = organisation_id_, .company_name = {}, .missing_privileges = std::move(*closed)};
}

Result<std::unique_ptr<Tree>> Netvisor::fetch(const Request& request) {
  std::unique_ptr<Tree> tree;
  const Result<Response> answer = calls_->send(request, [&](Response& response) -> Result<void> {
    Result<std::unique_ptr<Tree>> parsed = parse_xml(request.operation, std::move(response.body), "employee");
    if (!parsed) return std::unexpected(about_answer(parsed.error(), Error::Kind::transient));
    tree = std::move(*parsed);
    return {};
  });
  if (!answer) return std::unexpected(answer.error());
  return tree;
}

Result<std::unique_ptr<Tree>> Netvisor::everybody() {
  return fetch({.operation = "getemployees", .target = "/getemployees.nv?includeendedemployments=1"});
}

Result<Completeness> Netvisor::list(Snapshot& into) {
  const Result<std::unique_ptr<Tree>> people = everybody();
  if (!people) return std::unexpected(people.error());
  Completeness whole{.complete = true, .reason = {}};
  int failed = 0;
  std::set<std::string> seen;
  for (std::size_t i = 0; i < (*people)->size(); ++i) {
    const std::string id = text_at(**people, (*people)->record(i), "netvisorkey");
    if (!seen.insert(id).second) continue;
    const Result<bool> got = get(id, into);
    if (got) {
      failed = 0;
      continue;  // false: removed in between
    }
    if (got.error().kind == Error::Kind::auth) return std::unexpected(got.error());
    add_unread(schema_, id, into);
    if (++failed < failures_in_a_row) continue;
    whole = {
        .complete = false,
        .reason = fmt::format("{} of {} employees were read, then: {}", i + 1, (*people)->size(), got.error().what)};
    break;
  }
  into.set_completeness(whole);
  return whole;
}

Result<std::unique_ptr<Tree>> Netvisor::read(std::string_view id) {
  Result<std::unique_ptr<Tree>> tree =
      fetch({.operation = "getemployee",
             .target = fmt::format("/getemployee.nv?netvisorkey={}&employmentperiods=1&employeepayrollinformation=1",
                                   percent_encoded(id)),
             .may_be_absent = true});
  if (!tree || !*tree) return tree;
  // Some reads of nobody answer OK with an empty element. OK without any element says nothing.
  if ((*tree)->size() == 0)
    return std::unexpected(Error{.kind = Error::Kind::transient, .what = "getemployee: the answer holds no employee"});
  const Result<Sight> content = (*tree)->look((*tree)->record(0), {});
  if (content && content->kind == Sight::Kind::text &&
      content->text.find_first_not_of(" \t\r\n") == std::string_view::npos)
    return nullptr;
  return tree;
}

Result<bool> Netvisor::get(std::string_view id, Snapshot& into) {
  Result<std::unique_ptr<Tree>> tree = read(id);
  if (!tree) return std::unexpected(tree.error());
  if (!*tree) return false;
  const Result<std::string> answered = codec_.identity(**tree, (*tree)->record(0));
  if (!answered || *answered != id) {
    return std::unexpected(
        Error{.kind = Error::Kind::transient, .what = "getemployee: the answer is about somebody else"});
  }
  if (Result<void> decoded = codec_.decode(**tree, (*tree)->record(0), into); !decoded)
    return std::unexpected(decoded.error());
  last_id_ = id;
  last_record_ = std::move(*tree);
  return true;
}

// One list for any number of values; it shows identity codes and employee numbers.
Result<std::vector<std::optional<std::string>>> Netvisor::find(ir::MemberId member,
                                                               const std::vector<std::string>& values) {
  const std::string name = write_path(schema_, member).back();
  if (!schema_.members[member].unique) return System::find(member, values);
  const Result<std::unique_ptr<Tree>> people = everybody();
  if (!people) return std::unexpected(people.error());
  std::vector<std::optional<std::string>> ids(values.size());
  for (std::size_t i = 0; i < (*people)->size(); ++i) {
    const Node person = (*people)->record(i);
    const std::string shown = text_at(**people, person, name == "employeeidentifier" ? "personalid" : name.c_str());
    for (std::size_t wanted = 0; wanted < values.size(); ++wanted) {
      if (!shown.empty() && same_word(shown, values[wanted])) ids[wanted] = text_at(**people, person, "netvisorkey");
    }
  }
  return ids;
}

Result<Snapshot> Netvisor::record(std::string_view id) {
  Snapshot now(ir::Layout::whole(schema_));
  if (last_id_ == id && last_record_) {
    if (Result<void> decoded = codec_.decode(*last_record_, last_record_->record(0), now); !decoded)
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
    std::vector<Change> part;
    for (const std::size_t i : indices) part.push_back(changes[i]);
    const Result<void> written = write_period(*calls_, schema_, id, part);
    if (written)
      report.done(indices);
    else
      report.failed(indices, written.error());
  }
  last_record_.reset();
  return std::move(report).finish();
}

}  // namespace dovetail::providers::netvisor
