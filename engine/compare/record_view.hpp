// One record of one side, seen through the rules: list selections resolved, members read by part.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/ir/program.hpp"
#include "engine/snapshot.hpp"
#include "engine/values/civil_day.hpp"

namespace dovetail {

inline constexpr ElementIndex no_element = UINT32_MAX;
inline constexpr RecordIndex no_record = UINT32_MAX;

// What a selector found in a record's list.
struct Selected {
  enum class Kind : std::uint8_t {
    element,
    none,       // the list was read completely, and no element fits
    absent,     // the list was not read, or what decides was not; or an aggregate of nothing
    ambiguous,  // several fit
    invalid,    // what decides is not of its type
  };
  Kind kind = Kind::absent;
  ElementIndex element = no_element;
};

// Finds the element that `selection` means in one record's list. Dates compare as civil days.
Selected select(const ir::Selection& selection, const Snapshot& snapshot, RecordIndex record, CivilDay today);

// Reused from record to record, by one thread. The snapshot and program must outlive it.
class RecordView {
 public:
  RecordView(const ir::Program& program, ir::Side side, const Snapshot& snapshot)
      : record_program_(&program.records[ir::at(side)]), snapshot_(&snapshot) {}

  // no_record: there is none; everything is unset, every list empty.
  void move_to(RecordIndex record, CivilDay today);

  RecordIndex record() const { return record_; }
  bool exists() const { return record_ != no_record; }
  const Snapshot& snapshot() const { return *snapshot_; }

  // `element`: the one at hand, for parts of an `each`; no_element: there is none, its members are unset.
  Observation observe(const ir::Part& part, ElementIndex element = no_element) const;
  const Selected& selected(std::uint32_t selection) const {
    if (!selected_[selection]) resolve(selection);
    return *selected_[selection];
  }
  bool ambiguous(const ir::Part& part) const {
    return part.selection != ir::no_selection && selected(part.selection).kind == Selected::Kind::ambiguous;
  }
  bool undecided(const ir::Part& part) const {
    return part.selection != ir::no_selection && selected(part.selection).kind == Selected::Kind::invalid;
  }

  std::string_view id() const;                         // empty: none
  std::string_view region() const { return region_; }  // empty: none known
  // The key of a selected element or of one at hand; empty: its list has no key.
  std::string_view element_id(std::size_t list, ir::SlotId key, ElementIndex element) const;

 private:
  std::string_view text_at(ir::SlotId slot) const;
  void resolve(std::uint32_t selection) const;

  const ir::RecordProgram* record_program_;
  const Snapshot* snapshot_;
  RecordIndex record_ = no_record;
  CivilDay today_{};
  std::string_view region_;
  mutable std::vector<std::optional<Selected>> selected_;  // by RecordProgram::selections; made when asked for
};

// Whether the schema counts the record as a current person. What was not read counts as active.
bool is_active(const ir::Program& program, ir::Side side, const Snapshot& snapshot, RecordIndex record, CivilDay today);

}  // namespace dovetail
