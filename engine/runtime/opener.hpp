// What a connection is worked on with: its rules, compiled, and its two systems, opened.
#pragma once

#include <array>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/durable/connection.hpp"
#include "engine/ir/program.hpp"
#include "engine/permit.hpp"
#include "engine/plan/plan.hpp"
#include "engine/system.hpp"

namespace dovetail {

struct Opened {
  Connection connection;               // as it was then
  const ir::Program* rules = nullptr;  // of the opener, which outlives this
  std::string rules_hash;              // remembered with what is agreed under them
  const ReferenceTables* tables = nullptr;
  CivilDay today{};  // what the systems check by; open again on another day
  std::array<std::unique_ptr<System>, 2> systems;
  std::vector<std::optional<std::string>> settings;             // by RuleSet::settings
  std::shared_ptr<Permit> permit = std::make_shared<Permit>();  // of both systems

  const ir::Program& program() const { return *rules; }
  System& system(ir::Side side) { return *systems[ir::at(side)]; }
};

// While it lives, what was opened asks before each call.
class Asking {
 public:
  explicit Asking(Opened& opened, std::function<Result<void>()> ask, std::function<bool()> gives_up = {})
      : permit_(opened.permit) {
    permit_->ask = std::move(ask);
    permit_->gives_up = std::move(gives_up);
  }
  ~Asking() { *permit_ = {}; }
  Asking(const Asking&) = delete;
  Asking& operator=(const Asking&) = delete;

 private:
  std::shared_ptr<Permit> permit_;
};

// For any number of threads. What it opened is for one thread at a time.
class Opener {
 public:
  virtual ~Opener() = default;
  // Calls no system yet. An Error of kind input: the rule file, the settings or the credentials are not usable.
  virtual Result<std::unique_ptr<Opened>> open(const Connection& connection, CivilDay today) = 0;
};

}  // namespace dovetail
