// What Netvisor is sent: XML whose elements must come in the order of its own schema.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "providers/toolkit/wire_writes.hpp"

namespace dovetail::providers::netvisor {

// The elements that Dovetail writes, and the blocks around them, as Netvisor's schema orders them.
const std::vector<std::string>& element_order();

// <root><`resource`>…</`resource`></root>; `resource` empty: below root itself. Writes with an element stand in an
// employment period each: `changes` says which. An Error where a text cannot be written in XML.
Result<std::string> write_body(std::string_view resource, std::span<const WireWrite> writes,
                               std::span<const Change> changes);

}  // namespace dovetail::providers::netvisor
