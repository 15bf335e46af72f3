// Who else in the provider has a unique value that a push would write.
#pragma once

#include <optional>
#include <string>

#include "engine/runtime/push/populations.hpp"

namespace dovetail {

// For one push; `own` and everything else must outlive it.
class UniqueHolders {
 public:
  // `own`: the person's own record, to which the records of holders that the system finds are added.
  UniqueHolders(const Means& means, Opened& opened, Populations& populations, Snapshot& own)
      : means_(means), opened_(opened), populations_(populations), own_(own) {}

  // true: provider() has more records than before, so plan again. An Error: the system did not answer.
  Result<bool> find(const Plan& plan, const std::string& own_id);
  // What to plan by: the own record with those found, or everybody where a member cannot be searched by.
  const Snapshot& provider() const { return everybody_ ? *everybody_ : own_; }

 private:
  bool is_unique(const Write& write) const;
  Result<void> take_everybody(const std::string& own_id);

  const Means& means_;
  Opened& opened_;
  Populations& populations_;
  Snapshot& own_;
  std::optional<Populations::Held> held_;
  std::optional<Snapshot> everybody_;
};

}  // namespace dovetail
