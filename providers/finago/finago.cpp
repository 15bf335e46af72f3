#include "providers/finago/finago.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "providers/finago/employee_bodies.hpp"
#include "providers/finago/employees.hpp"
#include "providers/finago/employments.hpp"
#include "providers/finago/end_reasons.hpp"
#include "providers/finago/token.hpp"
#include "providers/toolkit/shared_elements.hpp"

namespace dovetail::providers::finago {
namespace {

constexpr unsigned calls_at_once = 4;  // Finago documents no limit, and is slow; a person takes one call

bool is_own(const Change& change) { return change.element.empty(); }  // the others are to employments

}  // namespace

Result<std::unique_ptr<System>> Finago::open(const AdapterSetup& setup) {
  Result<std::string> key = credential(setup, "api_key");
  if (!key) return std::unexpected(key.error());
  std::unique_ptr<Finago> system(new Finago(setup, std::move(*key)));
  AdapterSetup roomy = setup;
  roomy.endpoint.largest_answer = std::max(setup.endpoint.largest_answer, largest_list_of_all);
  Result<std::unique_ptr<Calls>> calls = Calls::open(roomy, system->dialect_, {}, calls_at_once);
  if (!calls) return std::unexpected(calls.error());
  system->calls_ = std::move(*calls);
  return system;
}

Finago::Finago(const AdapterSetup& setup, std::string api_key)
    : schema_(setup.schema),
      tokens_(
          [key = std::move(api_key), around = setup.around](Transport& over) { return exchange(key, over, around); },
          setup.around.clock),
      dialect_(tokens_, {}),
      codec_(setup.schema, setup.context),
      employees_(setup.schema),
      employments_(find_list(setup.schema, "employments")) {}

Capabilities Finago::capabilities() const { return {.findable = unique_members(schema_), .finds_references = false}; }

Result<std::vector<std::optional<std::string>>> Finago::find(ir::MemberId member,
                                                             const std::vector<std::string>& values) {
  if (!std::ranges::count(capabilities().findable, member)) return System::find(member, values);
  const auto people = employees_.all(*calls_);
  if (!people) return std::unexpected(people.error());
  const std::string name = write_path(schema_, member).front(), id = write_path(schema_, schema_.identity).front();
  std::vector<std::optional<std::string>> ids(values.size());
  for (const JsonNode& person : Rows((*people)->root())) {
    for (std::size_t i = 0; i < values.size(); ++i) {
      const bool same = same_key(*schema_.members[member].type, text_member(person, name), values[i]);
      if (same) ids[i] = std::string(text_member(person, id));
    }
  }
  return ids;
}

Result<Identity> Finago::check() {
  const auto answer =
      calls_->json({.operation = "organization", .target = "/organization/v2"}, {.kind = Expected::Kind::either});
  if (!answer) return std::unexpected(answer.error());
  const JsonNode* company = only_item((*answer)->root());
  if (company == nullptr || text_member(*company, "orgno").empty())
    return std::unexpected(Error{.kind = Error::Kind::transient, .what = "organization: the answer names no company"});
  swedish_ = text_member(*company, "country_code") == "SE";
  return Identity{.company_id = std::string(text_member(*company, "orgno")),
                  .company_name = std::string(text_member(*company, "name")),
                  .missing_privileges = {}};
}

Result<bool> Finago::is_swedish() {
  if (swedish_) return *swedish_;
  const Result<Identity> asked = check();
  if (!asked) return std::unexpected(asked.error());
  return *swedish_;
}

std::string Finago::with_employments(std::string_view employee, const JsonAnswer& employments) const {
  return with_member(employee, "employments",
                     with_schema_words(schema_, std::string(employments.raw(employments.root()))));
}

Result<Completeness> Finago::list(Snapshot& into) {
  const auto all = employees_.all(*calls_);
  if (!all) return std::unexpected(all.error());
  std::vector<std::string> people, ids;
  for (const JsonNode& person : Rows((*all)->root())) {
    people.emplace_back((*all)->raw(person));
    ids.emplace_back(text_member(person, "empId"));
  }
  const bool asks = asks_for_list(into.layout(), employments_);
  const auto fetch = [&](std::size_t i) -> Result<Document> {
    if (!asks) return people[i];
    const auto all_of_one = read_employments(*calls_, ids[i]);
    if (!all_of_one) return std::unexpected(all_of_one.error());
    return with_employments(people[i], **all_of_one);
  };
  const auto decode = [&](const std::string& text, std::vector<std::string>& unread) {
    return decode_json(codec_, "employees", text, into, &unread);
  };
  Result<Completeness> whole = read_records(schema_, ids, calls_->at_once(), fetch, decode, into);
  if (!whole) return whole;
  empty_lists_ = empty_lists_of(schema_, employments_, into);
  withhold_shared_elements(schema_, into, whole->notes);
  into.set_completeness(*whole);
  return whole;
}

Result<bool> Finago::get(std::string_view id, Snapshot& into) {
  const Result<std::string> alone = employees_.one(*calls_, id);
  if (!alone) return std::unexpected(alone.error());
  if (alone->empty()) return false;
  LastEmployee read{.text = *alone, .employments = nullptr};
  std::string text = *alone;
  if (asks_for_list(into.layout(), employments_)) {
    auto employments = read_employments(*calls_, id);
    if (!employments) return std::unexpected(employments.error());
    text = with_employments(text, **employments);
    read.employments = std::move(*employments);
  }
  if (Result<void> decoded = decode_json(codec_, "employee", text, into); !decoded)
    return std::unexpected(decoded.error());
  last_.keep(id, std::move(read));
  return true;
}

Result<void> Finago::write_employee(std::string_view id, std::span<const std::size_t> indices,
                                    const std::vector<Change>& changes, WriteReport& report) {
  std::vector<WireWrite> writes = wire_writes(schema_, chosen(changes, indices));
  const LastEmployee* last = last_.find(id);
  const Result<std::string> text = last != nullptr ? last->text : employees_.one(*calls_, id);
  if (!text) return std::unexpected(text.error());
  const auto before = JsonAnswer::read("employee", text->empty() ? "{}" : *text);
  if (!before) return std::unexpected(before.error());
  if (Result<void> whole = complete_objects(writes, &(*before)->root()); !whole) return whole;
  const auto answer = employees_.change(*calls_, id, writes, (*before)->root());
  if (!answer) return std::unexpected(answer.error());
  report.done(indices);
  report_answer(codec_, schema_, "employee change", (*answer)->raw(*only_item((*answer)->root())), changes, report);
  return {};
}

void Finago::write_periods(std::string_view id, std::span<const std::size_t> indices,
                           const std::vector<Change>& changes, WriteReport& report) {
  if (indices.empty()) return;
  const Result<bool> swedish = is_swedish();
  if (!swedish) return report.failed(indices, swedish.error());
  const LastEmployee* last = last_.find(id);
  report.settle(indices, write_employments(*calls_, schema_, employments_, id, chosen(changes, indices), *swedish,
                                           last != nullptr ? last->employments.get() : nullptr));
}

Result<std::vector<ChangeOutcome>> Finago::update(std::string_view id, const std::vector<Change>& changes) {
  WriteReport report(changes.size());
  const TwoParts parts = two_parts(changes, is_own);
  if (!parts.first.empty()) {
    if (const Result<void> written = write_employee(id, parts.first, changes, report); !written)
      report.failed(parts.first, written.error());
  }
  write_periods(id, parts.others, changes, report);
  last_.forget();
  return std::move(report).finish();
}

Result<Created> Finago::create(const std::vector<Change>& members, std::string_view) {
  WriteReport report(members.size());
  const TwoParts parts = two_parts(members, is_own);
  std::vector<WireWrite> writes = wire_writes(schema_, chosen(members, parts.first));
  if (Result<void> whole = complete_objects(writes, nullptr); !whole) return std::unexpected(whole.error());
  const Result<std::string> id = employees_.add(*calls_, std::move(writes));
  if (!id) return std::unexpected(id.error());
  report.done(parts.first);
  write_periods(*id, parts.others, members, report);
  return Created{.id = *id, .outcomes = std::move(report).outcomes()};
}

}  // namespace dovetail::providers::finago
