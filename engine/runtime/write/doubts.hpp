// Writes that may or may not have happened: resolved by reading back, before anything else is done about the person.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "engine/runtime/means.hpp"

namespace dovetail {

// What is known after open intents were looked into.
struct Resolved {
  std::optional<Instant> again;            // too early to tell: a replica may lag. Nothing was concluded
  std::vector<std::string> held_fields{};  // labels: neither as intended nor as before; not to be written now
  // Updates whose record is as before, and may show them yet. They stay open: whoever writes the same members anyway
  // ends them (end_unshown); anybody else looks again at `shows_by`.
  std::vector<Intent> unshown{};
  std::optional<Instant> shows_by{};
};

// The id of the record that the intent's creation made, by our reference or by members that the system can be searched
// by; nullopt: it is not to be seen.
Result<std::optional<std::string>> find_created_record(Opened& opened, const Intent& intent);

// Ends the intents whose outcome a fresh read tells: what is as intended becomes the base, what is as before is planned
// again, anything else is reported. A creation is searched for by our reference, then by members that the system can
// be searched by; it counts as not happened only `Limits::replica_lag` after the first look in vain
// (Means::first_looks), and so does an element that was added to a list. The link of a creation that is found is
// stored. An update that does not show counts as not happened by then, too. An Error: a system or the store did not
// answer, and the intents stay open.
Result<Resolved> resolve(const Means& means, Opened& opened, const std::vector<Intent>& open);

// The plan writes all that these were to write, whatever the values are by now.
bool are_written_again(const std::vector<Intent>& unshown, const Plan& plan, const ir::Program& program);
// Of updates that don't show: what they were to write is written now, whatever came of them.
Result<void> end_unshown(const Means& means, const std::vector<Intent>& unshown);

}  // namespace dovetail
