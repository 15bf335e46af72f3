// Opens a connection's systems: its map compiled once for all connections, its credentials from the store.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "engine/api/live_systems.hpp"
#include "engine/api/rule_book.hpp"
#include "engine/runtime/opener.hpp"
#include "engine/store.hpp"

namespace dovetail {

class ConnectionOpener : public Opener {
 public:
  // The store must outlive this, and this what it opened.
  explicit ConnectionOpener(Store& store, Network network = {}) : store_(store), network_(std::move(network)) {}

  Result<std::unique_ptr<Opened>> open(const Connection& connection, CivilDay today) override;

  // The rules of a map, as they were when it was asked for first: a changed file counts from the next start.
  Result<const RuleBook*> rules(const std::string& map);

  // With these credentials instead of the stored ones.
  Result<std::unique_ptr<System>> open(const Connection& connection, const RuleBook& rules, ir::Side side,
                                       providers::Credentials credentials, CivilDay today);

  LiveSystems& systems() { return systems_; }

 private:
  Result<providers::Credentials> stored_credentials(const Connection& connection, ir::Side side);

  Store& store_;
  Network network_;
  LiveSystems systems_;
  std::mutex reading_;
  std::map<std::string, std::unique_ptr<RuleBook>> rules_;
};

}  // namespace dovetail
