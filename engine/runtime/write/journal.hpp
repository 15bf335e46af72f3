// The port that apply() tells about its calls, so that each can be durable before it is made.
#pragma once

#include <expected>
#include <span>

#include "engine/durable/intent.hpp"
#include "engine/plan/outcome.hpp"

namespace dovetail {

// Called by one thread at a time. Operations are named by their index in the plan.
class Journal {
 public:
  virtual ~Journal() = default;

  // Before one write of one record, whose pre-images hold: what is about to be sent is durable when this returns.
  // An outcome instead of an id: the call is not made, and the operations get that outcome.
  virtual std::expected<IntentId, Outcome> intend(std::span<const std::size_t> operations) = 0;

  // The call came back, or failed; the outcomes stand in `applied`. Nothing needs to be durable yet.
  virtual void ended(IntentId intent, std::span<const std::size_t> operations, const Applied& applied) = 0;

  // A system took a write and shows what it had before, as a replica that lags does. True: time was given to it, and it
  // is to be asked again. `tried`: how often that was done for this write.
  virtual bool waits_for_replica(unsigned /*tried*/) { return false; }

  // Every operation of the person has its outcome: what it changed is to be remembered now.
  virtual void settle(PersonIndex person, const Applied& applied) = 0;
};

}  // namespace dovetail
