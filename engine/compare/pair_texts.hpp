// A pair's values carried through its transforms.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "engine/ir/program.hpp"
#include "engine/values/observation.hpp"

namespace dovetail {

// The texts of one end carried to the other by the pair's transforms (not by its table). Unset members go as empty
// texts. False: the values have no image there.
bool carry(const ir::PairProgram& pair, ir::Side from, std::span<const Observation> parts, const CheckContext& context,
           Texts& out);
// The same for texts that are not the members' own, as words of a table.
bool carry(const ir::PairProgram& pair, ir::Side from, Texts texts, const CheckContext& context, Texts& out);

// The end's value as one text: the member's own, or what several members make together. nullopt: it has no value.
std::optional<std::string> whole_text(const ir::PairProgram& pair, ir::Side side, std::span<const Observation> parts,
                                      const CheckContext& context);

}  // namespace dovetail
