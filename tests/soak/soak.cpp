// A soak: connections between simulated systems that fail, workers that are killed, random edits on both sides; at the
// end faults are lifted, what waits is worked off, a manual run takes over what was changed in the provider, and both
// sides must be the same. Exit code 0: they are; 1: they are not, or something else was not as it must be.
#include <signal.h>

#include <fmt/format.h>

#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <thread>

#include "tests/places.hpp"
#include "tests/postgres/server.hpp"
#include "tests/soak/office.hpp"

namespace dovetail::soak {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

constexpr const char* usage =
    "soak [--store sqlite|postgresql] [--connections N] [--people N (of all)] [--seconds N] [--seed N] [--keep]\n";

struct Options {
  std::string store = "sqlite";
  int connections = 10, people = 5000, seconds = 1800;  // of edits
  unsigned seed = 1;
  bool keep = false;  // the folder with logs and store
};

std::optional<Options> read_options(int argc, char** argv) {
  Options options;
  for (int i = 1; i < argc; ++i) {
    const std::string word = argv[i], value = i + 1 < argc ? argv[i + 1] : "";
    if (word == "--keep") {
      options.keep = true;
      continue;
    }
    ++i;
    const int number = std::atoi(value.c_str());
    if (word == "--store" && (value == "sqlite" || value == "postgresql")) {
      options.store = value;
    } else if (word == "--connections" && number > 0) {
      options.connections = number;
    } else if (word == "--people" && number > 0) {
      options.people = number;
    } else if (word == "--seconds" && number > 0) {
      options.seconds = number;
    } else if (word == "--seed" && number > 0) {
      options.seed = static_cast<unsigned>(number);
    } else {
      return std::nullopt;
    }
  }
  return options;
}

struct Worker {
  pid_t process = 0;
  Clock::time_point started;
  std::vector<double> megabytes;  // once a second
  Clock::time_point stopped_until{};
};

class Soak {
 public:
  explicit Soak(const Options& options) : options_(options), chance_(options.seed) {
    std::string name = (std::filesystem::temp_directory_path() / "dovetail-soak-XXXXXX").string();
    folder_ = ::mkdtemp(name.data());
    std::string where = "sqlite:" + folder_ + "/store.db";
    if (options.store == "postgresql") {
      server_ = std::make_unique<test::PostgresServer>();
      where = "postgresql:" + server_->make_database();
    }
    programs_ = std::make_unique<Programs>(where, folder_);
    copy_rules();
  }
  ~Soak() {
    for (const Worker& each : workers_) {
      ::kill(each.process, SIGKILL);
      wait_for(each.process);
    }
    if (!options_.keep) std::filesystem::remove_all(folder_);
  }

  int run() {
    connect();
    began_ = Clock::now();
    for (std::size_t i = 0; i < (server_ ? 3U : 1U); ++i) start_worker();
    while (share() < 1) {
      turn();
      std::this_thread::sleep_for(milliseconds(100));
    }
    settle();
    check();
    say(problems_.empty() ? "both sides are the same" : fmt::format("{} things are wrong", problems_.size()));
    for (std::size_t i = 0; i < std::min<std::size_t>(problems_.size(), 40); ++i) say("  " + problems_[i]);
    if (options_.keep) say("kept: " + folder_);
    return problems_.empty() ? 0 : 1;
  }

 private:
  static void say(const std::string& text) {
    fmt::print("soak: {}\n", text);
    std::fflush(stdout);
  }
  void wrong(std::string what) { problems_.push_back(std::move(what)); }

  // The limits of a day's changes are lifted: here a day's changes take minutes.
  void copy_rules() const {
    const std::filesystem::path to = folder_ + "/rules";
    std::filesystem::copy(DOVETAIL_SOURCE_DIR "/rules", to, std::filesystem::copy_options::recursive);
    for (const char* map : {"netvisor", "finago", "poweroffice_go"}) {
      std::ofstream(to / fmt::format("{}.map", map), std::ios::app)
          << "\nguard overwrites 100000 or 100 %\nguard emails 100000 or 100 %\nguard clears 100000 or 100 %\n";
    }
    ::setenv("DOVETAIL_RULES", to.c_str(), 1);
  }

  void connect() {
    if (const Ended made = programs_->run({"store", "init"}); made.exit != 0) throw std::runtime_error(made.out);
    const std::vector<std::string> providers = {"netvisor", "poweroffice_go", "finago"};
    for (int i = 0; i < options_.connections; ++i) {
      const std::string& provider = providers[static_cast<std::size_t>(i) % providers.size()];
      offices_.push_back(std::make_unique<Office>(fmt::format("office{}", i + 1), provider,
                                                  options_.people / options_.connections, folder_ + "/rules"));
      offices_.back()->connect(*programs_);
      say(fmt::format("{} of {} connected: {}, {} people", i + 1, options_.connections, provider,
                      offices_.back()->people()));
    }
  }

  double share() const { return std::chrono::duration<double>(Clock::now() - began_).count() / options_.seconds; }
  bool happens(double a_second) {  // in this turn of a tenth of one
    return std::uniform_real_distribution<>(0, 1)(chance_) < a_second / 10;
  }
  Office& any_office() { return *offices_[chance_() % offices_.size()]; }

  void turn() {
    const double rate = std::max(8.0, options_.people / 500.0);
    for (double left = rate / 10; left > 0; left -= 1) {
      if (left < 1 && !happens(left * 10)) break;
      Office& office = any_office();
      if (const auto person = office.edit(chance_)) tell(office, *person, "changed");
      ++edits_;
    }
    if (happens(options_.connections * 0.02)) {
      Office& office = any_office();
      if (const auto person = office.add_person()) tell(office, *person, "added");
    }
    if (happens(options_.connections * 0.1)) any_office().misbehave(chance_);
    if (++turns_ % 5 == 0) send_events();
    if (turns_ % 10 == 0) look_after_workers();
    if (turns_ % (options_.seconds > 120 ? 100 : 50) == 0) report();
  }

  // Some are dropped, and some come twice.
  void tell(const Office& office, const std::string& person, const std::string& kind) {
    const int times = chance_() % 20 == 0 ? 0 : chance_() % 10 == 0 ? 2 : 1;
    for (int i = 0; i < times; ++i) {
      events_ += fmt::format("{{\"connection\": \"{}\", \"person\": \"{}\", \"kind\": \"{}\"}}\n", office.name(),
                             person, kind);
    }
    if (times == 0) ++dropped_;
  }

  void send_events() {
    if (events_.empty()) return;
    const std::string file = folder_ + "/events.jsonl";
    std::ofstream(file) << events_;
    const Ended sent = programs_->run({"event", "--from", file});
    if (sent.exit == 0) {
      events_.clear();
    } else {
      ++not_taken_;  // nothing was acknowledged: sent again
      last_refusal_ = sent.out;
    }
  }

  void start_worker() {
    const bool sweeps = workers_started_++ % 4 == 0;
    Worker worker;
    worker.process =
        programs_->start({"work", "--log", "text", "--threads", "4", "--sweep", sweeps ? "6" : "0"}, "work.log");
    worker.started = Clock::now();
    workers_.push_back(worker);
  }

  // Once a second. The last third of the time belongs to one worker, whose memory is looked at; on PostgreSQL the first
  // one lives on.
  void look_after_workers() {
    for (std::size_t i = 0; i < workers_.size(); ++i) {
      Worker& worker = workers_[i];
      int exit = 0;
      if (has_ended(worker.process, exit)) {
        ++ended_by_themselves_;
        if (exit != 2) wrong(fmt::format("a worker ended by itself with {}", exit));
        workers_.erase(workers_.begin() + static_cast<std::ptrdiff_t>(i));
        start_worker();
        return;
      }
      worker.megabytes.push_back(resident_megabytes(worker.process));
      if (worker.stopped_until != Clock::time_point() && Clock::now() > worker.stopped_until) {
        ::kill(worker.process, SIGCONT);
        worker.stopped_until = {};
      }
    }
    if (share() > 0.66) return;
    if (server_ && !restarted_ && share() > 0.4) restart_server();
    if (server_ && chance_() % 10 == 0) stop_for_a_while(workers_[chance_() % workers_.size()]);
    if (chance_() % (options_.seconds > 120 ? 15 : 4) == 0) kill_one();
  }

  void kill_one() {
    const std::size_t which = server_ ? 1 + chance_() % (workers_.size() - 1) : 0;
    ::kill(workers_[which].process, SIGKILL);
    wait_for(workers_[which].process);
    workers_.erase(workers_.begin() + static_cast<std::ptrdiff_t>(which));
    ++kills_;
    start_worker();
  }

  void stop_for_a_while(Worker& worker) {
    if (worker.stopped_until != Clock::time_point()) return;
    ::kill(worker.process, SIGSTOP);
    worker.stopped_until = Clock::now() + milliseconds(1000 + chance_() % 3000);
    ++stops_;
  }

  void restart_server() {
    restarted_ = true;
    say("the database is killed");
    server_->kill();
    std::this_thread::sleep_for(milliseconds(1000));
    server_->start();
  }

  void report() const {
    std::size_t calls = 0;
    for (const auto& each : offices_) calls += each->calls();
    double megabytes = 0;
    for (const Worker& each : workers_) {
      if (!each.megabytes.empty()) megabytes = std::max(megabytes, each.megabytes.back());
    }
    say(fmt::format("{:.0f} of {} s: {} edits, {} events dropped, {} calls, {} kills, {} stops, worker {:.0f} MB",
                    share() * options_.seconds, options_.seconds, edits_, dropped_, calls, kills_, stops_, megabytes));
  }

  // Everything that was known of comes to its end, then a run finds what nobody told about.
  void settle() {
    say("faults lifted");
    for (const auto& office : offices_) office->behave();
    send_events();
    if (!events_.empty()) wrong("events are not taken in: " + last_refusal_);
    stop_workers();
    for (const auto& office : offices_) programs_->run({"retry", office->name()});
    say("working off what waits");
    const Ended worked = programs_->run({"work", "--until-idle", "--log", "none"});
    if (worked.exit != 0) wrong("work --until-idle: " + worked.out);
    for (const auto& office : offices_) {
      say("the last run of " + office->name());
      for (const char* decide : {"preselected", "hub"}) {
        const Ended ran = programs_->run({"sync", office->name(), "--decide", decide, "--create", "provider"});
        if (ran.exit == 2) wrong(fmt::format("sync {}: {}", office->name(), ran.out));
      }
      const Ended quiet = programs_->run(
          {"plan", office->name(), "--kind", "conflict", "--kind", "missing", "--kind", "drift", "--kind", "change"});
      if (quiet.exit != 0) wrong(fmt::format("{}: a second run is not quiet: {}", office->name(), quiet.out));
    }
  }

  void stop_workers() {
    for (Worker& each : workers_) {
      if (each.stopped_until != Clock::time_point()) ::kill(each.process, SIGCONT);
      ::kill(each.process, SIGTERM);
    }
    for (const Worker& each : workers_) {
      if (const int exit = wait_for(each.process); exit != 0) wrong(fmt::format("a worker stopped with {}", exit));
      if (each.megabytes.size() > longest_.size()) longest_ = each.megabytes;
    }
    workers_.clear();
  }

  static double mean(const std::vector<double>& of, std::size_t from, std::size_t to) {
    double sum = 0;
    for (std::size_t i = from; i < to; ++i) sum += of[i];
    return to > from ? sum / static_cast<double>(to - from) : 0;
  }

  void check() {
    for (const auto& office : offices_) {
      for (std::string& each : office->faults_found()) wrong(std::move(each));
    }
    const std::size_t seconds = longest_.size();
    const double early = mean(longest_, seconds / 4, seconds / 2), late = mean(longest_, seconds * 3 / 4, seconds);
    say(fmt::format("memory of a worker over {} s: {:.1f} MB in its second quarter, {:.1f} MB in its last", seconds,
                    early, late));
    if (seconds >= 60 && late > early * 1.15 + 8) wrong("a worker's memory grows");
    if (!not_taken_) return;
    say(fmt::format("events were refused {} times, and sent again; the last time: {}", not_taken_, last_refusal_));
  }

  Options options_;
  Chance chance_;
  std::string folder_;
  std::unique_ptr<test::PostgresServer> server_;
  std::unique_ptr<Programs> programs_;
  std::vector<std::unique_ptr<Office>> offices_;
  std::vector<Worker> workers_;
  Clock::time_point began_;
  std::string events_, last_refusal_;
  std::vector<std::string> problems_;
  std::vector<double> longest_;
  unsigned turns_ = 0, edits_ = 0, dropped_ = 0, kills_ = 0, stops_ = 0, not_taken_ = 0, workers_started_ = 0;
  unsigned ended_by_themselves_ = 0;
  bool restarted_ = false;
};

}  // namespace
}  // namespace dovetail::soak

int main(int argc, char** argv) {
  const auto options = dovetail::soak::read_options(argc, argv);
  if (!options) {
    const bool asked = argc > 1 && std::strcmp(argv[1], "--help") == 0;
    std::fputs(dovetail::soak::usage, asked ? stdout : stderr);
    return asked ? 0 : 2;
  }
  try {
    return dovetail::soak::Soak(*options).run();
  } catch (const std::exception& failure) {
    fmt::print(stderr, "soak: {}\n", failure.what());
    return 2;
  }
}
