// The port between the server and a simulated system.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "tools/sandbox/core/call.hpp"
#include "tools/sandbox/core/clock.hpp"
#include "tools/sandbox/core/knobs.hpp"
#include "tools/sandbox/core/row_shape.hpp"
#include "tools/sandbox/core/store.hpp"

namespace dovetail::sandbox {

// The server calls every function but `lane` one at a time.
class System {
 public:
  explicit System(std::vector<Knob> own_knobs);
  virtual ~System() = default;
  System(const System&) = delete;
  System& operator=(const System&) = delete;

  virtual std::string name() const = 0;
  virtual Answer answer(const Call& call) = 0;

  // Calls of one lane should come one after the other; "" belongs to none. Reads nothing that changes.
  virtual std::string lane(const Call&) const { return {}; }
  // An answer with this status in the system's own form and words, for an injected fault.
  virtual Answer failure(int status, const Call& call) = 0;
  // Of all tokens given out so far. False where the system knows no tokens.
  virtual bool expire_tokens() { return false; }
  virtual bool revoke_tokens() { return false; }
  // What rows of `table` must be; asked before one is put, changed or removed over the control endpoint.
  virtual RowShape shape(const std::string& /*table*/) const { return {}; }
  // A row was put, changed or removed over the control endpoint; `before` and `after` are null where there was none.
  virtual void edited(const std::string& /*table*/, const std::string& /*id*/, const Json& /*before*/,
                      const Json& /*after*/) {}
  // The id for a row that is added to `table` over the control endpoint without one; "" when it must bring its own.
  virtual std::string new_id(const std::string& /*table*/) { return {}; }
  // Something that happens in the real system without a call, by name. nullopt: no such action.
  virtual std::optional<Answer> act(const std::string& /*action*/, const Json& /*details*/) { return std::nullopt; }
  // What a client needs to be let in, ready to be shown.
  virtual Json credentials() const = 0;

  Knobs knobs;
  Clock clock;
  Store store;
  std::string base;  // http://127.0.0.1:PORT, set when the server listens
};

// The knobs that every system has.
std::vector<Knob> shared_knobs();

}  // namespace dovetail::sandbox
