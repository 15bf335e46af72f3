#include "tests/conformance/smallpay/smallpay.hpp"

#include "providers/toolkit/wire_writes.hpp"
#include "providers/toolkit/write_report.hpp"

namespace dovetail::test {

using namespace dovetail::providers;

Result<void> SmallPayDialect::sign(Request& attempt, Transport&) {
  attempt.headers.push_back({"X-Key", key_});
  return {};
}

std::optional<Refusal> SmallPayDialect::judge(Response& response) const {
  response.absent = response.status == 404 && response.body == R"({"error":"unknown person"})";
  if (response.absent) return std::nullopt;
  return Dialect::judge(response);
}

Result<std::unique_ptr<System>> SmallPay::open(const AdapterSetup& setup) {
  Result<std::string> key = credential(setup, "key");
  if (!key) return std::unexpected(key.error());
  std::unique_ptr<SmallPay> system(new SmallPay(setup, std::move(*key)));
  Result<std::unique_ptr<Calls>> calls = Calls::open(setup, system->dialect_, {});
  if (!calls) return std::unexpected(calls.error());
  system->calls_ = std::move(*calls);
  return system;
}

SmallPay::SmallPay(const AdapterSetup& setup, std::string key)
    : schema_(setup.schema), dialect_(std::move(key)), codec_(setup.schema, setup.context) {}

Result<Identity> SmallPay::check() {
  const auto company = calls_->json({.operation = "company", .target = "/company"}, {.member = "id"});
  if (!company) return std::unexpected(company.error());
  return Identity{.company_id = std::string(text_member((*company)->root(), "id")),
                  .company_name = std::string(text_member((*company)->root(), "name")),
                  .missing_privileges = {}};
}

Result<Completeness> SmallPay::list(Snapshot& into) {
  const auto people = calls_->json({.operation = "people", .target = "/people"}, {.kind = Expected::Kind::list});
  if (!people) return std::unexpected(people.error());
  Completeness whole{.complete = true, .reason = {}};
  for (const JsonNode& person : providers::Rows((*people)->root())) {
    const Result<void> decoded = decode_json(codec_, "people", (*people)->raw(person), into);
    if (!decoded) add_unread(schema_, text_member(person, "id"), decoded.error(), into, whole.notes);
  }
  into.set_completeness(whole);
  return whole;
}

Result<bool> SmallPay::get(std::string_view id, Snapshot& into) {
  const auto person =
      calls_->json({.operation = "person", .target = "/people/" + percent_encoded(id), .may_be_absent = true},
                   {.member = "id", .text = std::string(id)});
  if (!person) return std::unexpected(person.error());
  if (*person == nullptr) return false;
  const Result<void> decoded = decode_json(codec_, "person", (*person)->raw((*person)->root()), into);
  if (!decoded) return std::unexpected(decoded.error());
  return true;
}

Result<Created> SmallPay::create(const std::vector<Change>& members, std::string_view) {
  const std::string body = json_object(wire_writes(schema_, members), JsonNothing::null);
  const auto made = calls_->json(json_request("person add", "POST", "/people", body, Repeat::unsafe), {.member = "id"});
  if (!made) return std::unexpected(made.error());
  WriteReport report(members.size());
  for (std::size_t i = 0; i < members.size(); ++i) report.done({{i}});
  return Created{.id = std::string(text_member((*made)->root(), "id")), .outcomes = std::move(report).outcomes()};
}

Result<std::vector<ChangeOutcome>> SmallPay::update(std::string_view id, const std::vector<Change>& changes) {
  const std::string body = json_object(wire_writes(schema_, changes), JsonNothing::null);
  const auto changed = calls_->json(json_request("person change", "PATCH", "/people/" + percent_encoded(id), body),
                                    {.member = "id", .text = std::string(id)});
  if (!changed) return std::unexpected(changed.error());
  WriteReport report(changes.size());
  for (std::size_t i = 0; i < changes.size(); ++i) report.done({{i}});
  report_answer(codec_, schema_, "person change", (*changed)->raw((*changed)->root()), changes, report);
  return std::move(report).finish();
}

}  // namespace dovetail::test
