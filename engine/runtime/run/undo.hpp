// Puts values back that a run, or one of its writes, replaced: through a plan, which is carried out like any other.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "engine/runtime/means.hpp"
#include "engine/runtime/run/run_inputs.hpp"

namespace dovetail {

struct Undone {
  Run run;  // of its own, kind "undo"
  RunInputs inputs;
  Plan plan;
  Applied applied;
  std::vector<std::string> left;  // what is not put back, and why: sentences for people

  // Everything that was kept is as it was before.
  bool is_whole() const { return left.empty() && applied.count(Outcome::Kind::done) == plan.operations.size(); }
};

// `intent`: only this write; 0: the whole run. What has changed since is left alone, and said. Records that the run
// created stay, and that is said, too. Error::input: there is nothing kept of it (any more); or it stopped on the way,
// as ManualRun::apply does, and another one puts back the rest.
Result<Undone> undo(const Means& means, Opened& opened, RunId run, IntentId intent, const std::string& by,
                    std::chrono::milliseconds patience, const std::function<bool()>& is_told_to_stop = {});

}  // namespace dovetail
