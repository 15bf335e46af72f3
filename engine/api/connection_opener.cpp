#include "engine/api/connection_opener.hpp"

#include <fmt/format.h>

#include "dsl/render/text.hpp"
#include "engine/api/rule_change.hpp"
#include "engine/api/same_company.hpp"
#include "engine/api/settings.hpp"

namespace dovetail {
namespace {

std::unexpected<Error> fail(const Connection& connection, std::string_view what) {
  return std::unexpected(
      Error{.kind = Error::Kind::input, .what = fmt::format("connection {}: {}", connection.name, what)});
}

// Columns of texts hold no zero bytes.
std::string bundle_text(const RuleBook& book) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string text;
  for (const char byte : rule_bundle(book)) {
    text += digits[static_cast<unsigned char>(byte) / 16U];
    text += digits[static_cast<unsigned char>(byte) % 16U];
  }
  return text;
}

std::optional<std::string> read_bundle(std::string_view text) {
  std::string bytes;
  const auto value = [](char digit) { return digit <= '9' ? digit - '0' : digit - 'a' + 10; };
  if (text.size() % 2 != 0 || text.find_first_not_of("0123456789abcdef") != text.npos) return std::nullopt;
  for (std::size_t i = 0; i < text.size(); i += 2) {
    bytes += static_cast<char>(value(text[i]) * 16 + value(text[i + 1]));
  }
  return bytes;
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
                                                       CivilDay today, std::shared_ptr<const Permit> permit) {
  const std::string& where = side == ir::Side::hub ? connection.hub : connection.provider;
  const std::optional<LiveSpec> spec = find_live_spec(where);
  if (!spec) {
    return fail(connection, fmt::format("`{}` is no system that can be called: write SYSTEM:URL, or SYSTEM: for the "
                                        "real one",
                                        where));
  }
  const CheckContext context{
      .tables = &rules.tables, .today = today, .region = {}, .test_system = connection.test_system};
  Result<std::unique_ptr<System>> opened = systems_.open(*spec, network_, std::move(credentials),
                                                         rules.rules.schema(side), context, nullptr, std::move(permit));
  if (!opened) return fail(connection, opened.error().what);
  return opened;
}

// So that they can be gone on with when the file is another one by then. A store that cannot be written to now will be
// another time.
void ConnectionOpener::keep_rules(const RuleBook& book) {
  bool there = false;
  const Result<void> read = store_.read([&](Transaction& transaction) -> Result<void> {
    const auto known = transaction.rules(book.hash);
    if (!known) return std::unexpected(known.error());
    there = known->has_value();
    return {};
  });
  if (!read || there) return;
  static_cast<void>(store_.write([&](Transaction& transaction) {
    StoredRules rules;
    rules.hash = book.hash;
    rules.content = bundle_text(book);
    rules.at = std::chrono::floor<std::chrono::milliseconds>(systems_.clock().wall_time());
    return transaction.put_rules(rules);
  }));
}

Result<void> ConnectionOpener::approve(const RuleBook& book, const std::string& by) {
  return store_.write([&](Transaction& transaction) {
    StoredRules rules;
    rules.hash = book.hash;
    rules.content = bundle_text(book);
    rules.at = std::chrono::floor<std::chrono::milliseconds>(systems_.clock().wall_time());
    rules.approved = rules.at;
    rules.approved_by = by;
    return transaction.put_rules(rules);
  });
}

// nullptr: they were not kept, or can no longer be read by this version. What another version took for their hash stays
// theirs: they are what the connection was last synchronised under.
Result<const RuleBook*> ConnectionOpener::kept_rules(const std::string& hash, const std::string& map) {
  {
    const std::lock_guard lock(reading_);
    if (const auto known = kept_.find(hash); known != kept_.end()) return known->second.get();
  }
  std::optional<StoredRules> stored;
  const Result<void> read = store_.read([&](Transaction& transaction) -> Result<void> {
    auto known = transaction.rules(hash);
    if (!known) return std::unexpected(known.error());
    stored = std::move(*known);
    return {};
  });
  if (!read) return std::unexpected(read.error());
  auto book = std::make_unique<RuleBook>();
  const auto bundle = stored ? read_bundle(stored->content) : std::nullopt;
  if (!bundle || !open_rule_bundle(*bundle, map, *book)) book.reset();
  if (book) book->hash = hash;
  const std::lock_guard lock(reading_);
  return kept_.emplace(hash, std::move(book)).first->second.get();
}

Result<ConnectionOpener::Chosen> ConnectionOpener::rules_of(const Connection& connection) {
  const Result<const RuleBook*> now = rules(connection.map);
  if (!now) return std::unexpected(now.error());
  Chosen chosen{.book = *now, .before = nullptr, .waiting = nullptr, .weaker = {}};
  keep_rules(**now);
  if (connection.rules_hash.empty() || connection.rules_hash == (*now)->hash) return chosen;
  const Result<const RuleBook*> before = kept_rules(connection.rules_hash, connection.map);
  if (!before) return std::unexpected(before.error());
  if (*before == nullptr) return chosen;
  chosen.before = *before;
  chosen.weaker = weakenings((*before)->rules, (*now)->rules);
  if (chosen.weaker.empty()) return chosen;
  bool approved = false;
  const Result<void> read = store_.read([&](Transaction& transaction) -> Result<void> {
    const auto stored = transaction.rules((*now)->hash);
    if (!stored) return std::unexpected(stored.error());
    approved = *stored && (*stored)->approved;
    return {};
  });
  if (!read) return std::unexpected(read.error());
  if (approved) return chosen;
  chosen.waiting = *now;
  chosen.book = *before;
  return chosen;
}

// Seldom asked of the store: connections are many, and what this finds is older than this version.
Result<void> ConnectionOpener::refuse_second(const Connection& connection) {
  if (connection.company_id.empty()) return {};
  const std::lock_guard lock(looking_);
  const auto look = [&]() -> Result<void> {
    return store_.read([&](Transaction& transaction) -> Result<void> {
      auto all = transaction.connections();
      if (!all) return std::unexpected(all.error());
      known_ = std::move(*all);
      return {};
    });
  };
  const auto time = systems_.clock().now();
  const bool is_old = !looked_ || time - *looked_ > std::chrono::seconds(5);
  if (is_old || find_preferred_twin(known_, connection) != nullptr) {
    if (Result<void> looked = look(); !looked) return looked;
    looked_ = time;
  }
  const Connection* twin = find_preferred_twin(known_, connection);
  if (twin == nullptr) return {};
  return fail(connection,
              fmt::format("{} is connected by connection {}, too, and both would write everything twice, so this one "
                          "does nothing: remove one of them (dovetail connection remove), or pause {}",
                          company_title(connection.company_name, connection.company_id), twin->name, twin->name));
}

Result<std::unique_ptr<Opened>> ConnectionOpener::open(const Connection& connection, CivilDay today) {
  if (Result<void> alone = refuse_second(connection); !alone) return std::unexpected(alone.error());
  const Result<Chosen> chosen = rules_of(connection);
  if (!chosen) return fail(connection, chosen.error().what);
  return open_by(connection, *chosen->book, today);
}

Result<std::unique_ptr<Opened>> ConnectionOpener::open_by(const Connection& connection, const RuleBook& rules,
                                                          CivilDay today) {
  auto opened = std::make_unique<Opened>();
  opened->connection = connection;
  opened->rules = &rules.program;
  opened->rules_hash = rules.hash;
  opened->tables = &rules.tables;
  opened->today = today;
  auto settings = read_settings(rules.rules, connection.settings);
  if (!settings) return fail(connection, settings.error().what);
  opened->settings = std::move(*settings);
  for (const ir::Side side : {ir::Side::hub, ir::Side::provider}) {
    Result<providers::Credentials> credentials = stored_credentials(connection, side);
    if (!credentials) return std::unexpected(credentials.error());
    Result<std::unique_ptr<System>> system =
        open(connection, rules, side, std::move(*credentials), today, opened->permit);
    if (!system) return std::unexpected(system.error());
    opened->systems[ir::at(side)] = std::move(*system);
  }
  return opened;
}

}  // namespace dovetail
