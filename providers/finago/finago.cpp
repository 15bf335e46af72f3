#include "providers/finago/finago.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <ctime>
#include <iomanip>
#include <sstream>

namespace dovetail::providers::finago {
namespace {

constexpr int failures_in_a_row = 3;  // that end a listing: the rest would fail, too
constexpr int numbers_tried = 5;      // where others take the next employee number first

// The words of a Swedish company that surely mean the same as the schema's Norwegian ones. For others nobody decides
// here: the reason is reported to authorities.
constexpr std::array<std::pair<std::string_view, std::string_view>, 2> swedish_reasons = {
    {{"resigned", "EgenBegaran"}, {"contract_ended", "TidsbegransadAnstallning"}}};

Error says_nothing(const std::string& operation) {
  return {.kind = Error::Kind::transient, .what = operation + ": the answer is not what was asked for"};
}

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  for (std::size_t at = text.find(from); at != text.npos; at = text.find(from, at + to.size()))
    text.replace(at, from.size(), to);
  return text;
}

// The wire words of the reasons, Norwegian and Swedish.
std::vector<std::pair<std::string, std::string>> reason_words(const ir::Schema& schema) {
  std::vector<std::pair<std::string, std::string>> words;
  for (const ir::Member& member : schema.members) {
    for (const ir::EnumWord& word : member.words) {
      const auto swedish =
          std::ranges::find(swedish_reasons, word.word, &std::pair<std::string_view, std::string_view>::first);
      if (swedish != swedish_reasons.end()) words.emplace_back(word.wire, swedish->second);
    }
  }
  return words;
}

long number_of(std::string_view text) {
  long number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

}  // namespace

std::optional<std::chrono::system_clock::time_point> read_moment(std::string_view text) {
  constexpr std::size_t length = 19;
  if (text.size() < length) return std::nullopt;
  std::tm parts{};
  std::istringstream in{std::string(text.substr(0, length))};
  in.imbue(std::locale::classic());
  in >> std::get_time(&parts, "%Y-%m-%dT%H:%M:%S");
  if (in.fail()) return std::nullopt;
  auto moment = std::chrono::system_clock::from_time_t(timegm(&parts));
  const std::size_t sign = text.find_first_of("+-", length);
  if (sign != text.npos && text.size() >= sign + 6) {
    const auto offset = std::chrono::hours(number_of(text.substr(sign + 1, 2))) +
                        std::chrono::minutes(number_of(text.substr(sign + 4, 2)));
    moment += text[sign] == '+' ? -offset : offset;
  }
  return moment;
}

Result<std::unique_ptr<System>> Finago::open(const AdapterSetup& setup) {
  Result<std::string> key = credential(setup, "api_key");
  if (!key) return std::unexpected(key.error());
  Result<std::unique_ptr<Transport>> transport = connect(setup);
  if (!transport) return std::unexpected(transport.error());
  return std::unique_ptr<System>(new Finago(setup, std::move(*transport), std::move(*key)));
}

Finago::Finago(const AdapterSetup& setup, std::unique_ptr<Transport> transport, std::string api_key)
    : schema_(setup.schema),
      clock_(setup.around.clock),
      transport_(std::move(transport)),
      token_dialect_({}),
      token_client_(*transport_, token_dialect_, {}, setup.around),
      tokens_([this, key = std::move(api_key)] { return exchange(key); }, setup.around.clock),
      dialect_(tokens_, {}),
      client_(*transport_, dialect_, {}, setup.around),
      codec_(setup.schema, setup.context),
      employments_(find_list(setup.schema, "employments")) {}

Capabilities Finago::capabilities() const {
  Capabilities able{.findable = {}, .finds_references = false, .answers_values = true};
  for (ir::MemberId member = 0; member < schema_.members.size(); ++member) {
    if (schema_.members[member].unique) able.findable.push_back(member);
  }
  return able;
}

Result<std::vector<std::optional<std::string>>> Finago::find(ir::MemberId member,
                                                             const std::vector<std::string>& values) {
  if (!std::ranges::count(capabilities().findable, member)) return System::find(member, values);
  const auto people = array({.operation = "employees", .target = "/employee/v2"});
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

// The key travels in the query: nothing here may show the target, and traces show its names only.
Result<Token> Finago::exchange(const std::string& api_key) {
  const Result<Response> answer =
      token_client_.send({.operation = "auth", .target = "/auth?token=" + percent_encoded(api_key)});
  if (!answer) return std::unexpected(answer.error());
  const auto body = JsonAnswer::read("auth", answer->body);
  if (!body) return std::unexpected(body.error());
  Token token{.text = std::string(text_member((*body)->root(), "accessToken")), .lifetime = std::chrono::minutes{5}};
  if (token.text.empty()) return std::unexpected(says_nothing("auth"));
  if (const auto expires = read_moment(text_member((*body)->root(), "expiresOn"))) {
    token.lifetime =
        std::max(std::chrono::floor<std::chrono::seconds>(*expires - clock_.wall_time()), std::chrono::seconds{0});
  }
  return token;
}

Result<std::unique_ptr<JsonAnswer>> Finago::send(Request request) {
  const std::string operation = request.operation;
  if (!request.body.empty()) request.content_type = "application/json";
  Result<Response> answer = client_.send(request);
  if (!answer) return std::unexpected(answer.error());
  return JsonAnswer::read(operation, std::move(answer->body));
}

Result<std::unique_ptr<JsonAnswer>> Finago::array(Request request) {
  const std::string operation = request.operation;
  Result<std::unique_ptr<JsonAnswer>> answer = send(std::move(request));
  if (answer && (*answer)->root().kind != JsonNode::Kind::array) return std::unexpected(says_nothing(operation));
  return answer;
}

Result<Identity> Finago::check() {
  const auto answer = send({.operation = "organization", .target = "/organization/v2"});
  if (!answer) return std::unexpected(answer.error());
  const JsonNode& root = (*answer)->root();
  const JsonNode* company = root.kind == JsonNode::Kind::array ? root.first : &root;
  if (company == nullptr || company->kind != JsonNode::Kind::object)
    return std::unexpected(says_nothing("organization"));
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

Result<std::string> Finago::with_employments(std::string_view employee, std::string_view id) {
  const auto answer =
      array({.operation = "employments", .target = fmt::format("/employment/v2/{}", percent_encoded(id))});
  if (!answer) return std::unexpected(answer.error());
  std::string all((*answer)->raw((*answer)->root()));
  for (const auto& [norwegian, swedish] : reason_words(schema_))
    all = replaced(std::move(all), '"' + swedish + '"', '"' + norwegian + '"');
  return with_member(employee, "employments", all);
}

Result<Completeness> Finago::list(Snapshot& into) {
  const auto people = array({.operation = "employees", .target = "/employee/v2"});
  if (!people) return std::unexpected(people.error());
  Completeness whole{.complete = true, .reason = {}};
  int failed = 0;
  long highest = 0;
  for (const JsonNode* person = (*people)->root().first; person != nullptr; person = person->next) {
    const std::string id(text_member(*person, "empId"));
    highest = std::max(highest, number_of(id));
    Result<std::string> text = std::string((*people)->raw(*person));
    if (asks_for_list(into.layout(), employments_)) {
      text = with_employments(*text, id);
      if (!text && text.error().kind == Error::Kind::auth) return std::unexpected(text.error());
      failed = text ? 0 : failed + 1;
    }
    // Where the employments could not be read, only they are absent.
    if (!decode_json(codec_, "employees", text ? *text : std::string((*people)->raw(*person)), into))
      add_unread(schema_, id, into);
    if (failed < failures_in_a_row) continue;
    whole = {.complete = false, .reason = "the employments could not be read: " + text.error().what};
    break;
  }
  if (whole.complete) highest_number_ = highest;
  into.set_completeness(whole);
  return whole;
}

// An empty array is "there is none". What a refusal means here is not documented: the list of all decides.
Result<std::string> Finago::employee(std::string_view id) {
  const auto one = array({.operation = "employee", .target = fmt::format("/employee/v2/{}", percent_encoded(id))});
  if (!one && one.error().kind != Error::Kind::data) return std::unexpected(one.error());
  if (!one) {
    const auto all = array({.operation = "employees", .target = "/employee/v2"});
    if (!all) return std::unexpected(all.error());
    for (const JsonNode* person = (*all)->root().first; person != nullptr; person = person->next) {
      if (text_member(*person, "empId") == id) return std::unexpected(one.error());
    }
    return std::string{};
  }
  const JsonNode* first = (*one)->root().first;
  if (first == nullptr) return std::string{};
  if (first->next != nullptr || text_member(*first, "empId") != id) return std::unexpected(says_nothing("employee"));
  return std::string((*one)->raw(*first));
}

Result<bool> Finago::get(std::string_view id, Snapshot& into) {
  Result<std::string> text = employee(id);
  if (!text) return std::unexpected(text.error());
  if (text->empty()) return false;
  const std::string alone = *text;
  if (asks_for_list(into.layout(), employments_)) text = with_employments(alone, id);
  if (!text) return std::unexpected(text.error());
  if (Result<void> decoded = decode_json(codec_, "employee", *text, into); !decoded)
    return std::unexpected(decoded.error());
  last_id_ = id;
  last_employee_ = alone;
  return true;
}

namespace {

// An object on the wire is written whole: what the changes leave out is taken from the record. One without content is
// never sent.
Result<void> complete_objects(std::vector<WireWrite>& writes, const JsonNode* record) {
  std::vector<WireWrite> added;
  for (const WireWrite& write : writes) {
    if (write.path.size() < 2) continue;
    const JsonNode* object = record == nullptr ? nullptr : record->find(write.path.front());
    for (const JsonNode* member = object == nullptr || !object->is_composite() ? nullptr : object->first;
         member != nullptr; member = member->next) {
      const std::vector<std::string> path = {write.path.front(), std::string(member->name)};
      const auto same = [&path](const WireWrite& other) { return other.path == path; };
      if (std::ranges::any_of(writes, same) || std::ranges::any_of(added, same)) continue;
      added.push_back({.path = path,
                       .value = {.kind = Scalar::Kind::text, .text = std::string(member->text)},
                       .change = write.change});
    }
  }
  writes.insert(writes.end(), added.begin(), added.end());
  for (const WireWrite& write : writes) {
    if (write.path.size() == 2 && write.path.back() == "ID" && write.value.text.empty()) {
      return std::unexpected(Error{.kind = Error::Kind::data, .what = "Finago cannot unset an identification"});
    }
  }
  return {};
}

}  // namespace

Result<void> Finago::write_employee(std::string_view id, std::span<const std::size_t> indices,
                                    const std::vector<Change>& changes, WriteReport& report) {
  std::vector<Change> part;
  for (const std::size_t i : indices) part.push_back(changes[i]);
  std::vector<WireWrite> writes = wire_writes(schema_, part);
  std::unique_ptr<JsonAnswer> before;
  if (std::ranges::any_of(writes, [](const WireWrite& write) { return write.path.size() > 1; })) {
    Result<std::string> text = last_id_ == id ? last_employee_ : employee(id);
    if (!text) return std::unexpected(text.error());
    auto parsed = JsonAnswer::read("employee", text->empty() ? "{}" : std::move(*text));
    if (!parsed) return std::unexpected(parsed.error());
    before = std::move(*parsed);
  }
  if (Result<void> whole = complete_objects(writes, before ? &before->root() : nullptr); !whole) return whole;
  const auto answer = send({.operation = "employee change",
                            .method = "POST",
                            .target = fmt::format("/employee/v2/{}", percent_encoded(id)),
                            .body = json_object(writes, JsonNothing::empty_text, true)});
  if (!answer) return std::unexpected(answer.error());
  report.done(indices);
  const JsonNode& root = (*answer)->root();
  const JsonNode* item = root.kind == JsonNode::Kind::array ? root.first : &root;
  Snapshot answered(ir::Layout::whole(schema_));
  if (item != nullptr && decode_json(codec_, "employee change", (*answer)->raw(*item), answered))
    report_values(schema_, answered, changes, report);
  return {};
}

// Sends each changed employment back whole, with its own id: an unknown id would make a second one.
Result<void> Finago::write_employments(std::string_view id, std::span<const std::size_t> indices,
                                       const std::vector<Change>& changes, WriteReport& report) {
  const Result<bool> swedish = is_swedish();
  if (!swedish) return std::unexpected(swedish.error());
  std::map<std::string, std::vector<Change>> elements;
  for (const std::size_t i : indices) elements[changes[i].element].push_back(changes[i]);
  std::unique_ptr<JsonAnswer> before;
  if (std::ranges::any_of(elements, [](const auto& each) { return !each.first.starts_with('+'); })) {
    auto read = array({.operation = "employments", .target = fmt::format("/employment/v2/{}", percent_encoded(id))});
    if (!read) return std::unexpected(read.error());
    before = std::move(*read);
  }
  std::string body;
  for (const auto& [element, part] : elements) {
    std::vector<WireWrite> writes = wire_writes(schema_, part);
    for (WireWrite& write : writes) {
      if (schema_.members[part[write.change].member].words.empty() || !*swedish || write.value.text.empty()) continue;
      const auto words = reason_words(schema_);
      const auto known = std::ranges::find(words, write.value.text, &std::pair<std::string, std::string>::first);
      if (known == words.end()) {
        return std::unexpected(
            Error{.kind = Error::Kind::data,
                  .what = fmt::format("a Swedish company has no end reason that surely means `{}`: set it in Finago",
                                      part[write.change].value)});
      }
      write.value.text = known->second;
    }
    const JsonNode* known = nullptr;
    for (const JsonNode* each = before ? before->root().first : nullptr; each != nullptr; each = each->next) {
      if (text_member(*each, write_path(schema_, schema_.members[employments_].key).back()) == element) known = each;
    }
    if (known == nullptr && !element.starts_with('+'))
      return std::unexpected(
          Error{.kind = Error::Kind::data, .what = fmt::format("employee {} has no employment {}", id, element)});
    std::vector<WireWrite> whole;
    for (const JsonNode* member = known == nullptr ? nullptr : known->first; member != nullptr; member = member->next) {
      const bool changed =
          std::ranges::any_of(writes, [member](const WireWrite& write) { return write.path.front() == member->name; });
      if (!changed && !member->is_composite())
        whole.push_back(
            {.path = {std::string(member->name)},
             .value = {.kind = member->kind == JsonNode::Kind::null ? Scalar::Kind::none : Scalar::Kind::text,
                       .text = std::string(member->text)}});
    }
    whole.insert(whole.end(), writes.begin(), writes.end());
    body += (body.empty() ? "" : ",") + json_object(whole, JsonNothing::empty_text, true);
  }
  const bool adds = elements.begin()->first.starts_with('+');  // '+' sorts before every id
  const auto answer = array({.operation = "employments change",
                             .method = "POST",
                             .target = fmt::format("/employment/v2/{}", percent_encoded(id)),
                             .body = '[' + body + ']',
                             .repeat = adds ? Repeat::unsafe : Repeat::safe});
  if (!answer) return std::unexpected(answer.error());
  report.done(indices);
  return {};
}

Result<std::vector<ChangeOutcome>> Finago::update(std::string_view id, const std::vector<Change>& changes) {
  WriteReport report(changes.size());
  std::vector<std::size_t> own, periods;
  for (std::size_t i = 0; i < changes.size(); ++i) (changes[i].element.empty() ? own : periods).push_back(i);
  if (!own.empty()) {
    if (const Result<void> written = write_employee(id, own, changes, report); !written)
      report.failed(own, written.error());
  }
  if (!periods.empty()) {
    if (const Result<void> written = write_employments(id, periods, changes, report); !written)
      report.failed(periods, written.error());
  }
  last_id_.clear();
  return std::move(report).finish();
}

Result<long> Finago::next_number() {
  if (!highest_number_) {
    const auto all = array({.operation = "employees", .target = "/employee/v2"});
    if (!all) return std::unexpected(all.error());
    long highest = 0;
    for (const JsonNode* person = (*all)->root().first; person != nullptr; person = person->next)
      highest = std::max(highest, number_of(text_member(*person, "empId")));
    highest_number_ = highest;
  }
  return ++*highest_number_;
}

// The employee number is chosen here: where the answer is lost, asking for that number tells whether it got through.
Result<std::string> Finago::add_employee(std::vector<WireWrite> writes) {
  const std::vector<std::string> id_path = write_path(schema_, schema_.identity);
  const auto own = std::ranges::find(writes, id_path, &WireWrite::path);
  const std::string chosen = own == writes.end() ? "" : own->value.text;
  if (own != writes.end()) writes.erase(own);
  std::erase_if(writes, [](const WireWrite& write) { return write.value.kind == Scalar::Kind::none; });
  writes.insert(writes.begin(), {.path = id_path, .value = {.kind = Scalar::Kind::text, .text = chosen}});
  const auto email = std::ranges::find(writes, std::vector<std::string>{"email"}, &WireWrite::path);
  Error refused;
  for (int attempt = 0; attempt < (chosen.empty() ? numbers_tried : 1); ++attempt) {
    if (chosen.empty()) {
      const Result<long> number = next_number();
      if (!number) return std::unexpected(number.error());
      writes.front().value.text = std::to_string(*number);
    }
    const std::string id = writes.front().value.text;
    const auto answer = send({.operation = "employee add",
                              .method = "POST",
                              .target = "/employee/v2",
                              .body = json_object(writes, JsonNothing::empty_text, true),
                              .repeat = Repeat::unsafe});
    if (answer) return id;
    refused = answer.error();
    const bool taken = refused.what.find("HTTP status 409") != std::string::npos;
    if (refused.kind != Error::Kind::in_doubt && !taken) break;
    const Result<std::string> there = employee(id);
    const auto parsed = JsonAnswer::read("employee", there && !there->empty() ? *there : "{}");
    if (there && parsed && email != writes.end() && text_member((*parsed)->root(), "email") == email->value.text)
      return id;
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
  if (!periods.empty()) {
    if (const Result<void> written = write_employments(*id, periods, members, report); !written)
      report.failed(periods, written.error());
  }
  return Created{.id = *id, .outcomes = std::move(report).outcomes()};
}

}  // namespace dovetail::providers::finago
