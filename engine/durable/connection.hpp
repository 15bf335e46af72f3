// One tenant's instance of an integration.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/instant.hpp"
#include "engine/ir/rules.hpp"

namespace dovetail {

using ConnectionId = std::int64_t;  // > 0; given by the store
inline constexpr ConnectionId no_connection = 0;

enum class ConnectionState : std::uint8_t {
  fresh,        // nothing is written before the first manual run is finished
  active,       // pushes go out
  paused,       // by a person, until somebody resumes it; or since a backup was restored, until a manual run
  quarantined,  // the system refuses us or fails too often: probed with fading rhythm, resumes by itself
};
std::string_view name(ConnectionState state);  // "fresh", …
std::optional<ConnectionState> find_connection_state(std::string_view name);

// How `why` begins where a restored backup, and no person, paused the connection.
inline constexpr std::string_view restored_from_backup = "restored from the backup";

struct Connection {
  ConnectionId id = no_connection;
  std::string name;           // unique in its store; letters, digits, '-', '_'
  std::string tenant;         // whose it is; secrets are bound to it
  std::string map;            // the rule file, as given: "rules/netvisor.map"
  std::string hub, provider;  // "huma:https://…", "netvisor:", or an export's path
  ConnectionState state = ConnectionState::fresh;
  std::string why;                       // paused, quarantined: for people
  std::string company_id, company_name;  // the provider's own; empty: not asked yet
  bool observes_only = false;            // plans, never writes
  bool test_system = false;
  bool whole_hub = true;                                      // else only `scope`
  std::vector<std::string> scope;                             // hub ids, sorted
  std::vector<std::pair<std::string, std::string>> settings;  // label → value; what is not here has its default
  std::string rules_hash;            // of the rules that the links were last synchronised under
  std::optional<Instant> activated;  // the first manual run's end
  Instant changed{};
  std::int64_t version = 0;  // given by the store; grows with every change

  // Until a manual run: what has happened since the backup is not known here.
  bool is_restored() const { return state == ConnectionState::paused && why.starts_with(restored_from_backup); }
  bool is_paused_by_person() const { return state == ConnectionState::paused && !is_restored(); }
};

}  // namespace dovetail
