// Who is linked to whom, and who is left out, changed by hand. None of these touches a record in either system.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "engine/api/json_file.hpp"
#include "engine/api/runtime.hpp"
#include "engine/match/link_state.hpp"  // is_apart

namespace dovetail {

// Of the connection; with `person` (an id in the hub or in the provider, or empty: all) only those of that person.
Result<std::vector<StoredLink>> links_of(Runtime& runtime, std::string_view connection, std::string_view person);

// As hosts and programs are told of a link.
Json to_json(const Link& link);

// The three below want a connection that is paused, or has not had its first run; else Error::input, as for a person
// whom they do not know. `person` is the id in the hub, `by` who says so.

// The two are remembered as not being one person, or the next run would find them again. The link as it is then.
Result<Link> cut_link(Runtime& runtime, std::string_view connection, const std::string& person, const std::string& by);
// Both systems are asked first whether they have these records. Error::input: one has not, or is linked already.
Result<Link> make_link(Runtime& runtime, std::string_view connection, const std::string& person,
                       const std::string& record, const std::string& by);
// By which `person` a link is forgotten: the id in the hub, or of somebody who is only in the provider their id there.
const std::string& id_to_forget(const Link& link);
// The link, what was agreed and exclusions: the next run matches anew.
Result<void> forget_link(Runtime& runtime, std::string_view connection, const std::string& person);

struct Exclusion {
  std::string person;  // id in the hub
  std::string field;   // label; empty: the person as a whole
  std::string why;     // shown wherever the person is
  bool undo = false;   // taken in again
};
// While the connection is active, too. Error::input: `why` is missing, no field has this label, or it is so already.
Result<void> exclude(Runtime& runtime, std::string_view connection, const Exclusion& wanted, const std::string& by);

}  // namespace dovetail
