// A system that fails for one person after the other is down, or its keys are revoked. That is nobody's fault of those
// who come next: their decisions wait.
#pragma once

#include <optional>

#include "engine/runtime/write/ledger.hpp"

namespace dovetail {

class Outage {
 public:
  // `rules` must outlive it.
  Outage(const ir::RuleSet& rules, RunId run) : rules_(rules), run_(run) {}

  // Told of each person whose calls are over, in their order; an Error: the system is taken for down.
  std::optional<Error> see(const Ledger& ledger, PersonIndex person, const Applied& applied);

 private:
  const ir::RuleSet& rules_;
  RunId run_;
  unsigned in_a_row_ = 0;
};

}  // namespace dovetail
