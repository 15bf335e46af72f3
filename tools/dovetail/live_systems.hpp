// Systems spoken to over HTTP: `huma:https://…`, `netvisor:` (the real system's address), with their credentials.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>

#include "engine/system.hpp"
#include "providers/conformance/faults.hpp"
#include "providers/systems.hpp"
#include "providers/toolkit/http/system_clock.hpp"
#include "tools/dovetail/options.hpp"

namespace dovetail::tools {

struct LiveSpec {
  std::string adapter;
  std::string url;  // empty: the real system's
};

// "netvisor:https://…" or "netvisor:"; nullopt: not of that form, so a file. The adapter need not exist.
std::optional<LiveSpec> find_live_spec(const std::string& text);

class LiveSystems {
 public:
  // Credentials come from the environment (DOVETAIL_NETVISOR_USER_ID), then from options.credentials, a JSON file:
  // {"netvisor": {"user_id": "…"}}. The schema must outlive the system, and the system this. Calls nobody yet.
  Result<std::unique_ptr<System>> open(const LiveSpec& spec, const Options& options, const ir::Schema& schema,
                                       const CheckContext& context, providers::conformance::Faults* faults = nullptr);

  // "netvisor: 12 calls (getemployees 1, getemployee 11), 1 of them again" for each system opened; empty: none was.
  std::string counts() const;

  Clock& clock() { return clock_; }

 private:
  struct Calls {
    std::map<std::string, int> by_operation;
    int repeated = 0;
  };
  providers::SystemClock clock_;
  providers::Budgets budgets_;
  std::map<std::string, Calls> calls_;
};

// Who answered, and what is missing, for standard error: "huma: Sandbox FI (3f0d…)".
Result<std::string> introduce(const std::string& adapter, System& system);

}  // namespace dovetail::tools
