// A sandbox behind loopback, and the adapter that speaks to it.
#pragma once

#include <atomic>

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "providers/conformance/kit.hpp"
#include "providers/systems.hpp"
#include "tests/shipped_schemas.hpp"
#include "tools/sandbox/server/sandbox.hpp"

namespace dovetail::test {

// Real time, but sleeping only moves this clock and the sandbox's on.
class SandboxClock : public Clock {
 public:
  std::chrono::steady_clock::time_point now() override { return std::chrono::steady_clock::now() + ahead(); }
  std::chrono::system_clock::time_point wall_time() override { return std::chrono::system_clock::now() + ahead(); }
  void sleep(std::chrono::milliseconds time) override;

  sandbox::Sandbox* sandbox = nullptr;
  std::chrono::milliseconds slept{0};

 private:
  std::chrono::milliseconds ahead() const { return std::chrono::milliseconds(ahead_); }
  std::atomic<std::int64_t> ahead_{0};  // milliseconds
};

struct Bench {
  explicit Bench(const std::string& system, int people = 5);

  // The adapter's credentials for this sandbox, by its own names.
  static providers::Credentials credentials_of(const std::string& system, const sandbox::Json& shown);
  // `url`: instead of the sandbox's own, as through a proxy.
  Result<std::unique_ptr<System>> open(providers::Credentials with, const std::string& url = {});

  // The value of a member of one record; lists: of the element with that number.
  Value value(const Snapshot& from, RecordIndex record, const std::string& path, std::size_t element = 0) const;
  // One change, by the member's path.
  Change set(const std::string& path, const std::string& value, const std::string& element = {}) const;
  Change clear(const std::string& path, const std::string& element = {}) const;
  Snapshot list();
  Snapshot get(const std::string& id);
  std::map<std::string, int> count_calls();  // by operation, since the last time

  const ir::Schema& schema;
  std::unique_ptr<sandbox::Sandbox> sandbox;
  SandboxClock clock;
  providers::Budgets budgets;
  std::vector<providers::Trace> traces;
  providers::Credentials credentials;
  providers::conformance::Faults faults;
  std::unique_ptr<System> system;
};

}  // namespace dovetail::test
