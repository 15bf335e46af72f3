// Values that were written a moment ago, and the reads that do not show them yet: a system may answer from a replica
// that lags. Such a read says nothing of what is there now, and is no change that anybody made.
#pragma once

#include <array>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/runtime/means.hpp"

namespace dovetail {

class FreshWrites {
 public:
  // Those that began no longer than `Limits::replica_lag` before `since`; of one person, or of everybody where `hub_id`
  // is empty. An Error of the store.
  static Result<FreshWrites> load(const Means& means, const Opened& opened, Instant since, std::string_view hub_id);

  // The record has a value that one of them replaced, and not the one that was written last.
  bool is_behind(ir::Side side, std::string_view id, const Snapshot& read, RecordIndex record) const;
  // A read that begins now may be behind about that record.
  bool may_lag(ir::Side side, std::string_view id, Instant now) const;
  // When to read it again, if a read was behind: soon at first, then ever later.
  Instant next_look(ir::Side side, std::string_view id, Instant now) const;
  // The record as it is now: reads until it shows what was written, or a replica cannot lag any more. Appends it to
  // `into`, which is empty; false: there is none. An Error of the system.
  Result<bool> get(const Means& means, System& system, ir::Side side, const std::string& id, Snapshot& into) const;
  // Reads those again that are behind in a listing. An Error of the system.
  Result<void> catch_up(const Means& means, System& system, ir::Side side, Snapshot& listed) const;

 private:
  struct OfRecord {
    Instant last{};
    std::vector<KeptValue> values;  // newest first
  };
  const OfRecord* find(ir::Side side, std::string_view id) const;

  const ir::Program* program_ = nullptr;
  std::chrono::milliseconds lag_{};
  std::array<std::map<std::string, OfRecord, std::less<>>, 2> written_;  // by the record's id
};

// One of a linked person's records was read from before a write of a moment ago: when to look again. An Error of the
// store.
Result<std::optional<Instant>> find_behind(const Means& means, const Opened& opened, const Link& link,
                                           const Snapshot& hub, const Snapshot& provider);

}  // namespace dovetail
