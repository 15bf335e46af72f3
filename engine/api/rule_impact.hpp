// What changed rules would do to a connection, before a person says yes to them.
#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "engine/api/runtime.hpp"

namespace dovetail {

struct FieldImpact {
  std::string field;                    // label; "People": of people as such
  std::array<std::size_t, 2> found{};   // findings of a run now, by the rules before and by those now
  std::array<std::size_t, 2> writes{};  // the same, of what is preselected
};

struct RuleImpact {
  std::string connection;
  std::string rules;                // hash of those now
  bool has_changed = false;         // else there is nothing to compare: no run was made, or it was by these rules
  bool waits = false;               // for approval: the connection goes on by the rules before
  std::vector<std::string> weaker;  // what they allow more, a sentence each
  std::vector<FieldImpact> fields;  // that differ
};

// That connection, or (empty) all.
Result<std::vector<Connection>> connections_named(Runtime& runtime, std::string_view connection);
// Reads both systems by both rules, where they have changed. An Error of a system; Error::input: of the rules.
Result<RuleImpact> rule_impact(Runtime& runtime, const Connection& connection);

// A person says yes to waiting rules with this hash: they count for every connection with these rules, whose names are
// answered. Error::input: no rules with this hash wait.
Result<std::vector<std::string>> approve_rules(Runtime& runtime, std::string_view rules, const std::string& by);

}  // namespace dovetail
