// Systems spoken to over HTTP: `huma:https://…`, `netvisor:` (the real system's address), with their credentials.
#pragma once

#include <atomic>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/permit.hpp"
#include "engine/system.hpp"
#include "providers/conformance/faults.hpp"
#include "providers/systems.hpp"
#include "providers/toolkit/http/system_clock.hpp"

namespace dovetail {

struct LiveSpec {
  std::string adapter;
  std::string url;  // empty: the real system's
};

// "netvisor:https://…" or "netvisor:"; nullopt: not of that form, so a file. The adapter need not exist; what stands
// behind the name of one that does is taken for an address, and judged when it is opened.
std::optional<LiveSpec> find_live_spec(const std::string& text);

// How systems are reached.
struct Network {
  std::string ca_file;  // empty: the machine's own authorities
  std::string proxy;    // empty: none
};

// What a system is opened with, in the order it is asked for; empty: there is no such adapter.
std::vector<std::string> credential_names(std::string_view adapter);

// Those that it works without.
std::vector<std::string> optional_credential_names(std::string_view adapter);

// Takes away what systems show beside their keys. Error::input: a name that the adapter has no credential of.
Result<providers::Credentials> check_credential_names(std::string_view adapter, providers::Credentials given);

class LiveSystems {
 public:
  // `schema` and what `context` views must outlive the system, and the system this. Calls nobody yet; `permit` is asked
  // before each call, also each further try, and each call for a token. An Error of kind input names the credential
  // that is missing, or says that the rules speak of another system.
  Result<std::unique_ptr<System>> open(const LiveSpec& spec, const Network& network, providers::Credentials credentials,
                                       const ir::Schema& schema, const CheckContext& context,
                                       providers::conformance::Faults* faults = nullptr,
                                       std::shared_ptr<const Permit> permit = nullptr);

  // "netvisor: 12 calls (getemployees 1, getemployee 11), 1 of them again" for each system opened; empty: none was.
  std::string counts() const;
  std::size_t calls() const;  // of all systems

  // How many calls of systems with a permit are out now.
  int on_the_wire() const { return on_the_wire_; }

  Clock& clock() { return clock_; }
  // Limits are shared with other processes that work on the same store. Before anything is opened.
  void share_limits(RateScopes* with) { budgets_.share(with); }

 private:
  struct Calls {
    std::map<std::string, int> by_operation;
    int repeated = 0;
  };
  providers::SystemClock clock_;
  providers::Budgets budgets_;
  std::atomic<int> on_the_wire_ = 0;
  mutable std::mutex counting_;
  std::map<std::string, Calls> calls_;
};

// Who answered, and what is missing, for standard error: "huma: Sandbox FI (3f0d…)".
Result<std::string> introduce(const std::string& adapter, System& system);

}  // namespace dovetail
