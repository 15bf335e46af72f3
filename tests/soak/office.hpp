// One connection: a hub and a provider, simulated, each behind a proxy that misbehaves, and what was done to both.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "tests/proxy/proxy.hpp"
#include "tests/soak/mirror.hpp"
#include "tests/soak/programs.hpp"
#include "tools/sandbox/server/sandbox.hpp"

namespace dovetail::soak {

using Chance = std::mt19937;

class Office {
 public:
  Office(std::string name, std::string provider, int people, const std::string& rules);

  // Adds the connection, and runs it for the first time. Throws std::runtime_error when that fails.
  void connect(const Programs& programs) const;
  // Changes a value on one side. The person whom the hub would tell about; nullopt: the provider tells nobody.
  std::optional<std::string> edit(Chance& chance);
  std::optional<std::string> add_person();  // nullopt: this provider's people are not added by events
  void misbehave(Chance& chance);
  void behave();

  // What is not as it must be, a sentence each: people who are not the same on both sides, values that nobody set,
  // values older than the last change in the hub, people lost or doubled.
  std::vector<std::string> faults_found() const;

  const std::string& name() const { return name_; }
  std::size_t people() const;
  std::size_t calls() const { return static_cast<std::size_t>(hub_proxy_->requests() + provider_proxy_->requests()); }

 private:
  struct Last {
    std::optional<std::string> in_hub, in_provider;  // the last value given there
    bool hub_was_last = false;
  };
  void pair_people();
  std::string new_value(const std::string& what);
  std::optional<std::string> edit_hub(const std::string& id, const std::string& what);
  void edit_provider(const std::string& id, const std::string& what);
  void compare(const std::string& id, const sandbox::Json& hub_row, const sandbox::Json& provider_row,
               std::vector<std::string>& found) const;

  std::string name_, provider_name_, rules_;
  std::unique_ptr<sandbox::Sandbox> hub_, provider_;
  std::unique_ptr<test::Proxy> hub_proxy_, provider_proxy_;
  std::map<std::string, std::string> provider_of_;  // by hub id, as paired before the first run
  std::vector<std::string> ids_;                    // of the hub
  std::vector<std::string> added_;                  // the same, of people who came later
  std::map<std::pair<std::string, std::string>, Last> last_;
  int number_ = 0;
};

}  // namespace dovetail::soak
