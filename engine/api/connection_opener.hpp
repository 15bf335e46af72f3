// Opens a connection's systems: its map compiled once for all connections, its credentials from the store.
#pragma once

#include <chrono>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "engine/api/live_systems.hpp"
#include "engine/api/rule_book.hpp"
#include "engine/runtime/opener.hpp"
#include "engine/store.hpp"

namespace dovetail {

class ConnectionOpener : public Opener {
 public:
  // The store must outlive this, and this what it opened.
  explicit ConnectionOpener(Store& store, Network network = {}) : store_(store), network_(std::move(network)) {}

  // Error::input, too: of two connections to one company, which an earlier version let in, this is not the one that
  // works.
  Result<std::unique_ptr<Opened>> open(const Connection& connection, CivilDay today) override;

  // What a connection is worked on by: the rules of its map, unless they allow more than those of its last run and
  // nobody has approved that; then those of its last run.
  struct Chosen {
    const RuleBook* book = nullptr;     // to work by
    const RuleBook* before = nullptr;   // of its last run; nullptr: none was kept, or they are the same
    const RuleBook* waiting = nullptr;  // that wait for approval; nullptr: none
    std::vector<std::string> weaker;    // what they allow more, a sentence each
  };
  Result<Chosen> rules_of(const Connection& connection);
  // A person says yes to what these weaken: from now on they are worked by, wherever they are in use.
  Result<void> approve(const RuleBook& book, const std::string& by);
  Result<std::unique_ptr<Opened>> open_by(const Connection& connection, const RuleBook& rules, CivilDay today);

  // The rules of a map, as they were when it was asked for first: a changed file counts from the next start.
  Result<const RuleBook*> rules(const std::string& map);

  // With these credentials instead of the stored ones.
  Result<std::unique_ptr<System>> open(const Connection& connection, const RuleBook& rules, ir::Side side,
                                       providers::Credentials credentials, CivilDay today,
                                       std::shared_ptr<const Permit> permit = nullptr);

  LiveSystems& systems() { return systems_; }

  Result<providers::Credentials> stored_credentials(const Connection& connection, ir::Side side);

 private:
  Result<void> refuse_second(const Connection& connection);

  Store& store_;
  Network network_;
  LiveSystems systems_;
  Result<const RuleBook*> kept_rules(const std::string& hash, const std::string& map);
  void keep_rules(const RuleBook& book);

  std::map<std::string, std::unique_ptr<RuleBook>> kept_;  // by hash
  std::mutex reading_;
  std::map<std::string, std::unique_ptr<RuleBook>> rules_;
  std::mutex looking_;
  std::vector<Connection> known_;  // all, as they were not long ago
  std::optional<std::chrono::steady_clock::time_point> looked_;
};

}  // namespace dovetail
