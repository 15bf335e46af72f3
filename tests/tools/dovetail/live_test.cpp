// dovetail over HTTP, against simulated systems that run as their own program.
#include <fmt/format.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>
#include <sstream>
#include <thread>

#include "tests/places.hpp"
#include "tests/run.hpp"

using namespace dovetail::test;
using namespace std::chrono_literals;
using Json = nlohmann::json;

namespace {

// A program that runs beside the test until it goes out of scope, or is killed.
class Running {
 public:
  Running(const Folder& folder, const std::string& name, const std::string& command) : out_(folder.file(name)) {
    pid_ = ::fork();
    if (pid_ != 0) return;
    const std::string line = "cd '" DOVETAIL_SOURCE_DIR "' && PATH='" DOVETAIL_BINARY_DIR "/bin':$PATH exec " +
                             command + " >'" + out_ + "' 2>&1";
    ::execl("/bin/sh", "sh", "-c", line.c_str(), nullptr);
    ::_exit(127);
  }
  Running(const Running&) = delete;
  Running& operator=(const Running&) = delete;
  ~Running() { end(SIGTERM); }

  void end(int signal) {
    if (pid_ <= 0) return;
    ::kill(pid_, signal);
    ::waitpid(pid_, nullptr, 0);
    pid_ = 0;
  }
  bool is_over() {
    if (pid_ > 0 && ::waitpid(pid_, nullptr, WNOHANG) == pid_) pid_ = 0;
    return pid_ == 0;
  }
  std::string out() const { return read_text(out_); }

 private:
  std::string out_;
  pid_t pid_ = 0;
};

// Huma and Netvisor, 20 people each with differences; `more` goes to the sandbox.
struct Pair {
  explicit Pair(const std::string& more = {})
      : sandbox(
            folder, "sandbox.txt",
            fmt::format("dovetail sandbox huma netvisor --people 20 --seed 5 --countries FI --differing 25 --missing "
                        "20 --credentials '{}' {}",
                        folder.file("keys.json"), more)) {
    std::string shown;
    for (int i = 0; i < 400 && shown.find("Control") == shown.npos; ++i) {
      std::this_thread::sleep_for(25ms);
      if (std::filesystem::exists(folder.file("sandbox.txt"))) shown = sandbox.out();
    }
    REQUIRE_THAT(shown, Catch::Contains("Control"));
    std::istringstream lines(shown);
    for (std::string line; std::getline(lines, line);) {
      if (line.starts_with("huma ")) hub = line.substr(5);
      if (line.starts_with("netvisor ")) provider = line.substr(9);
    }
  }

  std::string command(const std::string& what) const {
    return fmt::format(
        "dovetail {} --map netvisor --hub huma:{} --provider netvisor:{} --credentials '{}' --base '{}' --test-system "
        "--decide hub --create both --answer 'Payroll rule group=Kuukausipalkka' "
        "--answer 'Contract type of positions added to Huma=permanent'",
        what, hub, provider, folder.file("keys.json"), folder.file("base.json"));
  }

  Folder folder;
  Running sandbox;
  std::string hub, provider;
};

// What the sandbox's control endpoint answers; with `body`: to a POST.
std::string asked(const std::string& url, const std::string& body = {}) {
  const Ran ran =
      run(fmt::format("python3 -c 'import sys, urllib.request as u; print(u.urlopen(sys.argv[1], "
                      "sys.argv[2].encode() or None).read().decode())' {} '{}'",
                      url, body));
  REQUIRE(ran.exit == 0);
  return ran.out;
}

}  // namespace

TEST_CASE("dovetail synchronises two systems over HTTP, and the next run is quiet") {
  const Pair pair;
  const Ran first = run(pair.command("sync"));
  INFO(first.out);
  CHECK(first.exit == 0);
  CHECK_THAT(first.out, Catch::Contains("0 not written"));
  CHECK_THAT(first.out, Catch::Contains("netvisor: "));
  const Ran second = run(pair.command("sync"));
  INFO(second.out);
  CHECK(second.exit == 0);
  CHECK_THAT(second.out, Catch::Contains("result      0 written"));
}

TEST_CASE("whoever could not be read is named with the system's own words") {
  const Pair pair;
  const Json people = Json::parse(asked(pair.provider + "/_sandbox/state/employees"));
  const std::string key = people.begin().key();
  const Json fault = {{"kind", "status"},
                      {"status", 400},
                      {"times", -1},
                      {"body",
                       "<Root><ResponseStatus><Status>FAILED</Status><Status>INVALID_DATA :: The register "
                       "is closed</Status></ResponseStatus></Root>"},
                      {"path", "netvisorkey=" + key + "&"}};
  asked(pair.provider + "/_sandbox/faults", fault.dump());
  const Ran plan = run(pair.command("plan"));
  INFO(plan.out);
  CHECK(plan.exit == 1);
  CHECK_THAT(plan.out, Catch::Contains("1 of "));
  CHECK_THAT(plan.out,
             Catch::Contains(fmt::format("Netvisor {}: could not be read in Netvisor, so nothing is concluded "
                                         "about them: getemployee",
                                         key)));
  CHECK_THAT(plan.out, Catch::Contains("INVALID_DATA :: The register is closed"));
  CHECK_THAT(plan.out, !Catch::Contains("note:"));
  const Json completeness =
      Json::parse(answer(pair.command("plan") + " --format json").out)["completeness"]["provider"];
  REQUIRE(completeness["notes"].size() == 1);
  CHECK_THAT(completeness["notes"][0].get<std::string>(), Catch::StartsWith(key + " could not be read: getemployee"));
}

TEST_CASE("a run that is killed keeps what it agreed on, and the next one adds nobody twice") {
  const auto moment = GENERATE(0ms, 150ms, 400ms, 900ms);
  const Pair pair("--set netvisor.latency_ms=15 --set huma.latency_ms=5");
  {
    Running sync(pair.folder, "sync.txt", pair.command("sync"));
    while (!sync.is_over() && !std::filesystem::exists(pair.folder.file("base.json"))) std::this_thread::sleep_for(1ms);
    std::this_thread::sleep_for(moment);
    sync.end(SIGKILL);
  }
  const Json base = Json::parse(pair.folder.read("base.json"));
  CHECK(base["links"].size() > 0);
  const Ran next = run(pair.command("sync"));
  INFO(next.out);
  CHECK(next.exit == 0);
  CHECK_THAT(next.out, Catch::Contains("0 not written"));
  const Ran last = run(pair.command("sync"));
  INFO(last.out);
  CHECK_THAT(last.out, Catch::Contains("result      0 written"));
  CHECK_THAT(last.out, Catch::Contains("people      20: 20 in both"));
}
