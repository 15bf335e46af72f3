// What the sweep remembers of a person: the record in the hub as it was dealt with, and what was left out of it then.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/runtime/opener.hpp"
#include "engine/store.hpp"

namespace dovetail {

// What decides, besides the two records, what is written of a person. Views, which must outlive it.
struct Terms {
  const std::string& rules_hash;
  const std::vector<std::optional<std::string>>& settings;
  bool test_system = false;
  bool observes_only = false;
};
Terms terms_of(const Opened& opened);

// `hash`: of the record. `left_out`: not all of the record was dealt with, and under other terms more of it might be.
std::string seen_text(std::string hash, bool left_out, const Terms& terms, const Link* link,
                      const SecretHasher& hasher);
// Somebody new who was not added because they were left out as a whole: let in, they are new still.
inline constexpr std::string_view seen_as_new = "new";

// Whether a person whose record has this hash is as `seen` says, so that looking at them again would find nothing.
bool is_as_seen(std::string_view seen, std::string_view hash, const Terms& terms, const Link* link,
                const SecretHasher& hasher);

bool is_in_scope(const Connection& connection, std::string_view hub_id);

// Whether anything of the person waits for other terms. `link`: nullptr if they have none.
bool leaves_out(const Plan& plan, PersonIndex person, const ir::RuleSet& rules, const Link* link);

// This person's link, not one that says two are apart; nullptr: none.
const Link* find_link(const std::vector<StoredLink>& known, std::string_view hub_id);

// Take in an event for everybody of whom something was left out that may be let in now; before the first run is
// finished, for nobody. `before`: how the connection was.
Result<void> look_at_left_out(Transaction& transaction, const Connection& before, const Connection& after, Instant at);
Result<void> look_at_left_out_by_old_rules(Transaction& transaction, const Connection& connection, Instant at);
// An event for one person who is let in again.
Result<void> look_at_person(Transaction& transaction, const Connection& connection, const std::string& hub_id,
                            Instant at);

}  // namespace dovetail
