#include "tests/conformance/smallpay/smallpay.hpp"

#include "providers/toolkit/json_answer.hpp"
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
  Result<std::unique_ptr<Transport>> transport = connect(setup);
  if (!transport) return std::unexpected(transport.error());
  return std::unique_ptr<System>(new SmallPay(setup, std::move(*transport), std::move(*key)));
}

SmallPay::SmallPay(const AdapterSetup& setup, std::unique_ptr<Transport> transport, std::string key)
    : schema_(setup.schema),
      transport_(std::move(transport)),
      dialect_(std::move(key)),
      client_(*transport_, dialect_, {}, setup.around),
      codec_(setup.schema, setup.context) {}

Result<Identity> SmallPay::check() {
  const Result<Response> answer = client_.send({.operation = "company", .target = "/company"});
  if (!answer) return std::unexpected(answer.error());
  const auto body = JsonAnswer::read("company", answer->body);
  if (!body) return std::unexpected(body.error());
  return Identity{.company_id = std::string(text_member((*body)->root(), "id")),
                  .company_name = std::string(text_member((*body)->root(), "name")),
                  .missing_privileges = {}};
}

Result<Completeness> SmallPay::list(Snapshot& into) {
  const Result<Response> answer = client_.send({.operation = "people", .target = "/people"});
  if (!answer) return std::unexpected(answer.error());
  const auto body = JsonAnswer::read("people", answer->body);
  if (!body) return std::unexpected(body.error());
  if ((*body)->root().kind != JsonNode::Kind::array) return std::unexpected(Error{.what = "people: not a list"});
  for (const JsonNode* person = (*body)->root().first; person != nullptr; person = person->next) {
    const Result<void> decoded = decode_json(codec_, "people", (*body)->raw(*person), into);
    if (!decoded) add_unread(schema_, text_member(*person, "id"), into);
  }
  into.set_completeness({.complete = true, .reason = {}});
  return into.completeness();
}

Result<bool> SmallPay::get(std::string_view id, Snapshot& into) {
  const Result<Response> answer =
      client_.send({.operation = "person", .target = "/people/" + percent_encoded(id), .may_be_absent = true});
  if (!answer) return std::unexpected(answer.error());
  if (answer->absent) return false;
  const auto body = JsonAnswer::read("person", answer->body);
  if (!body) return std::unexpected(body.error());
  if (text_member((*body)->root(), "id") != id) return std::unexpected(Error{.what = "person: somebody else's answer"});
  const Result<void> decoded = decode_json(codec_, "person", answer->body, into);
  if (!decoded) return std::unexpected(decoded.error());
  return true;
}

Result<Created> SmallPay::create(const std::vector<Change>& members, std::string_view) {
  const std::string body = json_object(wire_writes(schema_, members), JsonNothing::null);
  const Result<Response> answer = client_.send({.operation = "person add",
                                                .method = "POST",
                                                .target = "/people",
                                                .content_type = "application/json",
                                                .body = body,
                                                .repeat = Repeat::unsafe});
  if (!answer) return std::unexpected(answer.error());
  const auto made = JsonAnswer::read("person add", answer->body);
  if (!made) return std::unexpected(made.error());
  WriteReport report(members.size());
  for (std::size_t i = 0; i < members.size(); ++i) report.done({{i}});
  return Created{.id = std::string(text_member((*made)->root(), "id")), .outcomes = std::move(report).outcomes()};
}

Result<std::vector<ChangeOutcome>> SmallPay::update(std::string_view id, const std::vector<Change>& changes) {
  const std::string body = json_object(wire_writes(schema_, changes), JsonNothing::null);
  const Result<Response> answer = client_.send({.operation = "person change",
                                                .method = "PATCH",
                                                .target = "/people/" + percent_encoded(id),
                                                .content_type = "application/json",
                                                .body = body});
  if (!answer) return std::unexpected(answer.error());
  WriteReport report(changes.size());
  for (std::size_t i = 0; i < changes.size(); ++i) report.done({{i}});
  Snapshot answered(ir::Layout::whole(schema_));
  if (decode_json(codec_, "person change", answer->body, answered)) report_values(schema_, answered, changes, report);
  return std::move(report).finish();
}

}  // namespace dovetail::test
