// One person's part of a plan while it is made, and the making of entries from judgements.
#pragma once

#include <string>
#include <vector>

#include "engine/compare/comparer.hpp"
#include "engine/plan/chooser.hpp"
#include "engine/plan/demands.hpp"
#include "engine/plan/plan.hpp"
#include "engine/plan/writing.hpp"

namespace dovetail {

struct Draft {
  Person person;
  const Link* link = nullptr;
  std::string evidence, why;    // of the match
  std::vector<Reason> reasons;  // by field
  std::vector<Entry> entries;
  std::vector<Question> questions;  // Question::entry counts within this draft
  std::vector<Notice> notices;
  NewElements added;
  // As in Totals, but what has an entry is not among the reasons: it may change until the plan is done.
  std::uint32_t elements = 0, element_fields = 0;
  std::array<std::uint32_t, reason_count> element_reasons{};

  // One field of one element that has no entry.
  void count_element(Reason reason) { ++element_reasons[static_cast<std::size_t>(reason)]; }
};

// Makes the entry of one judged field, takes the decision about it, and settles its action and reason.
class EntryMaker {
 public:
  EntryMaker(const PlanInput& input, const Chooser& chooser) : input_(input), chooser_(chooser) {}

  // Returns the field's reason. Quiet findings make no entry.
  Reason add(Draft& draft, const ir::FieldProgram& field, const Place& place, Comparer& seen,
             const Judgement& judgement, const FieldBase* base) const;

 private:
  struct Options {
    std::array<Writing, 2> writing;             // by target side
    std::array<std::vector<Question>, 2> open;  // what must be answered before that
    bool was_blocked = false;                   // for this very pair of values
    std::array<Lacking, 2> lacking{};           // what must be written along, and has no value
  };
  Entry start(const ir::FieldProgram& field, const Place& place, const Comparer& seen, const Judgement& judgement,
              const FieldBase* base) const;
  void settle(Entry& entry, const ir::FieldProgram& field, const Comparer& seen, const Judgement& judgement,
              const Options& options, Choice choice) const;
  void take(Entry& entry, ir::Side target, const Options& options) const;
  void ask(Draft& draft, const Entry& entry, const Options& options) const;
  void block(Entry& entry, ir::Side target, const Options& options) const;
  void hold_lacking(Entry& entry, ir::Side target, const Options& options) const;

  const PlanInput& input_;
  const Chooser& chooser_;
};

// The values of a sight, with the members that they belong to.
std::vector<PartValue> part_values(const ir::FieldProgram& field, ir::Side side, const Sight& sight);

// Of several reasons within one field (the elements of an `each`), the one that a person should see first.
Reason graver(Reason a, Reason b);

}  // namespace dovetail
