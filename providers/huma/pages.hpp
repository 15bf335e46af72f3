// Huma's lists: {"items": […], "total": n}, fifty at a time.
#pragma once

#include <string>
#include <vector>

#include "providers/toolkit/calls.hpp"

namespace dovetail::providers::huma {

// A list's items, each a JSON object, into `items` (empty before). The Completeness says whether those were all. Where
// Huma leaves the total out, `to_the_end` asks on until a page is empty; else a page that is not full is the last.
Result<Completeness> read_pages(Calls& calls, const std::string& operation, const std::string& path, bool to_the_end,
                                std::vector<std::string>& items);

}  // namespace dovetail::providers::huma
