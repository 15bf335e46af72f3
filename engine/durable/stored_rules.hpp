// Rules that a connection was synchronised by, with all that they import: usable after the files have changed.
#pragma once

#include <optional>
#include <string>

#include "engine/instant.hpp"

namespace dovetail {

struct StoredRules {
  std::string hash;     // of what they say
  std::string content;  // engine/api/rule_bundle.hpp
  Instant at{};
  std::optional<Instant> approved{};  // a person said yes to what they weaken
  std::string approved_by{};
};

}  // namespace dovetail
