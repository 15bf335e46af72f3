#include "providers/huma/huma.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>
#include <set>

#include "providers/huma/element_writes.hpp"
#include "providers/huma/pages.hpp"
#include "providers/huma/user_writes.hpp"
#include "providers/toolkit/wire_writes.hpp"

namespace dovetail::providers::huma {
namespace {

constexpr unsigned calls_at_once = 4;  // Huma documents no limit; a person takes two calls

}  // namespace

Result<std::unique_ptr<System>> Huma::open(const AdapterSetup& setup) {
  const Result<std::string> id = credential(setup, "client_id"), secret = credential(setup, "client_secret");
  if (!id) return std::unexpected(id.error());
  if (!secret) return std::unexpected(secret.error());
  const auto groups = setup.credentials.find("groups");
  std::string body =
      form_encoded({{"grant_type", "client_credentials"}, {"client_id", *id}, {"client_secret", *secret}});
  std::unique_ptr<Huma> huma(new Huma(setup, std::move(body), groups == setup.credentials.end() ? "" : groups->second));
  Result<std::unique_ptr<Calls>> calls = Calls::open(setup, huma->dialect_, {}, calls_at_once);
  if (!calls) return std::unexpected(calls.error());
  huma->calls_ = std::move(*calls);
  return huma;
}

Huma::Huma(const AdapterSetup& setup, std::string token_body, std::string groups)
    : schema_(setup.schema),
      groups_(std::move(groups)),
      around_(setup.around),
      tokens_([this, body = std::move(token_body)](Transport& over) { return fetch_token(over, body); },
              setup.around.clock),
      dialect_(tokens_, {}),
      codec_(setup.schema, setup.context),
      positions_(find_list(setup.schema, "positions")) {}

Result<Token> Huma::fetch_token(Transport& over, const std::string& body) {
  TokenDialect dialect({});
  const Result<Response> answer = Client(over, dialect, {}, around_)
                                      .send({.operation = "token",
                                             .method = "POST",
                                             .target = "/auth/oauth/token",
                                             .content_type = "application/x-www-form-urlencoded",
                                             .body = body},
                                            token_is_there);
  if (!answer) return std::unexpected(answer.error());
  if (const auto parsed = JsonAnswer::read("token", answer->body))
    organization_id_ = text_member((*parsed)->root(), "organizationId");
  return token_of(*answer);
}

Capabilities Huma::capabilities() const {
  Capabilities able{.findable = {}, .finds_references = false, .answers_values = true};
  if (const ir::Member* email = schema_.find("email")) able.findable.push_back(schema_.id(*email));
  return able;
}

// The organization's name is in no answer: its companies are shown.
Result<Identity> Huma::check() {
  Result<std::vector<Company>> companies = read_companies(*calls_);
  if (!companies) return std::unexpected(companies.error());
  companies_ = std::move(*companies);
  Identity identity{.company_id = organization_id_, .company_name = {}, .missing_privileges = {}};
  for (const Company& company : *companies_)
    identity.company_name += (identity.company_name.empty() ? "" : ", ") + company.name;
  return identity;
}

Result<std::unique_ptr<JsonAnswer>> Huma::details(std::string_view id, bool may_be_absent) {
  return calls_->json({.operation = "user", .target = user_path(id), .may_be_absent = may_be_absent},
                      {.member = "id", .text = std::string(id)});
}

Result<std::string> Huma::document(const JsonAnswer& details, std::string_view id, const ir::Layout& layout) {
  const std::string_view text = details.raw(details.root());
  if (!asks_for_list(layout, positions_)) return std::string(text);
  std::vector<std::string> rows;
  const Result<Completeness> all = read_pages(*calls_, "positions", user_path(id) + "/positions", false, rows);
  if (!all) return std::unexpected(all.error());
  if (!all->complete)
    return std::unexpected(Error{.kind = Error::Kind::transient, .what = "positions: " + all->reason});
  return with_member(text, "positions", fmt::format("[{}]", fmt::join(rows, ",")));
}

Result<bool> Huma::get(std::string_view id, Snapshot& into) {
  Result<std::unique_ptr<JsonAnswer>> found = details(id, true);
  if (!found) return std::unexpected(found.error());
  if (!*found) return false;
  const Result<std::string> text = document(**found, id, into.layout());
  if (!text) return std::unexpected(text.error());
  if (Result<void> decoded = decode_json(codec_, "user", *text, into); !decoded)
    return std::unexpected(decoded.error());
  last_id_ = id;
  last_ = std::move(*found);
  return true;
}

Result<Completeness> Huma::list(Snapshot& into) {
  std::vector<std::string> people, ids;
  Result<Completeness> listed = read_pages(*calls_, "users", "/users", true, people);
  if (!listed) return listed;
  std::set<std::string> seen;
  for (const std::string& person : people) {
    const auto parsed = JsonAnswer::read("users", person);
    if (!parsed) return std::unexpected(parsed.error());
    std::string id(text_member((*parsed)->root(), "id"));
    if (seen.insert(id).second)
      ids.push_back(std::move(id));
    else
      *listed = {.complete = false, .reason = "a person came twice: the list changed while it was read"};
  }
  const auto fetch = [&](std::size_t i) -> Result<Document> {
    const Result<std::unique_ptr<JsonAnswer>> found = details(ids[i], true);
    if (!found) return std::unexpected(found.error());
    if (!*found) return Document{};  // removed in between
    Result<std::string> text = document(**found, ids[i], into.layout());
    if (!text) return std::unexpected(text.error());
    return std::move(*text);
  };
  const auto take = [&](std::size_t i, const Result<Document>& got) {
    if (got && !*got) return;
    if (!got || !decode_json(codec_, "user", **got, into)) add_unread(schema_, ids[i], into);
  };
  const Result<Completeness> whole = read_each(ids.size(), calls_->at_once(), fetch, take);
  if (!whole) return whole;
  if (!whole->complete) listed = whole;
  into.set_completeness(*listed);
  return listed;
}

Result<std::vector<std::optional<std::string>>> Huma::find(ir::MemberId member,
                                                           const std::vector<std::string>& values) {
  if (!std::ranges::count(capabilities().findable, member)) return System::find(member, values);
  std::vector<std::optional<std::string>> ids;
  for (const std::string& value : values) {
    const auto answer = calls_->json(
        {.operation = "users", .target = fmt::format("/users?limit=50&search={}", percent_encoded(value))}, {});
    if (!answer) return std::unexpected(answer.error());
    const JsonNode* items = (*answer)->root().find("items");
    if (items == nullptr)
      return std::unexpected(Error{.kind = Error::Kind::transient, .what = "users: the answer holds no items"});
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
  Result<std::unique_ptr<JsonAnswer>> found = details(id, false);
  if (!found) return std::unexpected(found.error());
  last_id_ = id;
  last_ = std::move(*found);
  return last_.get();
}

void Huma::write_parts(std::string_view id, const std::vector<Change>& changes, WriteReport& report,
                       std::span<const std::size_t> indices) {
  std::map<std::pair<ir::MemberId, std::string>, std::vector<std::size_t>> parts;  // by list and element
  for (const std::size_t i : indices) parts[{schema_.members[changes[i].member].list, changes[i].element}].push_back(i);
  for (const auto& [where, part] : parts) {
    std::vector<Change> element;
    for (const std::size_t i : part) element.push_back(changes[i]);
    Result<void> written;
    if (where.first == positions_) {
      written = write_position(*calls_, schema_, titles_, id, element);
    } else if (const Result<const JsonAnswer*> before = record(id); !before) {
      written = std::unexpected(before.error());
    } else if (where.first == ir::no_member) {
      write_user(*calls_, codec_, id, part, changes, (*before)->root(), report);
      continue;
    } else {
      written = write_identification(*calls_, schema_, id, element, (*before)->root());
    }
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
  write_parts(id, changes, report, all);
  return std::move(report).finish();
}

// The new user's id. Whether a lost call got through is asked of Huma: nobody else can have that e-mail.
Result<std::string> Huma::add_user(const std::vector<Change>& members, WriteReport& report,
                                   std::vector<std::size_t>& rest) {
  if (groups_.empty() && !companies_) {
    if (const Result<Identity> asked = check(); !asked) return std::unexpected(asked.error());
  }
  const Result<std::string> groups = groups_for_new(groups_, companies_.value_or(std::vector<Company>{}));
  if (!groups) return groups;
  NewUser user = new_user(schema_, members, report);
  rest = std::move(user.after_it);
  const auto made = calls_->json({.operation = "user add",
                                  .method = "POST",
                                  .target = "/users",
                                  .content_type = "application/json",
                                  .body = with_member(user.body, "groups", *groups),
                                  .repeat = Repeat::unsafe},
                                 {.member = "id"});
  if (made) {
    report.done(user.with_it);
    auto nothing = JsonAnswer::read("user", "{}");
    last_ = std::move(*nothing);
    last_id_ = text_member((*made)->root(), "id");
    return last_id_;
  }
  const ir::Member* email = schema_.find("email");
  if (made.error().kind != Error::Kind::in_doubt || email == nullptr) return std::unexpected(made.error());
  const auto found = find(schema_.id(*email), {user.email});
  if (!found || !found->front()) return std::unexpected(made.error());
  report.failed(user.with_it,
                {.kind = Error::Kind::in_doubt, .what = "created by an attempt whose answer was lost: read it again"});
  return *found->front();
}

Result<Created> Huma::create(const std::vector<Change>& members, std::string_view) {
  WriteReport report(members.size());
  std::vector<std::size_t> rest;
  const Result<std::string> id = add_user(members, report, rest);
  if (!id) return std::unexpected(id.error());
  write_parts(*id, members, report, rest);
  return Created{.id = *id, .outcomes = std::move(report).outcomes()};
}

}  // namespace dovetail::providers::huma
