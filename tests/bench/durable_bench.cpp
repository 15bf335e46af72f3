// What tools/bench --durable measures inside one process; prints one JSON object a task:
//   durable_bench events STORE THREADS COUNT     events taken in, each in a transaction of its own
//   durable_bench latency STORE COUNT            from an event to the provider's call, with nothing else to do
//   durable_bench run STORE MAP HUB PROVIDER     a manual run over two files of JSON lines: plan and durable base; once
//                                                more on the same store: a run that finds a base
//   durable_bench idle STORE CONNECTIONS         a runtime whose workers have nothing to do
#include <fmt/format.h>
#include <sys/resource.h>

#include <algorithm>
#include <fstream>
#include <nlohmann/json.hpp>
#include <thread>

#include "engine/api/runtime.hpp"
#include "engine/runtime/run/manual_run.hpp"
#include "engine/runtime/write/records.hpp"
#include "providers/file/staged_files.hpp"
#include "providers/toolkit/json_lines.hpp"
#include "tools/sandbox/server/sandbox.hpp"
#include "tools/sandbox/systems.hpp"

namespace {

using namespace dovetail;
using ir::at;
using ir::Side;
using Json = nlohmann::json;
using Clock = std::chrono::steady_clock;

[[noreturn]] void stop(const std::string& why) {
  fmt::print(stderr, "durable_bench: {}\n", why);
  std::exit(2);
}

template <typename T>
T take(Result<T> result) {
  if (!result) stop(result.error().what);
  if constexpr (!std::is_void_v<T>) return *std::move(result);
}

double since(Clock::time_point begin) { return std::chrono::duration<double>(Clock::now() - begin).count(); }

// "VmRSS:": now; "VmHWM:": the most so far.
double resident_megabytes(const std::string& which = "VmRSS:") {
  std::ifstream status("/proc/self/status");
  std::string word;
  while (status >> word && word != which) {
  }
  double kilobytes = 0;
  status >> kilobytes;
  return kilobytes / 1024;
}

double cpu_seconds() {
  rusage used{};
  ::getrusage(RUSAGE_SELF, &used);
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
  };
  return seconds(used.ru_utime) + seconds(used.ru_stime);
}

std::unique_ptr<Runtime> open(const std::string& store) {
  return take(Runtime::open({.store = store, .key = std::string(64, 'b'), .create = true, .network = {}}));
}

// A connection that was run before, so that its events are acted on.
Connection connection(const std::string& name, const std::string& map) {
  Connection made;
  made.name = name;
  made.tenant = "bench";
  made.map = map;
  made.hub = "huma:http://127.0.0.1:9";
  made.provider = map + ":http://127.0.0.1:9";
  made.state = ConnectionState::active;
  made.test_system = true;
  return made;
}

ConnectionId add(Runtime& runtime, const Connection& made, const std::map<std::string, std::string>& hub_keys = {},
                 const std::map<std::string, std::string>& provider_keys = {}) {
  ConnectionId id = no_connection;
  take(runtime.store().write([&](Transaction& transaction) -> Result<void> {
    const Result<ConnectionId> added = transaction.add(made);
    if (!added) return std::unexpected(added.error());
    id = *added;
    Connection of = made;
    of.id = id;
    for (const auto& [label, secret] : hub_keys) {
      if (auto put = transaction.put_credential(of, Side::hub, label, secret); !put) return put;
    }
    for (const auto& [label, secret] : provider_keys) {
      if (auto put = transaction.put_credential(of, Side::provider, label, secret); !put) return put;
    }
    return {};
  }));
  return id;
}

Json take_in_events(const std::string& store, unsigned threads, unsigned count) {
  const std::unique_ptr<Runtime> runtime = open(store);
  if (!runtime->connections().find("events")) add(*runtime, connection("events", "finago"));
  const auto begin = Clock::now();
  std::vector<std::jthread> senders;
  for (unsigned sender = 0; sender < threads; ++sender) {
    senders.emplace_back([&, sender] {
      for (unsigned i = sender; i < count; i += threads) {
        take(runtime->take_in("events", fmt::format("person-{}", i % 5000), Event::changed,
                              fmt::format("{}/{}", threads, i)));
      }
    });
  }
  senders.clear();
  return {{"a_second", count / since(begin)}};
}

// --- latency ---

class OneOffice {
 public:
  explicit OneOffice(Runtime& runtime) : runtime_(runtime) {
    hub_ = start("huma");
    provider_ = start("finago");
    Connection made = connection("latency", "finago");
    made.state = ConnectionState::fresh;
    made.hub = "huma:" + hub_->url();
    made.provider = "finago:" + provider_->url() + "/api";
    std::map<std::string, std::string> hub_keys;
    const sandbox::Json shown = hub_->credentials();
    for (const auto& [name, value] : shown.items()) hub_keys[name] = value.get<std::string>();
    hub_keys["groups"] = hub_->rows("groups").begin().key();
    add(runtime, made, hub_keys, {{"api_key", provider_->credentials()["access_token"].get<std::string>()}});
    const std::unique_ptr<Opened> opened = take(runtime.open("latency"));
    ManualRun run = take(ManualRun::start(runtime.means(), *opened, "bench"));
    Decisions decisions;
    decisions.bulk = Choice::leave;
    decisions.create_in = {false, false};
    take(run.decide(decisions));
    if (!take(run.apply(std::chrono::seconds(5))).activated) stop("the connection is not active");
    const sandbox::Json people = hub_->rows("users");
    for (const auto& [id, row] : people.items()) ids_.push_back(id);
  }

  // Milliseconds from a change's event to the provider's first writing call about it.
  double change(unsigned number) {
    const std::string& id = ids_[number % ids_.size()];
    provider_->forget_calls();
    hub_->patch_row("users", id, {{"familyName", fmt::format("Berg {}", number)}});
    const auto told = std::chrono::system_clock::now();
    take(runtime_.take_in("latency", id, Event::changed, {}));
    for (const auto give_up = Clock::now() + std::chrono::seconds(20); Clock::now() < give_up;) {
      for (const sandbox::RecordedCall& call : provider_->calls()) {
        if (call.call.method == "GET" || call.call.path.find("auth") != std::string::npos) continue;
        const auto began = call.at - std::chrono::microseconds(call.microseconds);
        return std::chrono::duration<double, std::milli>(began - told).count();
      }
      std::this_thread::sleep_for(std::chrono::milliseconds(2));
    }
    stop("the provider was not called");
  }

 private:
  static std::unique_ptr<sandbox::Sandbox> start(const std::string& name) {
    auto started =
        sandbox::Sandbox::start(sandbox::make_system(name, {.count = 50, .countries = {sandbox::Country::norway}}));
    if (!started) stop(started.error());
    return std::move(*started);
  }
  Runtime& runtime_;
  std::unique_ptr<sandbox::Sandbox> hub_, provider_;
  std::vector<std::string> ids_;
};

Json measure_latency(const std::string& store, unsigned count) {
  const std::unique_ptr<Runtime> runtime = open(store);
  OneOffice office(*runtime);
  take(runtime->start_working(2));
  std::vector<double> took;
  for (unsigned i = 0; i < count; ++i) {
    took.push_back(office.change(i));
    std::this_thread::sleep_for(std::chrono::milliseconds(150 + i % 37));
  }
  take(runtime->stop_working());
  std::ranges::sort(took);
  return {{"p50", took[took.size() / 2]}, {"p99", took[took.size() * 99 / 100]}};
}

// --- a manual run ---

class ListedSystem : public System {
 public:
  ListedSystem(const RuleBook& of, Side side, const std::string& file, CivilDay today)
      : snapshot_(of.program.layouts[at(side)]) {
    const CheckContext context{.tables = &of.tables, .today = today, .region = {}, .test_system = true};
    providers::JsonLines lines(file, of.rules.schema(side), snapshot_.layout(), context);
    take(providers::read_blocks(file, [&](std::string_view block) { return lines.take(block, snapshot_); }));
  }
  Capabilities capabilities() const override { return {}; }
  Result<Identity> check() override { return Identity{}; }
  Result<Completeness> list(Snapshot& into) override {
    into = std::move(snapshot_);
    return Completeness{.complete = true, .reason = {}};
  }
  Result<bool> get(std::string_view, Snapshot&) override { return false; }
  Result<std::vector<std::optional<std::string>>> find(ir::MemberId, const std::vector<std::string>&) override {
    stop("nobody is searched for");
  }
  Result<std::optional<std::string>> find_created(std::string_view) override { return std::nullopt; }
  Result<Created> create(const std::vector<Change>&, std::string_view) override { stop("nobody is added"); }
  Result<std::vector<ChangeOutcome>> update(std::string_view, const std::vector<Change>&) override {
    stop("nothing is written");
  }

 private:
  Snapshot snapshot_;
};

Json measure_run(const std::string& store, const std::string& map, const std::string& hub,
                 const std::string& provider) {
  const std::unique_ptr<Runtime> runtime = open(store);
  RuleBook book;
  take(open_rule_book(map, book));
  if (!runtime->connections().find("run")) {
    Connection made = connection("run", map);
    made.state = ConnectionState::fresh;
    add(*runtime, made);
  }
  Opened opened;
  opened.connection = take(runtime->connections().find("run"));
  opened.rules = &book.program;
  opened.rules_hash = book.hash;
  opened.tables = &book.tables;
  opened.today = runtime->today();
  opened.systems = {std::make_unique<ListedSystem>(book, Side::hub, hub, opened.today),
                    std::make_unique<ListedSystem>(book, Side::provider, provider, opened.today)};
  opened.settings.resize(book.rules.settings.size());
  const auto begin = Clock::now();
  ManualRun run = take(ManualRun::start(runtime->means(), opened, "bench"));
  const double kept = since(begin);
  Decisions decisions;
  decisions.bulk = Choice::leave;
  decisions.create_in = {false, false};
  take(run.decide(decisions));
  const auto decided = Clock::now();
  const double cpu_before = cpu_seconds();
  const ManualRun::Done done = take(run.apply(std::chrono::seconds(5)));
  if (!done.finished) stop("the run is not finished");
  return {{"people", done.plan.totals.people},
          {"keep_what_was_read", kept},
          {"plan_and_base", since(decided)},
          {"cpu", cpu_seconds() - cpu_before},
          {"megabytes", resident_megabytes("VmHWM:")}};
}

// --- idle ---

Json measure_idle(const std::string& store, unsigned connections) {
  const std::unique_ptr<Runtime> runtime = open(store);
  const double before = resident_megabytes();
  for (unsigned i = 0; i < connections; ++i) add(*runtime, connection(fmt::format("idle{}", i), "finago"));
  take(runtime->start_working(4));
  std::this_thread::sleep_for(std::chrono::seconds(5));
  const double cpu = cpu_seconds();
  std::this_thread::sleep_for(std::chrono::seconds(10));
  const double used = (cpu_seconds() - cpu) / 10;
  const double after = resident_megabytes();
  take(runtime->stop_working());
  return {{"megabytes", after}, {"megabytes_before", before}, {"cpu_percent", used * 100}};
}

unsigned number(const char* word) { return static_cast<unsigned>(std::max(1, std::atoi(word))); }

}  // namespace

int main(int count, char** words) {
  const std::string task = count > 2 ? words[1] : "", store = count > 2 ? words[2] : "";
  Json result;
  if (task == "events" && count == 5) {
    result = take_in_events(store, number(words[3]), number(words[4]));
  } else if (task == "latency" && count == 4) {
    result = measure_latency(store, number(words[3]));
  } else if (task == "run" && count == 6) {
    result = measure_run(store, words[3], words[4], words[5]);
  } else if (task == "idle" && count == 4) {
    result = measure_idle(store, number(words[3]));
  } else {
    stop("see the head of tests/bench/durable_bench.cpp");
  }
  fmt::print("{}\n", result.dump());
}
