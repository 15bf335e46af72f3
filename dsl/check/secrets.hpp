// What is secret because a rule joins it to a secret.
#pragma once

#include "engine/ir/rules.hpp"

namespace dovetail::dsl {

// Whether a value goes on by the pair, and not only what can be told from it: a birth date, a bank.
bool hands_on_value(const ir::Pair& pair);

// Marks the other side of every pair and fill that has a secret on one side alone, and so on from there: what is kept
// and shown as a secret in one system is in the other.
void share_secrets(ir::RuleSet& rules);

}  // namespace dovetail::dsl
