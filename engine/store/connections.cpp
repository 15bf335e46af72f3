// Connections and their credentials.
#include <algorithm>

#include "engine/store/texts.hpp"
#include "engine/store/transaction.hpp"

namespace dovetail::store {
namespace {

#define CONNECTION_COLUMNS                                                                           \
  "version, name, tenant, map, hub, provider, state, why, company_id, company_name, observes_only, " \
  "test_system, whole_hub, scope, settings, rules_hash, activated, changed"

std::string settings_text(const Connection& of) {
  std::vector<std::string> flat;
  for (const auto& [label, value] : of.settings) {
    flat.push_back(label);
    flat.push_back(value);
  }
  return join_texts(flat);
}

template <typename Row>
Connection connection_of(const Row& row) {
  const auto& [id, version, name, tenant, map, hub, provider, state, why, company_id, company_name, observes_only,
               test_system, whole_hub, scope, settings, rules_hash, activated, changed] = row;
  const auto state_of = find_connection_state(state);
  auto scope_of = split_texts(scope);
  const auto flat = split_texts(settings);
  if (!state_of || !scope_of || !flat || flat->size() % 2 != 0) {
    throw SqlFailure(SqlFailure::Kind::corrupt, "the connection \"" + name + "\" cannot be read");
  }
  Connection of;
  of.id = id;
  of.name = name;
  of.tenant = tenant;
  of.map = map;
  of.hub = hub;
  of.provider = provider;
  of.state = *state_of;
  of.why = why;
  of.company_id = company_id;
  of.company_name = company_name;
  of.observes_only = observes_only != 0;
  of.test_system = test_system != 0;
  of.whole_hub = whole_hub != 0;
  of.scope = std::move(*scope_of);
  for (std::size_t i = 0; i < flat->size(); i += 2) of.settings.emplace_back((*flat)[i], (*flat)[i + 1]);
  of.rules_hash = rules_hash;
  of.activated = instant(activated);
  of.changed = instant(changed);
  of.version = version;
  return of;
}

template <typename... In>
std::vector<Connection> read(Sql& sql, const char* text, const In&... in) {
  using Text = std::string;
  using Number = std::int64_t;
  std::vector<Connection> all;
  for (const auto& row : sql.rows<Number, Number, Text, Text, Text, Text, Text, Text, Text, Text, Text, Number, Number,
                                  Number, Text, Text, Text, std::optional<Number>, Number>(text, in...)) {
    all.push_back(connection_of(row));
  }
  return all;
}

Error input(std::string what) { return {.kind = Error::Kind::input, .what = std::move(what)}; }

}  // namespace

const std::string& SqlTransaction::tenant_of(ConnectionId id) {
  const auto found = tenants_.find(id);
  if (found != tenants_.end()) return found->second;
  const auto row = sql_.row<std::string>("select tenant from connection where id = :id", id);
  if (!row) throw SqlFailure(SqlFailure::Kind::input, "there is no connection number " + std::to_string(id));
  return tenants_.emplace(id, std::get<0>(*row)).first->second;
}

std::string SqlTransaction::seal(const SealedColumn& column, ConnectionId id, std::string_view text,
                                 std::string_view first, std::string_view second) {
  return database_.cipher.seal(context_of(column, tenant_of(id), id, first, second), text);
}

std::string SqlTransaction::open(const SealedColumn& column, ConnectionId id, std::string_view text,
                                 std::string_view first, std::string_view second) {
  if (text.empty()) return {};
  auto opened = database_.cipher.open(context_of(column, tenant_of(id), id, first, second), text);
  if (!opened) {
    throw SqlFailure(SqlFailure::Kind::corrupt, std::string("a sealed ") + column.table + " of connection number " +
                                                    std::to_string(id) + " does not open: damaged or moved");
  }
  return std::move(*opened);
}

std::unexpected<Error> SqlTransaction::stale(const std::string& what) {
  had_conflict_ = true;
  return std::unexpected(Error{.kind = Error::Kind::transient, .what = what + " was changed meanwhile; read it again"});
}

Result<ConnectionId> SqlTransaction::add(const Connection& of) {
  return writing([&]() -> Result<ConnectionId> {
    const auto row = sql_.row<std::int64_t>(
        "insert into connection (" CONNECTION_COLUMNS
        ") values (1, :name, :tenant, :map, :hub, :provider, :state, :why, :company_id, :company_name, :observes_only,"
        " :test_system, :whole_hub, :scope, :settings, :rules_hash, :activated, :changed)"
        " on conflict (name) do nothing returning id",
        of.name, of.tenant, of.map, of.hub, of.provider, name(of.state), of.why, of.company_id, of.company_name,
        of.observes_only, of.test_system, of.whole_hub, join_texts(of.scope), settings_text(of), of.rules_hash,
        number(of.activated), number(of.changed));
    if (!row) return std::unexpected(input("there is a connection named \"" + of.name + "\" already"));
    return std::get<0>(*row);
  });
}

Result<void> SqlTransaction::update(const Connection& of) {
  return writing([&]() -> Result<void> {
    if (tenant_of(of.id) != of.tenant) {
      return std::unexpected(
          input("the connection \"" + of.name + "\" belongs to another tenant, which cannot change"));
    }
    const auto taken =
        sql_.row<std::int64_t>("select id from connection where name = :name and id <> :id", of.name, of.id);
    if (taken) return std::unexpected(input("there is a connection named \"" + of.name + "\" already"));
    const auto changed = sql_.run(
        "update connection set version = version + 1, name = :name, map = :map, hub = :hub, provider = :provider,"
        " state = :state, why = :why, company_id = :company_id, company_name = :company_name,"
        " observes_only = :observes_only, test_system = :test_system, whole_hub = :whole_hub, scope = :scope,"
        " settings = :settings, rules_hash = :rules_hash, activated = :activated, changed = :changed"
        " where id = :id and version = :version",
        of.name, of.map, of.hub, of.provider, name(of.state), of.why, of.company_id, of.company_name, of.observes_only,
        of.test_system, of.whole_hub, join_texts(of.scope), settings_text(of), of.rules_hash, number(of.activated),
        number(of.changed), of.id, of.version);
    if (changed == 0) return stale("the connection \"" + of.name + "\"");
    return {};
  });
}

Result<std::optional<Connection>> SqlTransaction::connection(std::string_view name) {
  return reading([&]() -> Result<std::optional<Connection>> {
    auto all = read(sql_, "select id, " CONNECTION_COLUMNS " from connection where name = :name", name);
    if (all.empty()) return std::nullopt;
    return std::move(all.front());
  });
}

Result<std::optional<Connection>> SqlTransaction::connection(ConnectionId id) {
  return reading([&]() -> Result<std::optional<Connection>> {
    auto all = read(sql_, "select id, " CONNECTION_COLUMNS " from connection where id = :id", id);
    if (all.empty()) return std::nullopt;
    return std::move(all.front());
  });
}

Result<std::vector<Connection>> SqlTransaction::connections() {
  return reading([&]() -> Result<std::vector<Connection>> {
    auto all = read(sql_, "select id, " CONNECTION_COLUMNS " from connection");
    std::ranges::sort(all, {}, &Connection::name);
    return all;
  });
}

Result<void> SqlTransaction::remove(ConnectionId id) {
  return writing([&]() -> Result<void> {
    if (sql_.run("delete from connection where id = :id", id) == 0) {
      return std::unexpected(input("there is no connection number " + std::to_string(id)));
    }
    sql_.run("delete from lease where name = :name", "connection/" + std::to_string(id));
    tenants_.erase(id);
    return {};
  });
}

Result<void> SqlTransaction::put_credential(const Connection& of, ir::Side side, std::string_view label,
                                            std::string_view secret) {
  return writing([&]() -> Result<void> {
    const std::string_view at = side == ir::Side::hub ? "hub" : "provider";
    sql_.run(
        "insert into credential (connection, side, label, secret) values (:connection, :side, :label, :secret)"
        " on conflict (connection, side, label) do update set secret = excluded.secret",
        of.id, at, label, seal(sealed::credential, of.id, secret, at, label));
    return {};
  });
}

Result<std::vector<std::pair<std::string, std::string>>> SqlTransaction::credentials(const Connection& of,
                                                                                     ir::Side side) {
  return reading([&]() -> Result<std::vector<std::pair<std::string, std::string>>> {
    const std::string_view at = side == ir::Side::hub ? "hub" : "provider";
    std::vector<std::pair<std::string, std::string>> all;
    for (auto& [label, secret] : sql_.rows<std::string, std::string>(
             "select label, secret from credential where connection = :connection and side = :side order by id", of.id,
             at)) {
      all.emplace_back(label, open(sealed::credential, of.id, secret, at, label));
    }
    return all;
  });
}

}  // namespace dovetail::store
