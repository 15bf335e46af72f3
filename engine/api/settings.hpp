// A connection's settings, from the texts that people give them as.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "engine/error.hpp"
#include "engine/ir/rules.hpp"

namespace dovetail {

// By RuleSet::settings; nullopt: not given, so it has its default. Texts are returned as they are kept: a boolean (on,
// off, true, false) is true or false. An Error of kind input names the setting that the rules don't have, with those
// that they do, or whose text is not of its type.
Result<std::vector<std::optional<std::string>>> read_settings(
    const ir::RuleSet& rules, const std::vector<std::pair<std::string, std::string>>& given);

}  // namespace dovetail
