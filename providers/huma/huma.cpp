#include "providers/huma/huma.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <set>

#include "engine/values/unicode.hpp"
#include "providers/huma/bodies.hpp"

namespace dovetail::providers::huma {
namespace {

constexpr int page_size = 50;         // the most that Huma gives
constexpr int failures_in_a_row = 3;  // that end a listing: the rest would fail, too
constexpr std::array<std::string_view, 4> sent_on_create = {"givenName", "familyName", "email", "phone"};

Error says_nothing(const std::string& operation) {
  return {.kind = Error::Kind::transient, .what = operation + ": the answer is not what was asked for"};
}

std::string title_key(std::string_view name) {
  std::string key;
  append_name_key(name, key);
  return key;
}

std::string user_path(std::string_view id) { return "/users/" + percent_encoded(id); }

}  // namespace

Result<std::unique_ptr<System>> Huma::open(const AdapterSetup& setup) {
  const Result<std::string> id = credential(setup, "client_id"), secret = credential(setup, "client_secret");
  if (!id) return std::unexpected(id.error());
  if (!secret) return std::unexpected(secret.error());
  Result<std::unique_ptr<Transport>> transport = connect(setup);
  if (!transport) return std::unexpected(transport.error());
  const auto groups = setup.credentials.find("groups");
  std::string body =
      form_encoded({{"grant_type", "client_credentials"}, {"client_id", *id}, {"client_secret", *secret}});
  return std::unique_ptr<System>(
      new Huma(setup, std::move(*transport), std::move(body), groups == setup.credentials.end() ? "" : groups->second));
}

Huma::Huma(const AdapterSetup& setup, std::unique_ptr<Transport> transport, std::string token_body, std::string groups)
    : schema_(setup.schema),
      groups_(std::move(groups)),
      transport_(std::move(transport)),
      token_dialect_({}),
      token_client_(*transport_, token_dialect_, {}, setup.around),
      tokens_(
          [this, body = std::move(token_body)]() -> Result<Token> {
            const Result<Response> answer = token_client_.send({.operation = "token",
                                                                .method = "POST",
                                                                .target = "/auth/oauth/token",
                                                                .content_type = "application/x-www-form-urlencoded",
                                                                .body = body});
            if (!answer) return std::unexpected(answer.error());
            if (const auto parsed = JsonAnswer::read("token", answer->body))
              organization_id_ = text_member((*parsed)->root(), "organizationId");
            return token_of(*answer);
          },
          setup.around.clock),
      dialect_(tokens_, {}),
      client_(*transport_, dialect_, {}, setup.around),
      codec_(setup.schema, setup.context),
      positions_(find_list(setup.schema, "positions")) {}

Capabilities Huma::capabilities() const {
  Capabilities able{.findable = {}, .finds_references = false, .answers_values = true};
  if (const ir::Member* email = schema_.find("email")) able.findable.push_back(schema_.id(*email));
  return able;
}

Result<std::unique_ptr<JsonAnswer>> Huma::send(Request request) {
  const std::string operation = request.operation;
  Result<Response> answer = client_.send(request);
  if (!answer) return std::unexpected(answer.error());
  if (answer->absent) return nullptr;
  return JsonAnswer::read(operation, std::move(answer->body));
}

Result<std::unique_ptr<JsonAnswer>> Huma::write(const char* operation, const char* method, std::string target,
                                                std::string body, Repeat repeat) {
  return send({.operation = operation,
               .method = method,
               .target = std::move(target),
               .content_type = body.empty() ? "" : "application/json",
               .body = std::move(body),
               .repeat = repeat});
}

// The organization's name is in no answer: the company is shown where there is exactly one.
Result<Identity> Huma::check() {
  const auto groups = send({.operation = "groups", .target = "/groups?limit=50"});
  if (!groups) return std::unexpected(groups.error());
  Identity identity{.company_id = organization_id_, .company_name = {}, .missing_privileges = {}};
  const JsonNode& root = (*groups)->root();
  const JsonNode* list = root.kind == JsonNode::Kind::array ? &root : root.find("items");
  if (list == nullptr || list->kind != JsonNode::Kind::array) return std::unexpected(says_nothing("groups"));
  for (const JsonNode* group = list->first; group != nullptr; group = group->next) {
    if (text_member(*group, "type") != "company") continue;
    identity.company_name +=
        fmt::format("{}{}", identity.company_name.empty() ? "" : ", ", text_member(*group, "name"));
  }
  return identity;
}

Result<Completeness> Huma::pages(const std::string& operation, const std::string& path, Rows& rows) {
  const std::size_t before = rows.size();
  while (true) {
    const auto answer = send({.operation = operation,
                              .target = fmt::format("{}?limit={}&offset={}", path, page_size, rows.size() - before)});
    const JsonNode* items =
        answer && (*answer)->root().kind == JsonNode::Kind::object ? (*answer)->root().find("items") : nullptr;
    std::optional<Error> failed;
    if (!answer)
      failed = answer.error();
    else if (items == nullptr || items->kind != JsonNode::Kind::array)
      failed = says_nothing(operation);
    if (failed && (rows.size() == before || failed->kind == Error::Kind::auth)) return std::unexpected(*failed);
    if (failed)
      return Completeness{.complete = false,
                          .reason = fmt::format("after {} rows: {}", rows.size() - before, failed->what)};
    std::size_t count = 0, total = 0;
    for (const JsonNode* item = items->first; item != nullptr; item = item->next, ++count)
      rows.emplace_back((*answer)->raw(*item));
    const std::string_view announced = text_member((*answer)->root(), "total");
    std::from_chars(announced.data(), announced.data() + announced.size(), total);
    const std::size_t read = rows.size() - before;
    const bool last = announced.empty() ? count < page_size : count == 0 || read >= total;
    if (!last) continue;
    if (read < total)
      return Completeness{.complete = false, .reason = fmt::format("{} rows were announced, {} came", total, read)};
    return Completeness{.complete = true, .reason = {}};
  }
}

Result<std::string> Huma::with_positions(std::string_view details, std::string_view id) {
  Rows rows;
  const Result<Completeness> all = pages("positions", user_path(id) + "/positions", rows);
  if (!all) return std::unexpected(all.error());
  if (!all->complete)
    return std::unexpected(Error{.kind = Error::Kind::transient, .what = "positions: " + all->reason});
  return with_member(details, "positions", fmt::format("[{}]", fmt::join(rows, ",")));
}

Result<bool> Huma::get(std::string_view id, Snapshot& into) {
  Result<std::unique_ptr<JsonAnswer>> details =
      send({.operation = "user", .target = user_path(id), .may_be_absent = true});
  if (!details) return std::unexpected(details.error());
  if (!*details) return false;
  if (text_member((*details)->root(), "id") != id) return std::unexpected(says_nothing("user"));
  Result<std::string> text = std::string((*details)->raw((*details)->root()));
  if (asks_for_list(into.layout(), positions_)) text = with_positions(*text, id);
  if (!text) return std::unexpected(text.error());
  if (Result<void> decoded = decode_json(codec_, "user", *text, into); !decoded)
    return std::unexpected(decoded.error());
  last_id_ = id;
  last_ = std::move(*details);
  return true;
}

Result<Completeness> Huma::list(Snapshot& into) {
  Rows people;
  Result<Completeness> whole = pages("users", "/users", people);
  if (!whole) return whole;
  std::set<std::string> seen;
  int failed = 0;
  for (const std::string& person : people) {
    const auto parsed = JsonAnswer::read("users", person);
    if (!parsed) return std::unexpected(parsed.error());
    const std::string id(text_member((*parsed)->root(), "id"));
    if (!seen.insert(id).second) {
      *whole = {.complete = false, .reason = "a person came twice: the list changed while it was read"};
      continue;
    }
    const Result<bool> got = get(id, into);
    if (got) {
      failed = 0;
      continue;  // false: removed in between
    }
    if (got.error().kind == Error::Kind::auth) return std::unexpected(got.error());
    add_unread(schema_, id, into);
    if (++failed < failures_in_a_row) continue;
    *whole = {
        .complete = false,
        .reason = fmt::format("{} of {} people were read, then: {}", seen.size(), people.size(), got.error().what)};
    break;
  }
  into.set_completeness(*whole);
  return whole;
}

Result<std::vector<std::optional<std::string>>> Huma::find(ir::MemberId member,
                                                           const std::vector<std::string>& values) {
  if (!std::ranges::count(capabilities().findable, member)) return System::find(member, values);
  std::vector<std::optional<std::string>> ids;
  for (const std::string& value : values) {
    const auto answer =
        send({.operation = "users", .target = fmt::format("/users?limit=50&search={}", percent_encoded(value))});
    if (!answer) return std::unexpected(answer.error());
    const JsonNode* items = (*answer)->root().find("items");
    if (items == nullptr) return std::unexpected(says_nothing("users"));
    ids.emplace_back();
    for (const JsonNode* item = items->first; item != nullptr; item = item->next) {
      if (same_key(*schema_.members[member].type, text_member(*item, write_path(schema_, member).front()), value))
        ids.back() = std::string(text_member(*item, "id"));
    }
  }
  return ids;
}

Result<const JsonAnswer*> Huma::record(std::string_view id) {
  if (last_ && last_id_ == id) return last_.get();
  Snapshot ignored(ir::Layout{});
  const Result<bool> got = get(id, ignored);
  if (!got) return std::unexpected(got.error());
  if (*got) return last_.get();
  return std::unexpected(Error{.kind = Error::Kind::data, .what = fmt::format("Huma has no user {}", id)});
}

// A field that Huma names is dropped, and the others go on.
void Huma::write_user(std::string_view id, std::vector<std::size_t> indices, const std::vector<Change>& changes,
                      WriteReport& report) {
  const Result<const JsonAnswer*> before = record(id);
  if (!before) return report.failed(indices, before.error());
  while (!indices.empty()) {
    std::vector<Change> part;
    for (const std::size_t i : indices) part.push_back(changes[i]);
    const std::vector<WireWrite> writes = unwrapped_writes(schema_, part);
    const auto answer =
        write("user change", "PATCH", user_path(id), user_body(schema_, writes, (*before)->root()), Repeat::safe);
    if (!answer) {
      const std::string named = answer.error().field.substr(0, answer.error().field.find('.'));
      std::vector<std::size_t> refused;
      for (const WireWrite& each : writes) {
        if (!named.empty() && each.path.front() == named) refused.push_back(indices[each.change]);
      }
      const bool drop = !refused.empty() && answer.error().kind == Error::Kind::data;
      report.failed(drop ? refused : indices, answer.error());
      if (!drop) return;
      std::erase_if(indices, [&refused](std::size_t i) { return std::ranges::count(refused, i) > 0; });
      continue;
    }
    report.done(indices);
    Snapshot answered(ir::Layout::whole(schema_));
    if (decode_json(codec_, "user change", (*answer)->raw((*answer)->root()), answered))
      report_values(schema_, answered, changes, report);
    for (const WireWrite& each : writes) {
      const std::size_t i = indices[each.change];
      const JsonNode* shown = (*answer)->root().find(each.path.front());
      if (shown != nullptr && !each.value.text.empty() && text_member(*shown, "requestedValue") == each.value.text)
        report.pending(i, "waits for the person's confirmation in Huma");
    }
    return;
  }
}

// Matched ignoring case. A new title comes only with a planned write that a person has seen.
Result<std::string> Huma::title_id(const std::string& name) {
  if (const auto known = titles_.find(title_key(name)); known != titles_.end()) return known->second;
  const auto found = send({.operation = "job titles", .target = "/job-titles?search=" + percent_encoded(name)});
  if (!found) return std::unexpected(found.error());
  const JsonNode& root = (*found)->root();
  const JsonNode* list = root.kind == JsonNode::Kind::array ? &root : root.find("items");
  if (list == nullptr) return std::unexpected(says_nothing("job titles"));
  for (const JsonNode* title = list->first; title != nullptr; title = title->next) {
    titles_.emplace(title_key(text_member(*title, "name")), text_member(*title, "id"));
  }
  if (const auto known = titles_.find(title_key(name)); known != titles_.end()) return known->second;
  const auto made =
      write("job title add", "POST", "/job-titles", fmt::format(R"({{"name":{}}})", json_text(name)), Repeat::unsafe);
  if (!made) return std::unexpected(made.error());
  const std::string id(text_member((*made)->root(), "id"));
  if (id.empty()) return std::unexpected(says_nothing("job title add"));
  titles_.emplace(title_key(name), id);
  return id;
}

Result<void> Huma::write_position(std::string_view id, const std::vector<Change>& changes) {
  std::vector<WireWrite> writes = unwrapped_writes(schema_, changes);
  for (WireWrite& write : writes) {
    if (schema_.members[changes[write.change].member].lookup_resource.empty()) continue;
    const Result<std::string> title = title_id(write.value.text);
    if (!title) return std::unexpected(title.error());
    write.path = {write.path.front() + "Id"};
    write.value.text = *title;
  }
  const std::string& element = changes.front().element;
  const bool adds = element.starts_with('+');
  if (adds) std::erase_if(writes, [](const WireWrite& write) { return write.value.kind == Scalar::Kind::none; });
  const auto answer = write(adds ? "position add" : "position change", adds ? "POST" : "PATCH",
                            user_path(id) + "/positions" + (adds ? "" : '/' + percent_encoded(element)),
                            json_object(writes, JsonNothing::null), adds ? Repeat::unsafe : Repeat::safe);
  if (!answer) return std::unexpected(answer.error());
  return {};
}

// An identification is put whole; one without a value is deleted.
Result<void> Huma::write_identification(std::string_view id, const std::vector<Change>& changes) {
  std::vector<WireWrite> writes = unwrapped_writes(schema_, changes);
  const std::string& element = changes.front().element;
  const std::string path = user_path(id) + "/identifications";
  if (element.starts_with('+')) {
    const auto added =
        write("identification add", "POST", path, json_object(writes, JsonNothing::null), Repeat::unsafe);
    if (!added) return std::unexpected(added.error());
    return {};
  }
  const std::string target = path + '/' + percent_encoded(element);
  const bool clears =
      std::ranges::any_of(writes, [](const WireWrite& each) { return each.value.kind == Scalar::Kind::none; });
  if (!clears) {
    const Result<const JsonAnswer*> before = record(id);
    if (!before) return std::unexpected(before.error());
    const JsonNode* list = value_of((*before)->root(), "identifications");
    for (const JsonNode* each = list == nullptr ? nullptr : list->first; each != nullptr; each = each->next) {
      if (text_member(*each, "id") != element) continue;
      for (const JsonNode* member = each->first; member != nullptr; member = member->next) {
        const std::vector<std::string> name = {std::string(member->name)};
        if (name.front() == "id" || member->is_composite() || std::ranges::count(writes, name, &WireWrite::path) > 0)
          continue;
        writes.push_back({.path = name, .value = {.kind = Scalar::Kind::text, .text = std::string(member->text)}});
      }
    }
  }
  const auto answer =
      clears ? write("identification remove", "DELETE", target, "", Repeat::safe)
             : write("identification change", "PUT", target, json_object(writes, JsonNothing::null), Repeat::safe);
  if (!answer) return std::unexpected(answer.error());
  return {};
}

void Huma::write_parts(std::string_view id, const std::vector<Change>& changes, std::span<const std::size_t> indices,
                       WriteReport& report) {
  std::map<std::pair<ir::MemberId, std::string>, std::vector<std::size_t>> parts;  // by list and element
  for (const std::size_t i : indices) parts[{schema_.members[changes[i].member].list, changes[i].element}].push_back(i);
  for (const auto& [where, part] : parts) {
    if (where.first == ir::no_member) {
      write_user(id, part, changes, report);
      continue;
    }
    std::vector<Change> element;
    for (const std::size_t i : part) element.push_back(changes[i]);
    const Result<void> written =
        where.first == positions_ ? write_position(id, element) : write_identification(id, element);
    if (written)
      report.done(part);
    else
      report.failed(part, written.error());
  }
  last_.reset();
}

Result<std::vector<ChangeOutcome>> Huma::update(std::string_view id, const std::vector<Change>& changes) {
  WriteReport report(changes.size());
  std::vector<std::size_t> all(changes.size());
  for (std::size_t i = 0; i < all.size(); ++i) all[i] = i;
  write_parts(id, changes, all, report);
  return std::move(report).finish();
}

// The groups of the connection's scope; without any, the only company that there is.
Result<std::vector<std::string>> Huma::groups_for_new() {
  std::vector<std::string> ids;
  for (std::string_view rest = groups_; !rest.empty();) {
    const std::string_view id = rest.substr(0, rest.find(','));
    rest.remove_prefix(std::min(id.size() + 1, rest.size()));
    if (!id.empty()) ids.emplace_back(id);
  }
  if (!ids.empty()) return ids;
  const auto groups = send({.operation = "groups", .target = "/groups?limit=50"});
  if (!groups) return std::unexpected(groups.error());
  const JsonNode& root = (*groups)->root();
  const JsonNode* list = root.kind == JsonNode::Kind::array ? &root : root.find("items");
  for (const JsonNode* group = list == nullptr ? nullptr : list->first; group != nullptr; group = group->next) {
    if (text_member(*group, "type") == "company") ids.emplace_back(text_member(*group, "id"));
  }
  if (ids.size() == 1) return ids;
  return std::unexpected(Error{
      .kind = Error::Kind::data,
      .what = fmt::format("Huma has {} companies: say with `groups` into which groups people are added", ids.size())});
}

Result<Created> Huma::create(const std::vector<Change>& members, std::string_view) {
  const Result<std::vector<std::string>> groups = groups_for_new();
  if (!groups) return std::unexpected(groups.error());
  WriteReport report(members.size());
  std::vector<WireWrite> first;
  std::vector<std::size_t> with_first, rest;
  std::string email;
  const std::vector<WireWrite> writes = unwrapped_writes(schema_, members);
  for (const WireWrite& write : writes) {
    const bool now =
        members[write.change].element.empty() && std::ranges::count(sent_on_create, write.path.front()) > 0;
    if (now && write.value.kind != Scalar::Kind::none) first.push_back(write);
    if (now && write.path.front() == "email") email = write.value.text;
    if (!now && members[write.change].clear && members[write.change].element.empty())
      report.done({{write.change}});
    else
      (now ? with_first : rest).push_back(write.change);
  }
  std::string ids;
  for (const std::string& group : *groups) ids += (ids.empty() ? "" : ",") + json_text(group);
  const std::string body =
      with_member(with_member(json_object(first, JsonNothing::null), "groups", '[' + ids + ']'), "invite", "false");
  const auto made = write("user add", "POST", "/users", body, Repeat::unsafe);
  std::string id;
  if (made) {
    id = text_member((*made)->root(), "id");
    report.done(with_first);
    auto nothing = JsonAnswer::read("user", "{}");
    last_ = std::move(*nothing);
    last_id_ = id;
  } else {
    // Whether the lost call got through is asked of Huma: nobody else can have that e-mail.
    const ir::Member* member = schema_.find("email");
    if (made.error().kind != Error::Kind::in_doubt || member == nullptr) return std::unexpected(made.error());
    const auto found = find(schema_.id(*member), {email});
    if (!found || !found->front()) return std::unexpected(made.error());
    id = *found->front();
    report.failed(with_first, {.kind = Error::Kind::in_doubt,
                               .what = "created by an attempt whose answer was lost: read it again"});
  }
  if (id.empty())
    return std::unexpected(Error{.kind = Error::Kind::in_doubt, .what = "user add: the answer holds no id"});
  write_parts(id, members, rest, report);
  return Created{.id = id, .outcomes = std::move(report).outcomes()};
}

}  // namespace dovetail::providers::huma
