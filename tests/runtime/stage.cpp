#include "tests/runtime/stage.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <map>
#include <set>

#include "engine/store/keyed_hash.hpp"
#include "tests/run.hpp"
#include "tools/sandbox/systems.hpp"

namespace dovetail::test {
namespace {

using sandbox::Json;

providers::Credentials credentials_of(const std::string& system, const Json& shown) {
  static const std::map<std::string, std::string, std::less<>> other_names = {{"user_id", "customer_id"},
                                                                              {"key", "customer_key"},
                                                                              {"business_id", "organisation_id"},
                                                                              {"api_key", "access_token"}};
  providers::Credentials credentials;
  for (const std::string_view name : providers::find_adapter(system)->credentials) {
    const auto other = other_names.find(name);
    const std::string key = other == other_names.end() ? std::string(name) : other->second;
    REQUIRE(shown.contains(key));
    credentials[std::string(name)] = shown[key].get<std::string>();
  }
  return credentials;
}

std::unique_ptr<sandbox::Sandbox> start_sandbox(const std::string& name, int people, sandbox::Country country) {
  auto started = sandbox::Sandbox::start(sandbox::make_system(name, {.count = people, .countries = {country}}));
  REQUIRE(started.has_value());
  return std::move(*started);
}

// Without what differs from run to run: ids and stamps.
Json lasting(const Json& row) {
  static const std::set<std::string> changing = {"Id",
                                                 "Number",
                                                 "ExternalImportReference",
                                                 "SalaryBankAccountId",
                                                 "ExpenseBankAccountId",
                                                 "TravelExpenseBankAccountId",
                                                 "netvisorkey"};
  if (!row.is_structured()) return row;
  Json kept = row.is_array() ? Json::array() : Json::object();
  for (const auto& [name, value] : row.items()) {
    if (row.is_array()) {
      kept.push_back(lasting(value));
    } else if (!changing.contains(name) && !name.ends_with("DateTimeOffset")) {
      kept[name] = lasting(value);
    }
  }
  return kept;
}

}  // namespace

Stage::Stage(const StageOptions& options) : store(options.store) { start(options); }

void Stage::start(const StageOptions& options) {
  const auto country = options.provider == "poweroffice_go" ? sandbox::Country::norway : sandbox::Country::finland;
  hub = start_sandbox("huma", options.people, country);
  provider = start_sandbox(options.provider, options.people, country);
  opener = std::make_unique<ConnectionOpener>(*store);
  Connection made;
  made.name = "payroll";
  made.tenant = "acme";
  made.map = options.map.empty() ? options.provider : options.map;
  made.hub = "huma:" + hub->url();
  made.provider = options.provider + ":" + provider->url() + (options.provider == "finago" ? "/api" : "");
  made.test_system = true;
  if (options.creates && options.provider == "poweroffice_go") made.settings.emplace_back("create_on_add", "true");
  providers::Credentials of_hub = credentials_of("huma", hub->credentials());
  of_hub["groups"] = hub->rows("groups").begin().key();
  const providers::Credentials of_provider = credentials_of(options.provider, provider->credentials());
  store.write([&](Transaction& transaction) -> Result<void> {
    auto added = transaction.add(made);
    if (!added) return std::unexpected(added.error());
    id = *added;
    made.id = id;
    for (const auto& [name, secret] : of_hub) {
      if (auto put = transaction.put_credential(made, ir::Side::hub, name, secret); !put) return put;
    }
    for (const auto& [name, secret] : of_provider) {
      if (auto put = transaction.put_credential(made, ir::Side::provider, name, secret); !put) return put;
    }
    return {};
  });
}

Means Stage::means() {
  return {.store = *store, .clock = clock, .opener = *opener, .telemetry = telemetry, .limits = test_limits()};
}

Connection Stage::connection() {
  std::optional<Connection> found;
  store.read([&](Transaction& transaction) -> Result<void> {
    auto read = transaction.connection(id);
    if (!read) return std::unexpected(read.error());
    found = *read;
    return {};
  });
  REQUIRE(found);
  return *found;
}

void Stage::change_connection(const std::function<void(Connection&)>& change) {
  Connection changed = connection();
  change(changed);
  store.write([&](Transaction& transaction) { return transaction.update(changed); });
}

std::unique_ptr<Opened> Stage::open() {
  auto opened = opener->open(connection(), today(means()));
  if (!opened) FAIL(opened.error().what);
  return std::move(*opened);
}

ManualRun::Done Stage::synchronise() {
  const Means with = means();
  const std::unique_ptr<Opened> opened = open();
  auto run = ManualRun::start(with, *opened, "a test");
  if (!run) FAIL(run.error().what);
  Decisions decisions;
  decisions.accept_preselected = true;
  decisions.bulk = Choice::hub;
  decisions.create_in = {false, false};
  REQUIRE(run->decide(decisions));
  auto done = run->apply(std::chrono::seconds(5));
  if (!done) FAIL(done.error().what);
  return std::move(*done);
}

void Stage::activate() {
  const ManualRun::Done done = synchronise();
  CHECK(done.finished);
  CHECK(done.activated);
  REQUIRE(connection().state == ConnectionState::active);
}

void Stage::tell(const std::string& hub_id, Event what, const std::string& event_id) {
  store.write([&](Transaction& transaction) -> Result<void> {
    const Instant time = now(means());
    auto taken = transaction.take_in({event_id, id, hub_id, what, time, time});
    if (!taken) return std::unexpected(taken.error());
    return {};
  });
}

void Stage::work() {
  const Means with = means();
  Worker worker(with, {.name = "test", .threads = 4, .poll = std::chrono::milliseconds(10), .sweep = {}});
  const Result<void> worked = worker.run_until_idle();
  if (!worked) FAIL(worked.error().what);
}

void Stage::command(const std::string& text) {
  store.close();
  const Ran ran =
      run("DOVETAIL_KEY=" + key_text(store.key()) + " dovetail " + text + " --store '" + store.where() + "'");
  store.open();
  opener = std::make_unique<ConnectionOpener>(*store);
  INFO(text << "\n" << ran.out);
  REQUIRE(ran.exit == 0);
}

std::vector<std::string> Stage::hub_ids() const {
  std::vector<std::string> ids;
  const Json rows = hub->rows("users");
  for (const auto& [key, row] : rows.items()) ids.push_back(key);
  std::ranges::sort(ids);
  return ids;
}

Json Stage::employee_of(const std::string& hub_id) const {
  std::optional<StoredLink> link = const_cast<Stage*>(this)->link_of(hub_id);
  if (!link || link->link.provider_id.empty()) return {};
  return provider->row("employees", link->link.provider_id);
}

std::vector<Json> Stage::employees() const {
  std::vector<Json> all;
  const Json rows = provider->rows("employees");
  for (const auto& [key, row] : rows.items()) all.push_back(lasting(row));
  std::ranges::sort(all, {}, [](const Json& row) { return row.dump(); });
  return all;
}

std::string Stage::work_apart(const std::string& arguments) {
  store.close();
  const Ran ran = run("victim '" + store.where() + "' " + arguments);
  store.open();
  opener = std::make_unique<ConnectionOpener>(*store);
  return ran.exit == 0 ? "done" : ran.exit == 137 ? "killed" : ran.out;
}

std::size_t Stage::writes() const {
  std::size_t count = 0;
  for (const sandbox::RecordedCall& call : provider->calls()) {
    if (call.call.method != "GET" && call.call.target.find("oken") == std::string::npos) ++count;
  }
  return count;
}

void Stage::forget_calls() {
  hub->forget_calls();
  provider->forget_calls();
}

std::optional<StoredLink> Stage::link_of(const std::string& hub_id) {
  std::optional<StoredLink> link;
  store.read([&](Transaction& transaction) -> Result<void> {
    auto found = transaction.link_of_hub(id, hub_id);
    if (!found) return std::unexpected(found.error());
    link = *found;
    return {};
  });
  return link;
}

std::vector<Problem> Stage::problems() {
  std::vector<Problem> all;
  store.read([&](Transaction& transaction) -> Result<void> {
    auto found = transaction.problems(id, false);
    if (!found) return std::unexpected(found.error());
    all = *found;
    return {};
  });
  return all;
}

}  // namespace dovetail::test
