// The error log: what needs a person, or is tried again.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "engine/durable/intent.hpp"
#include "engine/plan/reason.hpp"

namespace dovetail {

// One line per connection, person, field and reason: coming again counts, it does not repeat.
struct Problem {
  std::int64_t id = 0;
  ConnectionId connection = no_connection;
  RunId run = no_run;                   // where it came last
  std::string hub_id{}, provider_id{};  // both empty: of the connection
  std::string field{};                  // label; empty: of the person
  Reason reason = Reason::no_change;
  std::string what{};  // what, which rule, whose limit, what to do; no secrets
  Instant first{}, last{};
  unsigned times = 1;
  std::optional<Instant> next_try{};  // nullopt: none by itself
  bool needs_you = false;
  bool solved = false;  // kept until it expires
};

// Where a problem stands in the log, newest first.
struct ProblemPlace {
  Instant last{};
  std::int64_t id = 0;
};

// Which of a connection's problems.
struct ProblemsWanted {
  bool also_solved = false;
  std::string hub_id{};                  // only of this person; empty: all
  std::size_t most = 0;                  // 0: all
  std::optional<ProblemPlace> behind{};  // only those that stand behind it
};

struct ProblemCounts {
  std::size_t open = 0, needs_you = 0;
  std::optional<Instant> waits_until{};  // the last time that a system asked to wait until; nullopt: none did
};

}  // namespace dovetail
