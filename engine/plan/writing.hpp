// From what a field should become on one side to the writes that make it so, and what forbids them.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "engine/compare/comparer.hpp"
#include "engine/plan/plan.hpp"

namespace dovetail {

// Names the list elements that one person's writes add: "+1", "+2", … on each side.
class NewElements {
 public:
  // A new element for a selector that found none; the same selector gets the same one.
  std::string of_selection(ir::Side side, std::uint32_t selection);
  std::string next(ir::Side side);

 private:
  struct Known {
    ir::Side side;
    std::uint32_t selection;
    std::string name;
  };
  std::array<std::uint32_t, 2> count_{};
  std::vector<Known> known_;
};

// Why a write may not be: a missing bit, and who says so.
struct Block {
  ir::Limit limit = ir::Limit::none;
  bool unset = false;  // the bit that is missing; else update (or create)
  std::string path;    // of the member
  ir::Origin rule{};
};

struct Writing {
  std::vector<Write> writes;
  std::optional<Block> block;
  bool reselects = false;  // it would change which element the rule selects
  bool clears = false;     // every compared member that it touches ends up unset
  bool fills = false;      // every compared member that it touches was unset
};

// Members that already are as the image says are left out; so writes may be empty. `creating`: the record (or the
// element at hand) is made new, so nothing is there and only the permission to create counts.
Writing make_writing(const PlanInput& input, const ir::FieldProgram& field, ir::Side target, const Place& place,
                     const Sight& there, const Image& image, NewElements& added, bool creating = false);

// The address of the element that a part stands in; empty: in none.
std::string element_of(const ir::Program& program, const ir::Part& part, ir::Side side, const Place& place);

}  // namespace dovetail
