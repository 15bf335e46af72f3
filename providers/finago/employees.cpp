#include "providers/finago/employees.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "providers/finago/employee_bodies.hpp"

namespace dovetail::providers::finago {
namespace {

constexpr int numbers_tried = 5;  // where others take the next employee number first

long number_of(std::string_view text) {
  long number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

std::string employee_path(std::string_view id) { return fmt::format("/employee/v2/{}", percent_encoded(id)); }

std::unexpected<Error> fail(Error::Kind kind, std::string what) {
  return std::unexpected(Error{.kind = kind, .what = std::move(what)});
}

// What the writes say at that path; "" where they say nothing.
std::string text_in(const std::vector<WireWrite>& writes, const std::vector<std::string>& path) {
  const auto found = std::ranges::find(writes, path, &WireWrite::path);
  return found == writes.end() ? "" : found->value.text;
}

}  // namespace

const JsonNode* only_item(const JsonNode& root) { return root.kind == JsonNode::Kind::array ? root.first : &root; }

Result<std::unique_ptr<JsonAnswer>> Employees::all(Calls& calls) {
  auto people = calls.json({.operation = "employees", .target = "/employee/v2"}, {.kind = Expected::Kind::list});
  if (!people) return people;
  long highest = 0;
  for (const JsonNode& person : Rows((*people)->root()))
    highest = std::max(highest, number_of(text_member(person, "empId")));
  highest_number_ = std::max(highest, highest_number_.value_or(0));
  return people;
}

// An empty array is "there is none". What a refusal means here is not documented: the list of all decides.
Result<std::string> Employees::one(Calls& calls, std::string_view id) {
  const auto one = calls.json({.operation = "employee", .target = employee_path(id)}, {.kind = Expected::Kind::list});
  if (!one && one.error().kind != Error::Kind::data) return std::unexpected(one.error());
  if (!one) {
    const auto people = all(calls);
    if (!people) return std::unexpected(people.error());
    for (const JsonNode& person : Rows((*people)->root())) {
      if (text_member(person, "empId") == id) return std::unexpected(one.error());
    }
    return std::string{};
  }
  const JsonNode* first = (*one)->root().first;
  if (first == nullptr) return std::string{};
  if (first->next != nullptr || text_member(*first, "empId") != id)
    return fail(Error::Kind::transient, "employee: the answer is about others");
  return std::string((*one)->raw(*first));
}

Result<std::unique_ptr<JsonAnswer>> Employees::change(Calls& calls, std::string_view id,
                                                      const std::vector<WireWrite>& writes, const JsonNode& before) {
  for (bool first = true;; first = false) {
    const std::vector<WireWrite> sent = sends_whole_ ? with_the_rest(writes, before) : writes;
    auto answer = calls.json(
        json_request("employee change", "POST", employee_path(id), json_object(sent, JsonNothing::empty_text, true)),
        {.kind = Expected::Kind::either});
    if (!answer) return answer;
    const JsonNode* item = only_item((*answer)->root());
    if (item == nullptr || text_member(*item, "empId") != id)
      return fail(Error::Kind::in_doubt, "employee change: the answer is not about this employee");
    if (sends_whole_ || !first || !lost_others(writes, before, *item)) return answer;
    sends_whole_ = true;
  }
}

Result<long> Employees::next_number(Calls& calls) {
  if (!highest_number_) {
    if (const auto people = all(calls); !people) return std::unexpected(people.error());
  }
  return ++*highest_number_;
}

Result<bool> Employees::is_there(Calls& calls, const std::string& id, const std::string& email) {
  const Result<std::string> there = one(calls, id);
  if (!there) return std::unexpected(there.error());
  const auto parsed = JsonAnswer::read("employee", there->empty() ? "{}" : *there);
  return parsed && !email.empty() && text_member((*parsed)->root(), "email") == email;
}

Result<std::string> Employees::add(Calls& calls, std::vector<WireWrite> writes) {
  const std::vector<std::string> id_path = write_path(schema_, schema_.identity);
  const std::string chosen = text_in(writes, id_path), email = text_in(writes, {"email"});
  std::erase_if(
      writes, [&](const WireWrite& write) { return write.path == id_path || write.value.kind == Scalar::Kind::none; });
  writes.insert(writes.begin(), {.path = id_path, .value = {.kind = Scalar::Kind::text, .text = chosen}});
  Error refused;
  for (int attempt = 0; attempt < (chosen.empty() ? numbers_tried : 1); ++attempt) {
    if (chosen.empty()) {
      const Result<long> number = next_number(calls);
      if (!number) return std::unexpected(number.error());
      writes.front().value.text = std::to_string(*number);
    }
    const std::string id = writes.front().value.text;
    const auto answer = calls.json(json_request("employee add", "POST", "/employee/v2",
                                                json_object(writes, JsonNothing::empty_text, true), Repeat::unsafe),
                                   {.kind = Expected::Kind::either});
    const JsonNode* item = answer ? only_item((*answer)->root()) : nullptr;
    if (item != nullptr && text_member(*item, "empId") == id) return id;
    refused = answer ? Error{.kind = Error::Kind::in_doubt, .what = "employee add: the answer is about somebody else"}
                     : answer.error();
    const bool taken = refused.what.find("HTTP status 409") != std::string::npos;
    if (refused.kind != Error::Kind::in_doubt && !taken) break;
    if (const Result<bool> there = is_there(calls, id, email); there && *there) return id;
    if (!taken) break;
  }
  return std::unexpected(refused);
}

}  // namespace dovetail::providers::finago
