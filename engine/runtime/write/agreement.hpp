// What a write that nobody saw the end of leaves in the base, once a fresh read shows that it was done.
#pragma once

#include <optional>
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

// The id that an element has by now which the intent was to add; nullopt: it does not show. `name`: "+1", as the
// intent's writes name it.
std::optional<std::string> find_added(const Shown& shown, const std::string& name);

// Elements that the intent was to add, and that show by now, are partners of those that they were made of, and agreed
// on with what that was.
void agree_on_added(const Shown& shown, Link& link);

// Takes out of a link that was intended what it says of elements whose ids were not known then.
void drop_unnamed(Link& link);

}  // namespace dovetail
