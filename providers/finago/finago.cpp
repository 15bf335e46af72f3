#include "providers/finago/finago.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "providers/finago/employee_bodies.hpp"
#include "providers/finago/employments.hpp"
#include "providers/finago/end_reasons.hpp"
#include "providers/finago/token.hpp"

namespace dovetail::providers::finago {
namespace {

constexpr unsigned calls_at_once = 4;  // Finago documents no limit, and is slow; a person takes one call
constexpr int numbers_tried = 5;       // where others take the next employee number first

long number_of(std::string_view text) {
  long number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

std::string employee_path(std::string_view id) { return fmt::format("/employee/v2/{}", percent_encoded(id)); }

Request post(const char* operation, std::string target, std::string body, Repeat repeat) {
  return {.operation = operation,
          .method = "POST",
          .target = std::move(target),
          .content_type = "application/json",
          .body = std::move(body),
          .repeat = repeat};
}

// Answers about one employee are the object, or an array with it.
const JsonNode* only_item(const JsonNode& root) { return root.kind == JsonNode::Kind::array ? root.first : &root; }

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
      employments_(find_list(setup.schema, "employments")) {}

Capabilities Finago::capabilities() const {
  Capabilities able{.findable = {}, .finds_references = false, .answers_values = true};
  for (ir::MemberId member = 0; member < schema_.members.size(); ++member) {
    if (schema_.members[member].unique) able.findable.push_back(member);
  }
  return able;
}

Result<std::unique_ptr<JsonAnswer>> Finago::everybody() {
  return calls_->json({.operation = "employees", .target = "/employee/v2"}, {.kind = Expected::Kind::list});
}

Result<std::vector<std::optional<std::string>>> Finago::find(ir::MemberId member,
                                                             const std::vector<std::string>& values) {
  if (!std::ranges::count(capabilities().findable, member)) return System::find(member, values);
  const auto people = everybody();
  if (!people) return std::unexpected(people.error());
  const std::string name = write_path(schema_, member).front(), id = write_path(schema_, schema_.identity).front();
  std::vector<std::optional<std::string>> ids(values.size());
  for (const JsonNode* person = (*people)->root().first; person != nullptr; person = person->next) {
    for (std::size_t i = 0; i < values.size(); ++i) {
      const bool same = same_key(*schema_.members[member].type, text_member(*person, name), values[i]);
      if (same) ids[i] = std::string(text_member(*person, id));
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
  const auto all = everybody();
  if (!all) return std::unexpected(all.error());
  std::vector<std::string> people, ids;
  long highest = 0;
  for (const JsonNode* person = (*all)->root().first; person != nullptr; person = person->next) {
    people.emplace_back((*all)->raw(*person));
    ids.emplace_back(text_member(*person, "empId"));
    highest = std::max(highest, number_of(ids.back()));
  }
  const auto fetch = [&](std::size_t i) -> Result<Document> {
    if (!asks_for_list(into.layout(), employments_)) return people[i];
    const auto all_of_one = read_employments(*calls_, ids[i]);
    if (!all_of_one) return std::unexpected(all_of_one.error());
    return with_employments(people[i], **all_of_one);
  };
  const auto take = [&](std::size_t i, const Result<Document>& got) {
    if (!got || !decode_json(codec_, "employees", **got, into)) add_unread(schema_, ids[i], into);
  };
  const Result<Completeness> whole = read_each(people.size(), calls_->at_once(), fetch, take);
  if (!whole) return whole;
  if (whole->complete) highest_number_ = highest;
  into.set_completeness(*whole);
  return whole;
}

// An empty array is "there is none". What a refusal means here is not documented: the list of all decides.
Result<std::string> Finago::employee(std::string_view id) {
  const auto one = calls_->json({.operation = "employee", .target = employee_path(id)}, {.kind = Expected::Kind::list});
  if (!one && one.error().kind != Error::Kind::data) return std::unexpected(one.error());
  if (!one) {
    const auto all = everybody();
    if (!all) return std::unexpected(all.error());
    for (const JsonNode* person = (*all)->root().first; person != nullptr; person = person->next) {
      if (text_member(*person, "empId") == id) return std::unexpected(one.error());
    }
    return std::string{};
  }
  const JsonNode* first = (*one)->root().first;
  if (first == nullptr) return std::string{};
  if (first->next != nullptr || text_member(*first, "empId") != id)
    return std::unexpected(Error{.kind = Error::Kind::transient, .what = "employee: the answer is about others"});
  return std::string((*one)->raw(*first));
}

Result<bool> Finago::get(std::string_view id, Snapshot& into) {
  const Result<std::string> alone = employee(id);
  if (!alone) return std::unexpected(alone.error());
  if (alone->empty()) return false;
  std::string text = *alone;
  std::unique_ptr<JsonAnswer> employments;
  if (asks_for_list(into.layout(), employments_)) {
    auto read = read_employments(*calls_, id);
    if (!read) return std::unexpected(read.error());
    employments = std::move(*read);
    text = with_employments(text, *employments);
  }
  if (Result<void> decoded = decode_json(codec_, "employee", text, into); !decoded)
    return std::unexpected(decoded.error());
  last_id_ = id;
  last_employee_ = *alone;
  last_employments_ = std::move(employments);
  return true;
}

// Updates are said to keep what they leave out. Where one lost something else, it is sent again with everything that
// there was, and so is every later one.
Result<std::unique_ptr<JsonAnswer>> Finago::send_change(std::string_view id, const std::vector<WireWrite>& writes,
                                                        const JsonNode& before) {
  for (bool first = true;; first = false) {
    auto answer = calls_->json(
        post("employee change", employee_path(id),
             json_object(sends_whole_ ? with_the_rest(writes, before) : writes, JsonNothing::empty_text, true),
             Repeat::safe),
        {.kind = Expected::Kind::either});
    if (!answer) return answer;
    const JsonNode* item = only_item((*answer)->root());
    if (item == nullptr || text_member(*item, "empId") != id)
      return std::unexpected(
          Error{.kind = Error::Kind::in_doubt, .what = "employee change: the answer is not about this employee"});
    if (sends_whole_ || !first || !lost_others(writes, before, *item)) return answer;
    sends_whole_ = true;
  }
}

Result<void> Finago::write_employee(std::string_view id, std::span<const std::size_t> indices,
                                    const std::vector<Change>& changes, WriteReport& report) {
  std::vector<Change> part;
  for (const std::size_t i : indices) part.push_back(changes[i]);
  std::vector<WireWrite> writes = wire_writes(schema_, part);
  Result<std::string> text = last_id_ == id ? last_employee_ : employee(id);
  if (!text) return std::unexpected(text.error());
  const auto before = JsonAnswer::read("employee", text->empty() ? "{}" : std::move(*text));
  if (!before) return std::unexpected(before.error());
  if (Result<void> whole = complete_objects(writes, &(*before)->root()); !whole) return whole;
  const auto answer = send_change(id, writes, (*before)->root());
  if (!answer) return std::unexpected(answer.error());
  report.done(indices);
  Snapshot answered(ir::Layout::whole(schema_));
  if (decode_json(codec_, "employee change", (*answer)->raw(*only_item((*answer)->root())), answered))
    report_values(schema_, answered, changes, report);
  return {};
}

void Finago::write_periods(std::string_view id, std::span<const std::size_t> indices,
                           const std::vector<Change>& changes, WriteReport& report) {
  if (indices.empty()) return;
  std::vector<Change> part;
  for (const std::size_t i : indices) part.push_back(changes[i]);
  const Result<bool> swedish = is_swedish();
  const JsonAnswer* before = last_id_ == id ? last_employments_.get() : nullptr;
  const Result<void> written = swedish ? write_employments(*calls_, schema_, employments_, id, part, *swedish, before)
                                       : Result<void>(std::unexpected(swedish.error()));
  if (written)
    report.done(indices);
  else
    report.failed(indices, written.error());
}

Result<std::vector<ChangeOutcome>> Finago::update(std::string_view id, const std::vector<Change>& changes) {
  WriteReport report(changes.size());
  std::vector<std::size_t> own, periods;
  for (std::size_t i = 0; i < changes.size(); ++i) (changes[i].element.empty() ? own : periods).push_back(i);
  if (!own.empty()) {
    if (const Result<void> written = write_employee(id, own, changes, report); !written)
      report.failed(own, written.error());
  }
  write_periods(id, periods, changes, report);
  last_id_.clear();
  last_employments_.reset();
  return std::move(report).finish();
}

Result<long> Finago::next_number() {
  if (!highest_number_) {
    const auto all = everybody();
    if (!all) return std::unexpected(all.error());
    long highest = 0;
    for (const JsonNode* person = (*all)->root().first; person != nullptr; person = person->next)
      highest = std::max(highest, number_of(text_member(*person, "empId")));
    highest_number_ = highest;
  }
  return ++*highest_number_;
}

Result<bool> Finago::is_there(const std::string& id, const std::string& email) {
  const Result<std::string> there = employee(id);
  if (!there) return std::unexpected(there.error());
  const auto parsed = JsonAnswer::read("employee", there->empty() ? "{}" : *there);
  return parsed && !email.empty() && text_member((*parsed)->root(), "email") == email;
}

// The employee number is chosen here: where the answer is lost, asking for that number tells whether it got through.
Result<std::string> Finago::add_employee(std::vector<WireWrite> writes) {
  const std::vector<std::string> id_path = write_path(schema_, schema_.identity);
  const auto own = std::ranges::find(writes, id_path, &WireWrite::path);
  const std::string chosen = own == writes.end() ? "" : own->value.text;
  if (own != writes.end()) writes.erase(own);
  std::erase_if(writes, [](const WireWrite& write) { return write.value.kind == Scalar::Kind::none; });
  const auto mail = std::ranges::find(writes, std::vector<std::string>{"email"}, &WireWrite::path);
  const std::string email = mail == writes.end() ? "" : mail->value.text;
  writes.insert(writes.begin(), {.path = id_path, .value = {.kind = Scalar::Kind::text, .text = chosen}});
  Error refused;
  for (int attempt = 0; attempt < (chosen.empty() ? numbers_tried : 1); ++attempt) {
    if (chosen.empty()) {
      const Result<long> number = next_number();
      if (!number) return std::unexpected(number.error());
      writes.front().value.text = std::to_string(*number);
    }
    const std::string id = writes.front().value.text;
    const auto answer = calls_->json(
        post("employee add", "/employee/v2", json_object(writes, JsonNothing::empty_text, true), Repeat::unsafe),
        {.kind = Expected::Kind::either});
    if (answer) return id;
    refused = answer.error();
    const bool taken = refused.what.find("HTTP status 409") != std::string::npos;
    if (refused.kind != Error::Kind::in_doubt && !taken) break;
    if (const Result<bool> there = is_there(id, email); there && *there) return id;
    if (!taken) break;
  }
  return std::unexpected(refused);
}

Result<Created> Finago::create(const std::vector<Change>& members, std::string_view) {
  WriteReport report(members.size());
  std::vector<std::size_t> own, periods;
  std::vector<Change> part;
  for (std::size_t i = 0; i < members.size(); ++i) (members[i].element.empty() ? own : periods).push_back(i);
  for (const std::size_t i : own) part.push_back(members[i]);
  std::vector<WireWrite> writes = wire_writes(schema_, part);
  if (Result<void> whole = complete_objects(writes, nullptr); !whole) return std::unexpected(whole.error());
  const Result<std::string> id = add_employee(std::move(writes));
  if (!id) return std::unexpected(id.error());
  report.done(own);
  write_periods(*id, periods, members, report);
  return Created{.id = *id, .outcomes = std::move(report).outcomes()};
}

}  // namespace dovetail::providers::finago
