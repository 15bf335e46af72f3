// The journal: what is about to be written, durable before the call; and what became of it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "engine/base.hpp"
#include "engine/durable/connection.hpp"
#include "engine/plan/outcome.hpp"

namespace dovetail {

using IntentId = std::int64_t;
using RunId = std::int64_t;         // > 0; given by the store
inline constexpr RunId no_run = 0;  // real-time push

struct IntendedWrite {
  std::string field;  // label
  std::string path;   // the member's, in its schema
  std::string element;
  Value before, after;
};

// One write of one record, which may be several calls of its adapter.
struct Intent {
  IntentId id = 0;
  ConnectionId connection = no_connection;
  RunId run = no_run;
  std::string hub_id, provider_id;  // a creation lacks the target's
  ir::Side target = ir::Side::provider;
  bool creates = false;
  std::string reference;  // creates: our id, which makes repeating it recognisable
  std::vector<IntendedWrite> writes;
  // What the person's link is to remember if it is done: the base of the fields that are written, secrets as hashes;
  // of a creation also the marks. nullopt: nothing is known of it.
  std::optional<Link> agreed{};
  Instant at{};
};

// Ends an intent. An intent without an end, at a start, is in doubt: read back before anything else is written there.
struct IntentEnd {
  IntentId id = 0;
  Outcome::Kind kind = Outcome::Kind::done;
  std::string created_id{};
  std::string answer{};  // the system's own words, secrets masked
  Instant at{};
};

struct JournalLine {
  Intent intent;
  std::optional<IntentEnd> end;  // nullopt: in doubt; `answer` is left empty
};

}  // namespace dovetail
