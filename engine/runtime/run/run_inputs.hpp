// What a manual run's plan is made of, kept whole: since a plan is a pure function of it, planning again from it, with
// the decisions taken by then, gives exactly the plan that was shown.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/plan/plan.hpp"
#include "engine/runtime/opener.hpp"
#include "engine/store.hpp"

namespace dovetail {

struct RunInputs {
  CivilDay today{};
  bool activated = false;  // a first run was finished before
  std::string rules_hash;
  std::vector<std::optional<std::string>> settings;
  std::optional<std::vector<std::string>> scope;
  bool test_system = false;
  std::array<Instant, 2> taken{};   // when the snapshots were, by Side
  std::vector<Snapshot> snapshots;  // by Side
  std::vector<StoredLink> known;
  Base base;  // of `known`

  // Views of this, which must outlive it. `decisions` may be nullptr.
  PlanInput input(const Opened& opened, const Decisions* decisions, const SecretHasher& hasher, std::string run) const;
};

// Piece by piece: there may be a million people.
void pack_inputs(const RunInputs& inputs, const Transaction::PassOn& pass_on);

// An Error of kind input: the rules are others by now; of kind data: not made by pack_inputs, or by a later version.
Result<RunInputs> unpack_inputs(const Transaction::NextPiece& next, const Opened& opened);

// Decisions in the same form.
std::string pack_decisions(const Decisions& decisions);
Result<Decisions> unpack_decisions(std::string_view bytes);

}  // namespace dovetail
