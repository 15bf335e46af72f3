// Calls about connections.
#include <fmt/format.h>

#include <array>

#include "engine/api/call_table.hpp"

namespace dovetail {
namespace {

std::unexpected<Error> fail(std::string what) {
  return std::unexpected(Error{.kind = Error::Kind::input, .what = std::move(what)});
}

Json to_json(const Connection& connection) {
  Json settings = Json::object();
  for (const auto& [name, value] : connection.settings) settings[name] = value;
  Json json = {{"name", connection.name},
               {"tenant", connection.tenant},
               {"map", connection.map},
               {"hub", connection.hub},
               {"provider", connection.provider},
               {"state", name(connection.state)},
               {"why", connection.why},
               {"company", {{"id", connection.company_id}, {"name", connection.company_name}}},
               {"observe_only", connection.observes_only},
               {"test_system", connection.test_system},
               {"settings", std::move(settings)},
               {"scope", nullptr},
               {"activated", nullptr}};
  if (!connection.whole_hub) json["scope"] = connection.scope;
  if (connection.activated) json["activated"] = instant_json(*connection.activated);
  return json;
}

Json to_json(const Identity& who) {
  return {{"id", who.company_id}, {"name", who.company_name}, {"missing_privileges", who.missing_privileges}};
}

Json to_json(const Identities& who) {
  return {{"hub", to_json(who[ir::at(ir::Side::hub)])}, {"provider", to_json(who[ir::at(ir::Side::provider)])}};
}

Result<Reply> reply(const Result<Connection>& connection) {
  if (!connection) return std::unexpected(connection.error());
  return Reply{to_json(*connection)};
}

Result<Reply> reply(const Result<Identities>& who) {
  if (!who) return std::unexpected(who.error());
  return Reply{to_json(*who)};
}

ConnectionChanges changes_of(Arguments& arguments) {
  ConnectionChanges changes;
  changes.settings = arguments.values("settings");
  changes.scope = arguments.texts("scope");
  changes.whole_hub = arguments.truth("whole_hub");
  changes.observes_only = arguments.truth("observe_only");
  changes.test_system = arguments.truth("test_system");
  return changes;
}

providers::Credentials credentials_of(std::optional<std::vector<std::pair<std::string, std::string>>> pairs) {
  providers::Credentials credentials;
  if (!pairs) return credentials;
  for (auto& [name, secret] : *pairs) credentials[name] = std::move(secret);
  return credentials;
}

NewConnection wanted(Arguments& arguments) {
  NewConnection made;
  made.connection.name = arguments.text("name");
  made.connection.tenant = arguments.given_text("tenant");
  if (made.connection.tenant.empty()) made.connection.tenant = "default";
  made.connection.map = arguments.text("map");
  made.connection.hub = arguments.text("hub");
  made.connection.provider = arguments.text("provider");
  made.credentials = {credentials_of(arguments.pairs("hub_credentials")),
                      credentials_of(arguments.pairs("provider_credentials"))};
  if (const Result<void> put = changes_of(arguments).put_into(made.connection); !put) {
    arguments.refuse(put.error().what);
  }
  return made;
}

Result<Reply> introduce(Runtime& runtime, Arguments& arguments) {
  const NewConnection made = wanted(arguments);
  if (const Result<void> read = arguments.finish(); !read) return std::unexpected(read.error());
  return reply(runtime.connections().introduce(made, runtime.today()));
}

Result<Reply> add(Runtime& runtime, Arguments& arguments) {
  const NewConnection made = wanted(arguments);
  const Json* company = arguments.any("company");
  if (company == nullptr || !company->is_string()) {
    arguments.refuse(
        "`company` is missing: the provider's company id as connection.introduce answers it, which says "
        "that a person has seen whom this connects");
  }
  if (const Result<void> read = arguments.finish(); !read) return std::unexpected(read.error());
  const Result<Identities> who = runtime.connections().introduce(made, runtime.today());
  if (!who) return std::unexpected(who.error());
  const Identity& provider = (*who)[ir::at(ir::Side::provider)];
  if (provider.company_id != company->get<std::string>()) {
    return fail(fmt::format("`company` is {}, but these keys are of {}{}({})", company->get<std::string>(),
                            provider.company_name, provider.company_name.empty() ? "" : " ", provider.company_id));
  }
  return reply(runtime.connections().add(made, *who));
}

Result<Reply> list(Runtime& runtime, Arguments& arguments) {
  if (const Result<void> read = arguments.finish(); !read) return std::unexpected(read.error());
  const Result<std::vector<Connection>> all = runtime.connections().list();
  if (!all) return std::unexpected(all.error());
  Json json = Json::array();
  for (const Connection& connection : *all) json.push_back(to_json(connection));
  return Reply{{{"connections", std::move(json)}}};
}

// A call that is given the name of one connection, and nothing else.
template <typename Work>
Result<Reply> with_name(Arguments& arguments, Work work) {
  const std::string name = arguments.text("name");
  if (const Result<void> read = arguments.finish(); !read) return std::unexpected(read.error());
  return work(name);
}

Result<Reply> show(Runtime& runtime, Arguments& arguments) {
  return with_name(arguments, [&](const std::string& name) { return reply(runtime.connections().find(name)); });
}

Result<Reply> check(Runtime& runtime, Arguments& arguments) {
  return with_name(arguments,
                   [&](const std::string& name) { return reply(runtime.connections().check(name, runtime.today())); });
}

Result<Reply> resume(Runtime& runtime, Arguments& arguments) {
  return with_name(arguments, [&](const std::string& name) { return reply(runtime.connections().resume(name)); });
}

Result<Reply> remove(Runtime& runtime, Arguments& arguments) {
  return with_name(arguments, [&](const std::string& name) -> Result<Reply> {
    if (const Result<void> removed = runtime.connections().remove(name); !removed) {
      return std::unexpected(removed.error());
    }
    return Reply{{{"removed", name}}};
  });
}

Result<Reply> pause(Runtime& runtime, Arguments& arguments) {
  const std::string name = arguments.text("name");
  const std::string why = arguments.text("why");
  if (const Result<void> read = arguments.finish(); !read) return std::unexpected(read.error());
  return reply(runtime.connections().pause(name, why));
}

Result<Reply> set(Runtime& runtime, Arguments& arguments) {
  const std::string name = arguments.text("name");
  ConnectionChanges changes = changes_of(arguments);
  changes.name = arguments.given_text("new_name");
  changes.map = arguments.given_text("map");
  changes.hub = arguments.given_text("hub");
  changes.provider = arguments.given_text("provider");
  if (const Result<void> read = arguments.finish(); !read) return std::unexpected(read.error());
  return reply(runtime.connections().set(name, changes));
}

Result<Reply> set_credentials(Runtime& runtime, Arguments& arguments) {
  const std::string name = arguments.text("name"), of = arguments.text("of");
  const providers::Credentials credentials = credentials_of(arguments.pairs("credentials"));
  if (of != "hub" && of != "provider") arguments.refuse("`of` must be hub or provider");
  if (const Result<void> read = arguments.finish(); !read) return std::unexpected(read.error());
  const ir::Side side = of == "hub" ? ir::Side::hub : ir::Side::provider;
  return reply(runtime.connections().set_credentials(name, side, credentials, runtime.today()));
}

}  // namespace

std::span<const Call> connection_calls() {
  static constexpr auto calls = std::to_array<Call>({
      {"connection.introduce", introduce},
      {"connection.add", add},
      {"connection.list", list},
      {"connection.show", show},
      {"connection.check", check},
      {"connection.set", set},
      {"connection.set_credentials", set_credentials},
      {"connection.pause", pause},
      {"connection.resume", resume},
      {"connection.remove", remove},
  });
  return calls;
}

}  // namespace dovetail
