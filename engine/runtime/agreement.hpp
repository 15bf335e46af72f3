// What a write that nobody saw the end of leaves in the base, once a fresh read shows that it was done.
#pragma once

#include <string>

#include "engine/runtime/means.hpp"

namespace dovetail {

struct Shown {
  Opened& opened;
  const Intent& intent;
  const Snapshot& fresh;  // the target's record, alone
  const SecretHasher& hasher;
};

// The field of this label is agreed on with what the intent took it from, so that a change of the source since then,
// also one back to what it was before, still goes out. Where that is not known, or only a part of the field was written
// (`is_all` false), the source counts as changed whatever it is.
void agree_on_written(const Shown& shown, const std::string& label, bool is_all, Link& link);

}  // namespace dovetail
