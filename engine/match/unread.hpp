// Records that a listing named and could not read.
#pragma once

#include <array>
#include <map>
#include <string>
#include <string_view>

#include "engine/ir/program.hpp"
#include "engine/snapshot.hpp"

namespace dovetail {

// Nothing but its id is known of the record: every value is absent, and no list has an element.
bool is_unread(const ir::Program& program, ir::Side side, const Snapshot& snapshot, RecordIndex record);

// How many there are.
std::size_t count_unread(const ir::Program& program, ir::Side side, const Snapshot& snapshot);

// The note that a listing leaves of such a record; `why` is in the system's own words.
std::string unread_note(std::string_view id, std::string_view why);

// True of these notes only.
bool is_unread_note(std::string_view note);

// What the notes of both listings say of whom could not be read.
class UnreadReasons {
 public:
  explicit UnreadReasons(const std::array<Completeness, 2>& seen);  // by Side

  // In the system's own words; empty: nothing is said of that record. Valid as long as this is.
  std::string_view of(ir::Side side, std::string_view id) const;

 private:
  std::array<std::map<std::string, std::string, std::less<>>, 2> by_id_;
};

}  // namespace dovetail
