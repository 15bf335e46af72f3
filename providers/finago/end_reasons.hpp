// Why an employment ended: Finago has Norwegian words for Norwegian companies, and Swedish ones for Swedish ones.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "engine/system.hpp"
#include "providers/toolkit/wire_writes.hpp"

namespace dovetail::providers::finago {

// Employments as a Swedish company answers them, with the schema's words; "Ingen" (none) becomes no value.
std::string with_schema_words(const ir::Schema& schema, std::string employments);

// The writes with the words of a Swedish company. Kind data where none surely means the same: the reason is reported to
// authorities.
Result<void> use_swedish_words(const ir::Schema& schema, std::vector<WireWrite>& writes,
                               std::span<const Change> changes);

}  // namespace dovetail::providers::finago
