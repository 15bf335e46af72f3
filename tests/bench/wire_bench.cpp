// What an adapter does to a system behind HTTP, and what a bare client would: tools/bench --wire runs it.
//   wire_bench RULES SYSTEM URL CREDENTIALS [--memory]
// Prints one JSON object: people, wall and CPU seconds of reading everybody by the adapter, the most memory that was
// resident before and after; and, without --memory, calls by operation and the time of sending the same requests
// without the adapter (for which they are kept, which would count as memory).
#include <fmt/format.h>
#include <sys/resource.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <map>
#include <mutex>
#include <nlohmann/json.hpp>
#include <sstream>

#include "dsl/compile.hpp"
#include "dsl/load.hpp"
#include "engine/values/reference_tables.hpp"
#include "providers/netvisor/signature.hpp"
#include "providers/systems.hpp"
#include "providers/toolkit/http/system_clock.hpp"

namespace {

using namespace dovetail;
using Json = nlohmann::json;

std::string read(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

[[noreturn]] void stop(const std::string& why) {
  fmt::print(stderr, "wire_bench: {}\n", why);
  std::exit(2);
}

ReferenceTables tables_of(const std::filesystem::path& rules) {
  const auto file = [&rules](const char* name) { return TableTexts::File{name, read(rules / "tables" / name)}; };
  auto parsed = ReferenceTables::parse({.countries = file("countries.tsv"),
                                        .iban = file("iban.tsv"),
                                        .se_clearing = file("se_clearing.tsv"),
                                        .banks = file("banks.tsv")});
  if (!parsed) stop("the reference tables cannot be read");
  return std::move(*parsed);
}

ir::Schema schema_of(const std::filesystem::path& rules, const std::string& system, const ReferenceTables& tables) {
  std::vector<dsl::Diagnostic> wrong;
  const auto reader = [&rules](const std::string& path) -> Result<std::string> { return read(rules / path); };
  const Result<dsl::Loaded> loaded = dsl::load("schemas/" + system + ".schema.map", reader, wrong);
  if (!loaded) stop(loaded.error().what);
  dsl::CompileResult compiled = dsl::compile(*loaded, std::move(wrong), {.tables = &tables});
  if (!compiled.schema) stop(system + ": no usable schema");
  return std::move(*compiled.schema);
}

// Writes down what goes out.
class Recording : public providers::Transport {
 public:
  Recording(std::unique_ptr<providers::Transport> below, std::vector<providers::Request>& asked, std::mutex& mutex)
      : below_(std::move(below)), asked_(asked), mutex_(mutex) {}
  const std::string& base() const override { return below_->base(); }
  std::expected<providers::Response, providers::NotAnswered> send(const providers::Request& request) override {
    {
      const std::lock_guard lock(mutex_);
      asked_.push_back(request);
    }
    return below_->send(request);
  }

 private:
  std::unique_ptr<providers::Transport> below_;
  std::vector<providers::Request>& asked_;
  std::mutex& mutex_;
};

double cpu_seconds() {
  rusage use{};
  ::getrusage(RUSAGE_SELF, &use);
  const auto seconds = [](timeval t) { return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) / 1e6; };
  return seconds(use.ru_utime) + seconds(use.ru_stime);
}

long resident_kb() {
  rusage use{};
  ::getrusage(RUSAGE_SELF, &use);
  return use.ru_maxrss;
}

struct Took {
  double wall = 0, cpu = 0;
};

template <typename Work>
Took time_of(Work work) {
  const auto begin = std::chrono::steady_clock::now();
  const double cpu = cpu_seconds();
  work();
  return {std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count(), cpu_seconds() - cpu};
}

// The same requests again, one after the other: sent, received, and not looked at.
Took bare(const providers::Endpoint& endpoint, std::vector<providers::Request> asked, const Json& keys, Clock& clock) {
  Result<std::unique_ptr<providers::Transport>> transport = providers::connect(endpoint);
  if (!transport) stop(transport.error().what);
  const bool signs = keys.contains("user_id");  // Netvisor's codes hold for one request
  providers::netvisor::Keys mine;
  if (signs) {
    mine = {.customer_id = keys["user_id"],
            .customer_key = keys["key"],
            .partner_id = keys["partner_id"],
            .partner_key = keys["partner_key"],
            .organisation_id = keys["business_id"]};
  }
  providers::netvisor::NetvisorDialect dialect(mine, clock);
  return time_of([&] {
    for (providers::Request& request : asked) {
      if (signs) {
        request.headers.clear();
        static_cast<void>(dialect.sign(request, **transport));
      }
      const auto answer = (*transport)->send(request);
      if (!answer || answer->status >= 300) stop("the bare client was refused");
    }
  });
}

}  // namespace

int main(int count, char** arguments) {
  const bool memory_only = count == 6 && std::string_view(arguments[5]) == "--memory";
  if (count != 5 && !memory_only) stop("wire_bench RULES SYSTEM URL CREDENTIALS [--memory]");
  const std::filesystem::path rules = arguments[1];
  const std::string name = arguments[2];
  const Json keys = Json::parse(read(arguments[4]), nullptr, false);
  if (!keys.is_object() || !keys.contains(name)) stop("no credentials");
  const ReferenceTables tables = tables_of(rules);
  const ir::Schema schema = schema_of(rules, name, tables);
  const CheckContext context{.tables = &tables, .today = {}, .region = {}, .test_system = true};
  providers::SystemClock clock;
  providers::Budgets budgets;
  std::mutex mutex;
  std::vector<providers::Request> asked;
  providers::Credentials credentials;
  for (const auto& [key, value] : keys[name].items()) credentials[key] = value.get<std::string>();
  providers::AdapterSetup setup{.endpoint = {.base = arguments[3]},
                                .credentials = credentials,
                                .schema = schema,
                                .context = context,
                                .around = {.clock = clock, .budgets = budgets}};
  if (!memory_only) {
    setup.between = [&](std::unique_ptr<providers::Transport> below) {
      return std::make_unique<Recording>(std::move(below), asked, mutex);
    };
  }
  Result<std::unique_ptr<System>> system = providers::open_system(setup);
  if (!system) stop(system.error().what);
  if (const Result<Identity> who = (*system)->check(); !who) stop(who.error().what);
  asked.clear();
  const long before = resident_kb();
  Snapshot all(ir::Layout::whole(schema));
  const Took ours = time_of([&] {
    const Result<Completeness> listed = (*system)->list(all);
    if (!listed) stop(listed.error().what);
    if (!listed->complete) stop(listed->reason);
  });
  Json report = {{"people", all.size()},
                 {"wall", ours.wall},
                 {"cpu", ours.cpu},
                 {"memory_before_mb", before / 1024},
                 {"memory_mb", resident_kb() / 1024}};
  if (!memory_only) {
    std::map<std::string, int> calls;
    for (const providers::Request& request : asked) ++calls[request.operation];
    const Took theirs = bare(setup.endpoint, asked, keys[name], clock);
    report.update({{"calls", calls}, {"bare_wall", theirs.wall}, {"bare_cpu", theirs.cpu}});
  }
  fmt::print("{}\n", report.dump());
  return 0;
}
