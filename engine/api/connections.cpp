#include "engine/api/connections.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "engine/api/same_company.hpp"
#include "engine/api/settings.hpp"
#include "engine/runtime/company.hpp"
#include "engine/runtime/seen.hpp"
#include "engine/runtime/write/records.hpp"

namespace dovetail {
namespace {

constexpr std::array sides = {ir::Side::hub, ir::Side::provider};

std::unexpected<Error> fail(std::string what) {
  return std::unexpected(Error{.kind = Error::Kind::input, .what = std::move(what)});
}

const std::string& place(const Connection& connection, ir::Side side) {
  return side == ir::Side::hub ? connection.hub : connection.provider;
}

bool is_name(std::string_view text) {
  return !text.empty() && text.size() <= 64 && text.front() != '-' && std::ranges::all_of(text, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
  });
}

// Both are of systems; an adapter that the schema does not name is refused when it is opened.
Result<void> check_places(const Connection& connection, const RuleBook& rules) {
  for (const ir::Side side : sides) {
    const std::optional<LiveSpec> spec = find_live_spec(place(connection, side));
    const std::string& adapter = rules.rules.schema(side).adapter;
    if (spec && spec->adapter == adapter) continue;
    return fail(
        fmt::format("connection {}: `{}` is not what {} speaks of on this side: write {}:URL, or {}: for the "
                    "real system",
                    connection.name, place(connection, side), connection.map, adapter, adapter));
  }
  return {};
}

constexpr std::size_t most_asked_one_by_one = 20;  // more people are found in one listing

// Somebody whom the hub does not have would be in the scope without effect.
Result<void> check_scope(System& hub, const ir::Program& program, std::vector<std::string> ids) {
  const ir::Layout& layout = program.layouts[ir::at(ir::Side::hub)];
  if (ids.size() > most_asked_one_by_one) {
    Snapshot all(layout);
    const Result<Completeness> listed = hub.list(all);
    if (!listed) return std::unexpected(listed.error());
    std::set<std::string, std::less<>> known;
    for (RecordIndex i = 0; i < all.size(); ++i) known.emplace(id_of(program, ir::Side::hub, all, i));
    std::erase_if(ids, [&](const std::string& id) { return known.contains(id); });
  }
  std::string nobodies;
  for (const std::string& id : ids) {
    Snapshot record(layout);
    const Result<bool> there = hub.get(id, record);
    if (!there) return std::unexpected(there.error());
    if (!*there) nobodies += (nobodies.empty() ? "" : ", ") + id;
  }
  if (nobodies.empty()) return {};
  return fail("the scope names nobody whom the hub has by: " + nobodies);
}

Error twice(const Connection& of, const Connection& twin) {
  return {.kind = Error::Kind::input,
          .what = fmt::format(
              "connection {}: {} is connected already, by connection {}, and a second one would write everything "
              "twice. Change that one instead (dovetail connection set {}), or remove it first (dovetail connection "
              "remove {})",
              of.name, company_title(of.company_name, of.company_id), twin.name, twin.name, twin.name)};
}

// A company is connected once.
Result<void> refuse_twin(Transaction& transaction, const Connection& of) {
  const auto all = transaction.connections();
  if (!all) return std::unexpected(all.error());
  const Connection* twin = find_twin(*all, of);
  return twin == nullptr ? Result<void>{} : std::unexpected(twice(of, *twin));
}

// Of two from an earlier version one may work while the other is paused.
Result<void> refuse_waking_twin(Transaction& transaction, const Connection& of) {
  auto all = transaction.connections();
  if (!all) return std::unexpected(all.error());
  std::erase_if(*all, [](const Connection& each) { return each.state == ConnectionState::paused; });
  const Connection* twin = find_twin(*all, of);
  if (twin == nullptr) return {};
  return fail(
      fmt::format("connection {}: {} is connected by connection {}, too, and both would write everything twice. "
                  "Pause that one first (dovetail connection pause {}), or remove one of them",
                  of.name, company_title(of.company_name, of.company_id), twin->name, twin->name));
}

// Who stops something is not kept from it by a rule file that is wrong.
bool goes_by_rules(const Connection& before, const Connection& changed) {
  const bool wakes = before.state == ConnectionState::paused && changed.state != ConnectionState::paused;
  const bool writes_again = before.observes_only && !changed.observes_only;
  return wakes || writes_again || changed.map != before.map || changed.settings != before.settings ||
         changed.hub != before.hub || changed.provider != before.provider;
}

Result<Identity> ask(System& system, const std::string& where) {
  Result<Identity> who = system.check();
  if (!who) who.error().what = fmt::format("{}: {}", where, who.error().what);
  return who;
}

Result<providers::Credentials> check_credentials(const Connection& connection, ir::Side side,
                                                 providers::Credentials given) {
  const std::optional<LiveSpec> spec = find_live_spec(place(connection, side));
  if (!spec) return given;
  return check_credential_names(spec->adapter, std::move(given));
}

// Where only some are given that it works without, the stored ones are gone on with.
bool are_optional(const Connection& connection, ir::Side side, const providers::Credentials& given) {
  const std::optional<LiveSpec> spec = find_live_spec(place(connection, side));
  const std::vector<std::string> optional =
      spec ? optional_credential_names(spec->adapter) : std::vector<std::string>();
  return !given.empty() &&
         std::ranges::all_of(given, [&](const auto& one) { return std::ranges::count(optional, one.first) != 0; });
}

}  // namespace

Result<const RuleBook*> Connections::check_rules(const Connection& connection) {
  if (!is_name(connection.name)) {
    return fail(
        fmt::format("`{}` cannot be a connection's name: use 1 to 64 letters, digits, - and _, and no - in "
                    "front",
                    connection.name));
  }
  Result<const RuleBook*> rules = opener_.rules(connection.map);
  if (!rules) return rules;
  if (Result<void> checked = check_places(connection, **rules); !checked) return std::unexpected(checked.error());
  if (const auto settings = read_settings((*rules)->rules, connection.settings); !settings) {
    return std::unexpected(settings.error());
  }
  return rules;
}

Result<Identities> Connections::introduce(const NewConnection& wanted, CivilDay today) {
  const Result<const RuleBook*> rules = check_rules(wanted.connection);
  if (!rules) return std::unexpected(rules.error());
  const Result<std::vector<Connection>> known = list();
  if (!known) return std::unexpected(known.error());
  if (std::ranges::find(*known, wanted.connection.name, &Connection::name) != known->end()) {
    return fail(fmt::format("there is a connection {} already", wanted.connection.name));
  }
  Identities who;
  for (const ir::Side side : sides) {
    auto credentials = check_credentials(wanted.connection, side, wanted.credentials[ir::at(side)]);
    if (!credentials) return std::unexpected(credentials.error());
    auto system = opener_.open(wanted.connection, **rules, side, std::move(*credentials), today);
    if (!system) return std::unexpected(system.error());
    Result<Identity> answered = ask(**system, place(wanted.connection, side));
    if (!answered) return std::unexpected(answered.error());
    who[ir::at(side)] = std::move(*answered);
    if (side == ir::Side::provider || wanted.connection.whole_hub) continue;
    if (Result<void> there = check_scope(**system, (*rules)->program, wanted.connection.scope); !there) {
      return std::unexpected(there.error());
    }
  }
  Connection introduced = wanted.connection;
  introduced.company_id = who[ir::at(ir::Side::provider)].company_id;
  introduced.company_name = who[ir::at(ir::Side::provider)].company_name;
  if (const Connection* twin = find_twin(*known, introduced)) return std::unexpected(twice(introduced, *twin));
  return who;
}

Result<Connection> Connections::add(const NewConnection& wanted, const Identities& who) {
  Connection connection = wanted.connection;
  connection.state = ConnectionState::fresh;
  connection.activated.reset();
  connection.company_id = who[ir::at(ir::Side::provider)].company_id;
  connection.company_name = who[ir::at(ir::Side::provider)].company_name;
  connection.changed = std::chrono::floor<std::chrono::milliseconds>(clock_.wall_time());
  std::ranges::sort(connection.scope);
  const Result<void> stored = store_.write([&](Transaction& transaction) -> Result<void> {
    if (Result<void> once = refuse_twin(transaction, connection); !once) return once;
    const Result<ConnectionId> id = transaction.add(connection);
    if (!id) return std::unexpected(id.error());
    Connection of = connection;
    of.id = *id;
    for (const ir::Side side : sides) {
      const auto credentials = check_credentials(connection, side, wanted.credentials[ir::at(side)]);
      if (!credentials) return std::unexpected(credentials.error());
      for (const auto& [label, secret] : *credentials) {
        if (Result<void> put = transaction.put_credential(of, side, label, secret); !put) return put;
      }
    }
    return {};
  });
  if (!stored) return std::unexpected(stored.error());
  return find(connection.name);
}

Result<std::vector<Connection>> Connections::list() {
  std::vector<Connection> all;
  const Result<void> read = store_.read([&](Transaction& transaction) -> Result<void> {
    auto found = transaction.connections();
    if (!found) return std::unexpected(found.error());
    all = std::move(*found);
    return {};
  });
  if (!read) return std::unexpected(read.error());
  return all;
}

Result<Connection> Connections::find(std::string_view name) {
  Result<std::vector<Connection>> all = list();
  if (!all) return std::unexpected(all.error());
  const auto found = std::ranges::find(*all, name, &Connection::name);
  if (found != all->end()) return std::move(*found);
  std::string names;
  for (const Connection& each : *all) names += fmt::format("{}{}", names.empty() ? "" : ", ", each.name);
  return fail(fmt::format("there is no connection {}; there {}", name,
                          names.empty() ? "are none yet: dovetail connection add makes one" : "are: " + names));
}

Result<Identities> Connections::check(std::string_view name, CivilDay today) {
  const Result<Connection> connection = find(name);
  if (!connection) return std::unexpected(connection.error());
  auto opened = opener_.open(*connection, today);
  if (!opened) return std::unexpected(opened.error());
  Identities who;
  for (const ir::Side side : sides) {
    Result<Identity> answered = ask((*opened)->system(side), place(*connection, side));
    if (!answered) return std::unexpected(answered.error());
    who[ir::at(side)] = std::move(*answered);
  }
  if (Result<void> same = check_company(*connection, who[ir::at(ir::Side::provider)]); !same) {
    return std::unexpected(same.error());
  }
  return who;
}

// Another address of a system is believed only when the same company answers there.
Result<void> Connections::ask_new_places(const Connection& before, const Connection& changed) {
  if (before.hub == changed.hub && before.provider == changed.provider) return {};
  auto opened = opener_.open(changed, CivilDay(std::chrono::floor<std::chrono::days>(clock_.wall_time())));
  if (!opened) return std::unexpected(opened.error());
  for (const ir::Side side : sides) {
    if (place(before, side) == place(changed, side)) continue;
    const Result<Identity> who = ask((*opened)->system(side), place(changed, side));
    if (!who) return std::unexpected(who.error());
    if (side == ir::Side::hub) continue;
    if (Result<void> same = check_company(changed, *who); !same) return same;
  }
  return {};
}

Result<void> Connections::ask_for_scope(const Connection& before, const Connection& changed) {
  std::vector<std::string> added = changed.scope;
  std::erase_if(added, [&](const std::string& id) { return std::ranges::count(before.scope, id) != 0; });
  if (changed.whole_hub || added.empty()) return {};
  auto opened = opener_.open(changed, CivilDay(std::chrono::floor<std::chrono::days>(clock_.wall_time())));
  if (!opened) return std::unexpected(opened.error());
  return check_scope((*opened)->system(ir::Side::hub), (*opened)->program(), added);
}

Result<Connection> Connections::set_credentials(std::string_view name, ir::Side side,
                                                const providers::Credentials& given, CivilDay today) {
  Result<Connection> connection = find(name);
  if (!connection) return connection;
  const Result<const RuleBook*> rules = opener_.rules(connection->map);
  if (!rules) return std::unexpected(rules.error());
  const auto credentials = check_credentials(*connection, side, given);
  if (!credentials) return std::unexpected(credentials.error());
  providers::Credentials all = *credentials;
  if (are_optional(*connection, side, *credentials)) {
    auto stored = opener_.stored_credentials(*connection, side);
    if (!stored) return std::unexpected(stored.error());
    all.merge(*stored);
  }
  auto system = opener_.open(*connection, **rules, side, std::move(all), today);
  if (!system) return std::unexpected(system.error());
  const Result<Identity> who = ask(**system, place(*connection, side));
  if (!who) return std::unexpected(who.error());
  if (side == ir::Side::provider) {
    if (Result<void> same = check_company(*connection, *who); !same) return std::unexpected(same.error());
    connection->company_id = who->company_id;
    connection->company_name = who->company_name;
  }
  const Result<void> stored = store_.write([&](Transaction& transaction) -> Result<void> {
    if (side == ir::Side::provider) {
      if (Result<void> once = refuse_twin(transaction, *connection); !once) return once;
    }
    for (const auto& [label, secret] : *credentials) {
      if (Result<void> put = transaction.put_credential(*connection, side, label, secret); !put) return put;
    }
    return transaction.update(*connection);
  });
  if (!stored) return std::unexpected(stored.error());
  return find(name);
}

Result<Connection> Connections::set(std::string_view name, const std::function<void(Connection&)>& change) {
  return change_again(name, [&](Connection& changed) -> Result<void> {
    change(changed);
    return {};
  });
}

Result<Connection> Connections::set(std::string_view name, const ConnectionChanges& changes) {
  return change_again(name, [&](Connection& changed) -> Result<void> {
    const Connection before = changed;
    if (Result<void> put = changes.put_into(changed); !put) return put;
    return ask_for_scope(before, changed);
  });
}

// What somebody else changes at the same time stays, and this is changed with it.
Result<Connection> Connections::change_again(std::string_view name,
                                             const std::function<Result<void>(Connection&)>& change) {
  constexpr int most_tries = 20;
  for (int tries = 1;; ++tries) {
    Result<Connection> before = find(name);
    if (!before) return before;
    Connection changed = *before;
    if (Result<void> made = change(changed); !made) return std::unexpected(made.error());
    Result<Connection> stored = store_changed(*before, std::move(changed));
    if (stored || stored.error().kind != Error::Kind::transient || tries == most_tries) return stored;
    const Result<Connection> by_now = find(name);
    if (!by_now || by_now->version == before->version) return stored;  // it is not that
  }
}

Result<Connection> Connections::store_changed(const Connection& before, Connection changed) {
  if (goes_by_rules(before, changed)) {
    if (const Result<const RuleBook*> rules = check_rules(changed); !rules) return std::unexpected(rules.error());
  }
  if (Result<void> same = ask_new_places(before, changed); !same) return std::unexpected(same.error());
  std::ranges::sort(changed.scope);
  changed.changed = std::chrono::floor<std::chrono::milliseconds>(clock_.wall_time());
  const bool is_elsewhere = before.provider != changed.provider;
  const bool wakes = before.state == ConnectionState::paused && changed.state != ConnectionState::paused;
  const Result<void> stored = store_.write([&](Transaction& transaction) -> Result<void> {
    if (is_elsewhere || wakes) {
      if (Result<void> once =
              is_elsewhere ? refuse_twin(transaction, changed) : refuse_waking_twin(transaction, changed);
          !once) {
        return once;
      }
    }
    if (Result<void> updated = transaction.update(changed); !updated) return updated;
    return look_at_left_out(transaction, before, changed, changed.changed);
  });
  if (!stored) return std::unexpected(stored.error());
  return find(changed.name);
}

Result<Connection> Connections::pause(std::string_view name, std::string_view why) {
  return set(name, [&](Connection& connection) {
    const std::string until_a_run = connection.is_restored() ? connection.why + "; " : "";
    connection.state = ConnectionState::paused;
    connection.why = until_a_run + std::string(why);
  });
}

Result<Connection> Connections::resume(std::string_view name) {
  return change_again(name, [](Connection& connection) -> Result<void> {
    if (connection.is_restored() && connection.activated) {
      return fail(
          fmt::format("connection {0} was {1}, and what has happened since is not known here: pushes could take "
                      "back what was changed. A manual run compares both sides, shows what differs, and lets "
                      "pushes go on: dovetail sync {0}",
                      connection.name, connection.why));
    }
    connection.state = connection.activated ? ConnectionState::active : ConnectionState::fresh;
    connection.why.clear();
    return {};
  });
}

Result<void> Connections::remove(std::string_view name) {
  const Result<Connection> connection = find(name);
  if (!connection) return std::unexpected(connection.error());
  return store_.write([&](Transaction& transaction) -> Result<void> { return transaction.remove(connection->id); });
}

}  // namespace dovetail
