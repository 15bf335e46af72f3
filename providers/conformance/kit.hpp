// The same cases for every adapter: what must hold whatever the system is.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/clock.hpp"
#include "engine/system.hpp"
#include "providers/conformance/faults.hpp"

namespace dovetail::providers::conformance {

struct Verdict {
  enum class Kind : std::uint8_t { held, broken, not_asked };
  Kind kind = Kind::held;
  std::string why;  // broken: what happened instead; not_asked: why
};

// What a case works on.
struct Subject {
  const ir::Schema& schema;
  System& system;  // opened with `faults` in between
  Faults& faults;
  Clock& clock;
  unsigned serial = 1;  // told apart from the people of earlier runs by this
};

struct Case {
  std::string_view name;  // "a failed look-up is not an absent record"
  bool writes = false;    // changes the system: adds a made-up person, changes and restores values
  Verdict (*run)(const Subject& subject);
};

std::span<const Case> cases();

struct Finding {
  std::string_view name;
  Verdict verdict;
};

// Runs all cases, the ones that write only where that is allowed. `told` is called after each.
std::vector<Finding> run(Subject subject, bool may_write, const std::function<void(const Finding&)>& told = {});

// "held          a failed …" and so on, with the reasons, and a line of totals.
std::string to_text(std::span<const Finding> findings);

}  // namespace dovetail::providers::conformance
