// What a link remembers of the elements of lists: who is whose partner, and what they agreed on.
#pragma once

#include <string>

#include "engine/match/elements.hpp"

namespace dovetail {

// How links name the list.
const std::string& hub_path(const ir::Program& program, const ir::ListProgram& list);

bool is_there(const Few<ElementLink>& elements, const ElementLink& one);

// An element has one partner: who was linked to one that is gone, or left alone, is so no more.
void link_elements(const ElementLink& partners, Link& link);

// What the hub's element agreed on with a former partner.
void forget_former(const ir::Program& program, const ir::ListProgram& list, const std::string& hub_element, Link& link);

// What earlier runs added: what has been found stands under its own id from now on, and what is not there was not
// added. `paired`: of the link, with both lists read.
void settle_added(const ir::Program& program, const ir::ListProgram& list, const PairedElements& paired, Link& link);

}  // namespace dovetail
