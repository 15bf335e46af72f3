// What one side's value of a field becomes in the other side's terms.
#pragma once

#include <string>
#include <vector>

#include "engine/compare/forms.hpp"
#include "engine/compare/sight.hpp"
#include "engine/plan/reason.hpp"

namespace dovetail {

struct Image {
  enum class Verdict : std::uint8_t {
    none,   // nothing may be concluded: the source is absent, invalid, masked or incomplete
    unset,  // the target should have no value
    value,
    keep,  // a row says that the target stays as it is
    held,  // there is a value, but no form of it may be sent; see reason and detail
  };
  Verdict verdict = Verdict::none;
  Reason reason = Reason::source_absent;  // none, held: why
  bool cleared_by_row = false;            // unset because a row of a value table says so: its own evidence
  int shape = 0;                          // that the source takes; parts are as its pairs give them
  std::vector<Value> parts;               // by the target's FieldProgram::parts; absent: not written by this image
  std::string detail;                     // held: a sentence for people, no secrets
  ir::Origin rule;                        // held: the line that says so
};

// Fills `image`, whose memory is reused. `trace`, if given, gets a line for each step.
void make_image(const ir::Program& program, const ir::FieldProgram& field, ir::Side from, const Sight& source,
                const CheckContext& context, Image& image, std::vector<std::string>* trace = nullptr);

// True if what the image says about every compared part is what the target has, by the keys of the target's types and
// of those that `valid` demands there. `context` is of the target's record.
bool is_equal(const ir::FieldProgram& field, ir::Side target, const Image& image, const Sight& there,
              const CheckContext& context);

// True if both sides hold the same as they stand, without any conversion: so may what no image can be made of.
bool is_same_as_it_stands(const ir::FieldProgram& field, const Sight& hub, const Sight& provider,
                          const CheckContext& context);

}  // namespace dovetail
