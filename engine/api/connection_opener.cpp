#include "engine/api/connection_opener.hpp"

#include <fmt/format.h>

#include "dsl/render/text.hpp"
#include "engine/api/settings.hpp"

namespace dovetail {
namespace {

std::unexpected<Error> fail(const Connection& connection, std::string_view what) {
  return std::unexpected(
      Error{.kind = Error::Kind::input, .what = fmt::format("connection {}: {}", connection.name, what)});
}

}  // namespace

Result<const RuleBook*> ConnectionOpener::rules(const std::string& map) {
  const std::lock_guard lock(reading_);
  const auto known = rules_.find(map);
  if (known != rules_.end()) return known->second.get();
  auto book = std::make_unique<RuleBook>();
  if (Result<void> read = open_rule_book(map, *book); !read) {
    for (const dsl::Diagnostic& found : book->diagnostics) {
      if (found.severity != dsl::Severity::error) continue;
      read.error().what += "\n" + dsl::to_text(found);
    }
    return std::unexpected(read.error());
  }
  return rules_.emplace(map, std::move(book)).first->second.get();
}

Result<providers::Credentials> ConnectionOpener::stored_credentials(const Connection& connection, ir::Side side) {
  providers::Credentials credentials;
  const Result<void> read = store_.read([&](Transaction& transaction) -> Result<void> {
    credentials.clear();
    auto stored = transaction.credentials(connection, side);
    if (!stored) return std::unexpected(stored.error());
    for (auto& [name, secret] : *stored) credentials[name] = std::move(secret);
    return {};
  });
  if (!read) return std::unexpected(read.error());
  return credentials;
}

Result<std::unique_ptr<System>> ConnectionOpener::open(const Connection& connection, const RuleBook& rules,
                                                       ir::Side side, providers::Credentials credentials,
                                                       CivilDay today) {
  const std::string& where = side == ir::Side::hub ? connection.hub : connection.provider;
  const std::optional<LiveSpec> spec = find_live_spec(where);
  if (!spec) {
    return fail(connection, fmt::format("`{}` is no system that can be called: write SYSTEM:URL, or SYSTEM: for the "
                                        "real one",
                                        where));
  }
  const CheckContext context{
      .tables = &rules.tables, .today = today, .region = {}, .test_system = connection.test_system};
  Result<std::unique_ptr<System>> opened =
      systems_.open(*spec, network_, std::move(credentials), rules.rules.schema(side), context);
  if (!opened) return fail(connection, opened.error().what);
  return opened;
}

Result<std::unique_ptr<Opened>> ConnectionOpener::open(const Connection& connection, CivilDay today) {
  const Result<const RuleBook*> book = rules(connection.map);
  if (!book) return fail(connection, book.error().what);
  auto opened = std::make_unique<Opened>();
  opened->connection = connection;
  opened->rules = &(*book)->program;
  opened->rules_hash = (*book)->hash;
  opened->tables = &(*book)->tables;
  opened->today = today;
  auto settings = read_settings((*book)->rules, connection.settings);
  if (!settings) return fail(connection, settings.error().what);
  opened->settings = std::move(*settings);
  for (const ir::Side side : {ir::Side::hub, ir::Side::provider}) {
    Result<providers::Credentials> credentials = stored_credentials(connection, side);
    if (!credentials) return std::unexpected(credentials.error());
    Result<std::unique_ptr<System>> system = open(connection, **book, side, std::move(*credentials), today);
    if (!system) return std::unexpected(system.error());
    opened->systems[ir::at(side)] = std::move(*system);
  }
  return opened;
}

}  // namespace dovetail
