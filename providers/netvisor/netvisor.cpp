#include "providers/netvisor/netvisor.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <set>

#include "providers/netvisor/bodies.hpp"
#include "providers/toolkit/xml_tree.hpp"

namespace dovetail::providers::netvisor {
namespace {

constexpr const char* no_right = "SERVICE_ACCESS_ERROR";
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
  Result<std::unique_ptr<Calls>> calls =
      Calls::open(setup, system->dialect_, {.scope = "netvisor " + system->organisation_id_, .at_once = 1});
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
  for (ir::MemberId member = 0; member < schema_.members.size(); ++member) {
    if (schema_.members[member].unique) able.findable.push_back(member);
  }
  return able;
}

// Netvisor names neither the company nor the rights of a key: each resource is asked for something that cannot succeed.
Result<Identity> Netvisor::check() {
  struct Probe {
    const char* resource;
    const char* query;
    bool writes;
  };
  constexpr std::array<Probe, 6> probes = {{{"getemployees.nv", "?includeendedemployments=0", false},
                                            {"getemployee.nv", "?netvisorkey=0", false},
                                            {"employee.nv", "?method=edit", true},
                                            {"patchemployee.nv", "?identifiertype=netvisorkey&identifier=0", true},
                                            {"addjobperiod.nv", "?employeeidentifier=0", true},
                                            {"editjobperiod.nv", "?netvisorkey=0", true}}};
  Identity identity{.company_id = organisation_id_, .company_name = {}, .missing_privileges = {}};
  for (const Probe& probe : probes) {
    const Result<Response> answer = calls_->send({.operation = probe.resource,
                                                  .method = probe.writes ? "POST" : "GET",
                                                  .target = fmt::format("/{}{}", probe.resource, probe.query),
                                                  .body = probe.writes ? "<root></root>" : "",
                                                  .may_be_absent = true});
    if (answer || answer.error().kind == Error::Kind::data) continue;
    if (answer.error().what.find(no_right) == std::string::npos) return std::unexpected(answer.error());
    identity.missing_privileges.emplace_back(probe.resource);
  }
  return identity;
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

std::string Netvisor::why_never(const Change& change, bool creating) const {
  const ir::Member& member = schema_.members[change.member];
  if (member.derived_from != ir::no_member) {
    return fmt::format("Netvisor computes `{}` from `{}`", member.path, schema_.members[member.derived_from].path);
  }
  if (!creating && member.set_once) return fmt::format("Netvisor never changes `{}`", member.path);
  return {};
}

Result<void> Netvisor::post(const char* operation, std::string target, std::string body, Repeat repeat) {
  const Result<Response> answer = calls_->send({.operation = operation,
                                                .method = "POST",
                                                .target = std::move(target),
                                                .body = std::move(body),
                                                .repeat = repeat});
  if (!answer) return std::unexpected(answer.error());
  return {};
}

Result<Created> Netvisor::create(const std::vector<Change>& members, std::string_view) {
  WriteReport report(members.size());
  std::vector<WireWrite> writes = wire_writes(schema_, members);
  std::erase_if(writes, [&](const WireWrite& write) {
    return !why_never(members[write.change], true).empty() || members[write.change].clear;
  });
  const Result<std::string> body = write_body("employee", writes, members);
  if (!body) return std::unexpected(body.error());
  if (const Result<void> added = post("employee add", "/employee.nv?method=add", *body, Repeat::unsafe); !added)
    return std::unexpected(added.error());
  for (std::size_t i = 0; i < members.size(); ++i) {
    const std::string never = why_never(members[i], true);
    if (never.empty())
      report.done({{i}});
    else
      report.refused({{i}}, never);
  }
  return Created{.id = std::nullopt, .outcomes = std::move(report).outcomes()};
}

// A patch always carries the names, and a bank account never goes without its BIC: what the changes leave out is
// repeated as it was read last.
Result<std::vector<Change>> Netvisor::repeated(std::string_view id, const std::vector<Change>& changes) {
  std::set<ir::MemberId> wanted;
  for (ir::MemberId member = 0; member < schema_.members.size(); ++member) {
    const ir::Member& of = schema_.members[member];
    const bool named = of.required_on_create && of.not_nullable && !of.set_once && of.list == ir::no_member;
    if (named && write_path(schema_, member).front() == "employeebaseinformation") wanted.insert(member);
  }
  for (const Change& change : changes) {
    const ir::MemberId partner = schema_.members[change.member].written_with;
    if (partner != ir::no_member && !change.clear) wanted.insert(partner);
  }
  for (const Change& change : changes) wanted.erase(change.member);
  std::vector<Change> repeats;
  if (wanted.empty()) return repeats;
  Snapshot now(ir::Layout::whole(schema_));
  if (last_id_ == id && last_record_) {
    if (Result<void> decoded = codec_.decode(*last_record_, last_record_->record(0), now); !decoded)
      return std::unexpected(decoded.error());
  } else {
    const Result<bool> got = get(id, now);
    if (!got) return std::unexpected(got.error());
    if (!*got)
      return std::unexpected(Error{.kind = Error::Kind::data, .what = fmt::format("Netvisor has no employee {}", id)});
  }
  for (const ir::MemberId member : wanted) {
    const Observation seen = now.at(0, now.layout().slot(member));
    if (seen.state != State::value && seen.state != State::invalid) continue;
    repeats.push_back(
        {.member = member, .element = {}, .clear = false, .value = std::string(seen.text), .previous = {}});
  }
  return repeats;
}

Result<void> Netvisor::patch(std::string_view id, std::vector<Change> changes) {
  Result<std::vector<Change>> repeats = repeated(id, changes);
  if (!repeats) return std::unexpected(repeats.error());
  std::ranges::move(*repeats, std::back_inserter(changes));
  const Result<std::string> body = write_body("patchemployee", wire_writes(schema_, changes), changes);
  if (!body) return std::unexpected(body.error());
  return post("patchemployee",
              fmt::format("/patchemployee.nv?identifiertype=netvisorkey&identifier={}", percent_encoded(id)), *body,
              Repeat::safe);
}

// All changes are about one period. Never by an edit of the employee: what that does with periods is not known.
Result<void> Netvisor::write_period(std::string_view id, const std::vector<Change>& changes) {
  const Result<std::string> body = write_body("", wire_writes(schema_, changes), changes);
  if (!body) return std::unexpected(body.error());
  const std::string& element = changes.front().element;
  const bool adds = element.starts_with('+');
  const char* operation = adds ? "addjobperiod" : "editjobperiod";
  Result<void> written = post(operation,
                              adds ? fmt::format("/addjobperiod.nv?employeeidentifier={}", percent_encoded(id))
                                   : fmt::format("/editjobperiod.nv?netvisorkey={}", percent_encoded(element)),
                              *body, adds ? Repeat::unsafe : Repeat::safe);
  if (!written && written.error().what.find(no_right) != std::string::npos) {
    written.error().what += fmt::format(" (allow the resource {}.nv for this API identifier in Netvisor)", operation);
  }
  return written;
}

Result<std::vector<ChangeOutcome>> Netvisor::update(std::string_view id, const std::vector<Change>& changes) {
  WriteReport report(changes.size());
  std::map<std::string, std::vector<std::size_t>> parts;  // by element; "": the employee
  for (std::size_t i = 0; i < changes.size(); ++i) {
    const std::string never = why_never(changes[i], false);
    if (never.empty())
      parts[changes[i].element].push_back(i);
    else
      report.refused({{i}}, never);
  }
  for (const auto& [element, indices] : parts) {
    std::vector<Change> part;
    for (const std::size_t i : indices) part.push_back(changes[i]);
    const Result<void> written = element.empty() ? patch(id, std::move(part)) : write_period(id, part);
    if (written)
      report.done(indices);
    else
      report.failed(indices, written.error());
  }
  last_record_.reset();
  return std::move(report).finish();
}

}  // namespace dovetail::providers::netvisor
