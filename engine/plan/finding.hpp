// The words that findings are sorted by.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace dovetail {

// What a person reads a finding as.
enum class Kind : std::uint8_t {
  link,      // a first link, found by the match key, or proposed
  create,    // exists on one side only
  change,    // the hub's value changed and is written; nobody needs to decide
  conflict,  // both sides have a value, and they differ
  missing,   // one side has none
  drift,     // changed in the provider since the last agreement
  known,     // a standing difference: listed quietly
  blocked,   // wanted, but not allowed there
  held,      // wanted, but something is missing or wrong; see the reason
  invalid,   // a value that is not of its type
  person,    // about the person as such: no e-mail, disputed, missing, deleted, …
};
inline constexpr std::size_t kind_count = 11;
std::string_view name(Kind kind);  // "conflict", …

enum class Mode : std::uint8_t {
  push,    // real time: the hub's changes go out, nobody is asked
  manual,  // "Synchronize users": everything is shown, people decide
};

// What happened to the people of a push. Ignored in a manual run.
enum class Event : std::uint8_t { changed, added, deactivated, removed };

}  // namespace dovetail
