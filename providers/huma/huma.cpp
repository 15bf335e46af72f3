#include "providers/huma/huma.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "providers/huma/element_writes.hpp"
#include "providers/huma/user_reads.hpp"
#include "providers/huma/user_writes.hpp"
#include "providers/toolkit/shared_elements.hpp"
#include "providers/toolkit/wire_writes.hpp"

namespace dovetail::providers::huma {
namespace {

constexpr unsigned calls_at_once = 4;  // Huma documents no limit; a person takes two calls

}  // namespace

Result<std::unique_ptr<System>> Huma::open(const AdapterSetup& setup) {
  const auto keys = credentials_of(setup, {"client_id", "client_secret"});
  if (!keys) return std::unexpected(keys.error());
  const auto groups = setup.credentials.find("groups");
  std::string body = form_encoded(
      {{"grant_type", "client_credentials"}, {"client_id", keys->front()}, {"client_secret", keys->back()}});
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

Result<Token> Huma::fetch_token(Transport& over, const std::string& form) {
  const Result<Response> answer =
      ask_for_token(token_request("/auth/oauth/token", form), {}, {}, token_is_there, over, around_);
  if (!answer) return std::unexpected(answer.error());
  if (const auto parsed = JsonAnswer::read("token", answer->body))
    organization_id_ = text_member((*parsed)->root(), "organizationId");
  return token_of(*answer);
}

Capabilities Huma::capabilities() const {
  Capabilities able{.findable = {}, .finds_references = false};
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

Result<std::string> Huma::document(const JsonAnswer& details, std::string_view id, const ir::Layout& layout) {
  if (!asks_for_list(layout, positions_)) return std::string(details.raw(details.root()));
  return with_positions(*calls_, schema_, positions_, details, id);
}

Result<bool> Huma::get(std::string_view id, Snapshot& into) {
  Result<std::unique_ptr<JsonAnswer>> found = read_details(*calls_, id, true);
  if (!found) return std::unexpected(found.error());
  if (!*found) return false;
  const Result<std::string> text = document(**found, id, into.layout());
  if (!text) return std::unexpected(text.error());
  if (Result<void> decoded = decode_json(codec_, "user", *text, into); !decoded)
    return std::unexpected(decoded.error());
  last_.keep(id, std::move(*found));
  return true;
}

Result<Completeness> Huma::list(Snapshot& into) {
  std::vector<std::string> ids;
  Result<Completeness> listed = read_ids(*calls_, ids);
  if (!listed) return listed;
  const auto fetch = [&](std::size_t i) -> Result<Document> {
    const Result<std::unique_ptr<JsonAnswer>> found = read_details(*calls_, ids[i], true);
    if (!found) return std::unexpected(found.error());
    if (!*found) return Document{};
    Result<std::string> text = document(**found, ids[i], into.layout());
    if (!text) return std::unexpected(text.error());
    return std::move(*text);
  };
  const auto decode = [&](const std::string& text, std::vector<std::string>& unread) {
    return decode_json(codec_, "user", text, into, &unread);
  };
  const Result<Completeness> whole = read_records(schema_, ids, calls_->at_once(), fetch, decode, into);
  if (!whole) return whole;
  if (!whole->complete) listed = whole;
  listed->notes = whole->notes;
  empty_lists_ = empty_lists_of(schema_, positions_, into);
  withhold_shared_elements(schema_, into, listed->notes);
  into.set_completeness(*listed);
  return listed;
}

Result<std::vector<std::optional<std::string>>> Huma::find(ir::MemberId member,
                                                           const std::vector<std::string>& values) {
  if (!std::ranges::count(capabilities().findable, member)) return System::find(member, values);
  return find_users(*calls_, write_path(schema_, member).front(), *schema_.members[member].type, values);
}

Result<const JsonAnswer*> Huma::record(std::string_view id) {
  if (const auto* last = last_.find(id)) return last->get();
  Result<std::unique_ptr<JsonAnswer>> found = read_details(*calls_, id, false);
  if (!found) return std::unexpected(found.error());
  last_.keep(id, std::move(*found));
  return last_.find(id)->get();
}

void Huma::write_parts(std::string_view id, const std::vector<Change>& changes, WriteReport& report,
                       std::span<const std::size_t> indices) {
  std::map<std::pair<ir::MemberId, std::string>, std::vector<std::size_t>> parts;  // by list and element
  for (const std::size_t i : indices) parts[{schema_.members[changes[i].member].list, changes[i].element}].push_back(i);
  for (const auto& [where, part] : parts) {
    const std::vector<Change> element = chosen(changes, part);
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
    report.settle(part, written);
  }
  last_.forget();
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
  auto made = calls_->json(
      json_request("user add", "POST", "/users", with_member(user.body, "groups", *groups), Repeat::unsafe),
      {.member = "id"});
  if (made && !is_about((*made)->root(), user.email))
    made = std::unexpected(Error{.kind = Error::Kind::in_doubt, .what = "user add: the answer is about somebody else"});
  if (made) {
    report.done(user.with_it);
    std::string id(text_member((*made)->root(), "id"));
    last_.keep(id, *JsonAnswer::read("user", "{}"));  // there is nothing yet that has to be written whole
    return id;
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
