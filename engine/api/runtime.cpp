#include "engine/api/runtime.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <system_error>

#include "engine/store/open.hpp"
#include "engine/system_error.hpp"
#include "providers/huma/webhook.hpp"
#include "providers/toolkit/http/connection.hpp"

namespace dovetail {
namespace {

std::unexpected<Error> fail(std::string what) {
  return std::unexpected(Error{.kind = Error::Kind::input, .what = std::move(what)});
}

// Unique among all processes that may share a store.
std::string worker_name() {
  std::array<char, 256> host{};
  ::gethostname(host.data(), host.size() - 1);
  static std::atomic<unsigned> made = 0;
  return fmt::format("{}/{}/{}", host.data(), ::getpid(), ++made);
}

// Ids come from outside, and are kept, logged and put into addresses.
constexpr std::size_t longest_id = 200;
constexpr const char* no_id = "is none: it is longer than 200 bytes, or has control characters";

bool is_id(std::string_view text) {
  return text.size() <= longest_id &&
         std::ranges::none_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
}

// At once, not with the first call that wants it.
Result<void> check_network(const Network& network) {
  if (Result<void> usable = providers::check_proxy(network.proxy); !usable) return usable;
  if (network.ca_file.empty()) return {};
  std::error_code ignored;
  std::ifstream file(network.ca_file);
  if (!std::filesystem::is_regular_file(network.ca_file, ignored) || !file) {
    return fail(network.ca_file + ": no such file of certificate authorities, or it cannot be read");
  }
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with("-----BEGIN ")) return {};
  }
  return fail(network.ca_file + ": no certificate in it: authorities to trust are given in PEM");
}

Event event_of(providers::huma::UserEvent::Topic topic) {
  using Topic = providers::huma::UserEvent::Topic;
  return topic == Topic::create ? Event::added : topic == Topic::remove ? Event::removed : Event::changed;
}

}  // namespace

Result<std::unique_ptr<Runtime>> Runtime::open(const RuntimeOptions& options) {
  if (options.store.find('\0') != std::string::npos) return fail("the store's place has a NUL in it");
  const std::optional<KeyedHash::Key> key = read_key(options.key);
  if (!key) return fail("the key must be 64 hexadecimal digits, as `openssl rand -hex 32` makes them");
  if (Result<void> network = check_network(options.network); !network) return std::unexpected(network.error());
  std::unique_ptr<Runtime> runtime(new Runtime);
  runtime->most_waiting_ = options.most_waiting;
  runtime->place_ = options.store;
  runtime->telemetry_ = std::make_unique<Telemetry>(options.log);
  const auto log = [telemetry = runtime->telemetry_.get()](const std::string& what) {
    telemetry->log(Telemetry::Level::warning, "the store", {{"what", what}});
  };
  const OpenOptions opening{.create = options.create,
                            .read_only = options.read_only,
                            .wait = options.wait,
                            .lets_go = options.lets_go,
                            .say = options.say ? options.say : log,
                            .gives_up = options.gives_up};
  auto store = open_store(options.store, *key, opening);
  if (!store) return std::unexpected(store.error());
  runtime->store_ = std::move(*store);
  runtime->opener_ = std::make_unique<ConnectionOpener>(*runtime->store_, options.network);
  runtime->opener_->systems().share_limits(rate_scopes(*runtime->store_));
  runtime->connections_ = std::make_unique<Connections>(*runtime->store_, *runtime->opener_, runtime->clock());
  runtime->means_.reset(new Means{.store = *runtime->store_,
                                  .clock = runtime->clock(),
                                  .opener = *runtime->opener_,
                                  .telemetry = *runtime->telemetry_});
  if (Result<void> read = runtime->read_keeping(); !read) return std::unexpected(read.error());
  return runtime;
}

// How long things are kept is a setting of the store, so that everybody who opens it keeps them as long.
Result<void> Runtime::read_keeping() {
  return store_->read([&](Transaction& transaction) -> Result<void> {
    const auto kept = time_kept(transaction, means_->limits);
    if (!kept) return std::unexpected(kept.error());
    means_->limits.kept = *kept;
    return {};
  });
}

Result<void> Runtime::keep_for(unsigned days) {
  if (days < 1 || days > 3650) return fail("values can be kept for 1 to 3650 days");
  Result<void> put = store_->write(
      [&](Transaction& transaction) { return transaction.put_setting(keep_days_setting, std::to_string(days)); });
  if (put) means_->limits.kept = std::chrono::hours(24 * days);
  return put;
}

Result<std::size_t> Runtime::expire() {
  std::size_t rows = 0;
  const Instant now = std::chrono::floor<std::chrono::milliseconds>(clock().wall_time());
  const Result<void> done = store_->write([&](Transaction& transaction) -> Result<void> {
    const auto gone = transaction.expire(now, now - means_->limits.kept);
    if (!gone) return std::unexpected(gone.error());
    rows = *gone;
    return {};
  });
  if (!done) return std::unexpected(done.error());
  return rows;
}

Runtime::~Runtime() { static_cast<void>(stop_working()); }

Result<void> Runtime::start_working(unsigned threads) {
  const std::lock_guard lock(working_);
  if (worker_ && worked_.wait_for(std::chrono::seconds(0)) != std::future_status::ready) {
    return fail("this runtime is working already");
  }
  reading_spool_ = {};  // of workers that have ended by themselves, as the log says
  worker_ = std::make_unique<Worker>(*means_, WorkerOptions{.name = worker_name(), .threads = threads});
  try {
    if (Result<void> started = worker_->start(); !started) {
      worker_.reset();
      return started;
    }
    run_worker();
  } catch (const std::system_error& refused) {
    static_cast<void>(end_work());
    return std::unexpected(Error{.kind = Error::Kind::transient,
                                 .what = "the workers: " + what_is_lacking(refused).value_or(refused.what())});
  }
  return {};
}

void Runtime::run_worker() {
  worked_ = std::async(std::launch::async, [worker = worker_.get()]() -> Result<void> {
    try {
      return worker->run();
    } catch (const std::exception& mistake) {
      return std::unexpected(Error{.kind = Error::Kind::data, .what = fmt::format("the workers: {}", mistake.what())});
    }
  });
  if (spool_folder(place_).empty()) return;
  reading_spool_ = std::jthread([this, worker = worker_.get()](const std::stop_token& stopping) {
    for (SpoolReader spool(place_, *this, *telemetry_); !stopping.stop_requested();) {
      if (spool.look()) worker->wake();
      std::this_thread::sleep_for(std::chrono::milliseconds(25));
    }
  });
}

Result<void> Runtime::stop_working() {
  const std::lock_guard lock(working_);
  return end_work();
}

Result<void> Runtime::end_work() {
  if (!worker_) return {};
  reading_spool_ = {};  // waits for its end
  worker_->stop();
  Result<void> worked = worked_.valid() ? worked_.get() : Result<void>{};
  worker_.reset();
  return worked;
}

Result<void> Runtime::work_until_idle(unsigned threads) {
  const Result<std::size_t> left = SpoolReader(place_, *this, *telemetry_).take_in();
  const Result<void> worked = Worker(*means_, {.name = worker_name(), .threads = threads}).run_until_idle();
  if (worked && !left && left.error().kind != Error::Kind::rate) return std::unexpected(left.error());
  return worked;
}

Result<std::unique_ptr<Opened>> Runtime::open(std::string_view connection) {
  const Result<Connection> of = connections_->find(connection);
  if (!of) return std::unexpected(of.error());
  return opener_->open(*of, today());
}

CivilDay Runtime::today() {
  const std::time_t now = std::chrono::system_clock::to_time_t(clock().wall_time());
  std::tm local{};
  ::localtime_r(&now, &local);
  return {std::chrono::year(local.tm_year + 1900), std::chrono::month(static_cast<unsigned>(local.tm_mon + 1)),
          std::chrono::day(static_cast<unsigned>(local.tm_mday))};
}

Result<bool> Runtime::take_in(std::string_view connection, std::string_view hub_id, Event what, std::string_view id) {
  const GivenEvent event{std::string(connection), std::string(hub_id), what, std::string(id)};
  const TakenIn taken = take_in(std::span(&event, 1));
  if (taken.refused) return std::unexpected(*taken.refused);
  return taken.fresh == 1;
}

// Whose event it is; an Error: it is not to be taken in.
Result<Connection> Runtime::receiver_of(const GivenEvent& event) {
  if (event.hub_id.empty()) return fail("an event needs the person's id in the hub");
  if (!is_id(event.hub_id)) return fail(fmt::format("the person's id {}", no_id));
  if (!event.id.empty() && !is_id(event.id)) return fail(fmt::format("the event's id {}", no_id));
  return connections_->find(event.connection);
}

TakenIn Runtime::take_in(std::span<const GivenEvent> events) {
  TakenIn taken;
  std::map<std::string_view, Connection> known;
  std::vector<PersonEvent> rows;
  const Instant now = std::chrono::floor<std::chrono::milliseconds>(clock().wall_time());
  for (const GivenEvent& one : events) {
    const auto found = known.find(one.connection);
    const bool is_known = found != known.end() && !one.hub_id.empty() && is_id(one.hub_id) && is_id(one.id);
    const Result<Connection> of = is_known ? found->second : receiver_of(one);
    const Result<void> room = of ? make_sure_of_room(*of) : std::unexpected(of.error());
    if (!room) {
      taken.refused = room.error();
      break;
    }
    known.emplace(one.connection, *of);
    rows.push_back({.id = one.id, .connection = of->id, .hub_id = one.hub_id, .what = one.what, .at = now, .due = now});
  }
  const Result<void> written = rows.empty() ? Result<void>{} : store_->write([&](Transaction& transaction) {
    taken.fresh = 0;
    for (const PersonEvent& row : rows) {
      const Result<bool> done = transaction.take_in(row);
      if (!done) return Result<void>(std::unexpected(done.error()));
      taken.fresh += *done ? 1U : 0U;
    }
    return Result<void>{};
  });
  if (!written) return {.read = 0, .fresh = 0, .refused = written.error()};
  taken.read = rows.size();
  if (const std::unique_lock lock(working_, std::try_to_lock); lock && worker_) worker_->wake();
  return taken;
}

// Counted once a second, for counting takes time where much waits.
Result<void> Runtime::make_sure_of_room(const Connection& of) {
  if (most_waiting_ == 0) return {};
  const std::lock_guard lock(intake_);
  Intake& intake = intakes_[of.id];
  const auto time = clock().now();
  if (!intake.counted || time - *intake.counted >= std::chrono::seconds(1)) {
    const Result<void> counted = store_->read([&](Transaction& transaction) -> Result<void> {
      const auto waiting = transaction.waiting(of.id);
      if (!waiting) return std::unexpected(waiting.error());
      intake.waiting = *waiting;
      return {};
    });
    if (!counted) return counted;
    intake.counted = time;
  }
  if (intake.waiting < most_waiting_) {
    ++intake.waiting;
    return {};
  }
  return std::unexpected(
      Error{.kind = Error::Kind::rate,
            .what = fmt::format("connection {}: {} events wait already, and no more than {} may, so this one was not "
                                "taken in; send it again later, or let more workers act (`dovetail work`)",
                                of.name, intake.waiting, most_waiting_),
            .retry_after = std::chrono::seconds(10)});
}

Result<std::size_t> Runtime::take_in_webhook(std::string_view connection, const std::vector<providers::Header>& headers,
                                             const std::string& body) {
  const Result<Connection> of = connections_->find(connection);
  if (!of) return std::unexpected(of.error());
  providers::huma::WebhookKeys keys;
  const Result<void> read = store_->read([&](Transaction& transaction) -> Result<void> {
    const auto credentials = transaction.credentials(*of, ir::Side::hub);
    if (!credentials) return std::unexpected(credentials.error());
    for (const auto& [name, secret] : *credentials) {
      if (name == "webhook_token") keys.access_token = secret;
      if (name == "webhook_secret") keys.client_secret = secret;
      if (name == "client_secret") keys.api_secret = secret;
    }
    return {};
  });
  if (!read) return std::unexpected(read.error());
  const Result<providers::huma::UserEvent> event = providers::huma::read_webhook(headers, body, keys);
  if (!event) return std::unexpected(event.error());
  for (const std::string& user : event->users) {
    if (const Result<bool> taken = take_in(connection, user, event_of(event->topic), {}); !taken) {
      return std::unexpected(taken.error());
    }
  }
  return event->users.size();
}

}  // namespace dovetail
