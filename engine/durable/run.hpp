// Manual runs and what is kept of them; and old values that can be put back.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "engine/durable/intent.hpp"

namespace dovetail {

enum class RunState : std::uint8_t { reading, planned, applying, finished, failed, abandoned };
std::string_view name(RunState state);
std::optional<RunState> find_run_state(std::string_view name);

struct Run {
  RunId id = no_run;
  ConnectionId connection = no_connection;
  RunState state = RunState::reading;
  std::string kind;  // "manual", "undo"
  std::string by;    // who started it
  std::string rules_hash;
  Instant started{};
  std::optional<Instant> ended;
  std::string summary;  // one line for the history
};

// A value that a write replaced. Encrypted at rest; forgotten when it expires.
struct KeptValue {
  std::int64_t id = 0;
  ConnectionId connection = no_connection;
  RunId run = no_run;
  IntentId intent = 0;
  std::string hub_id{}, provider_id{};
  ir::Side side = ir::Side::provider;  // where it stood
  std::string field{}, path{}, element{};
  Value before{}, after{};
  Instant at{}, expires{};
  bool put_back = false;
};

}  // namespace dovetail
