// PowerOffice Go's lists: bare arrays, paged; 204 where there is nothing; X-Pagination says what is left.
#pragma once

#include <string>
#include <vector>

#include "providers/toolkit/calls.hpp"

namespace dovetail::providers::poweroffice_go {

// A list's rows, each a JSON object, into `rows` (empty before). The Completeness says whether those were all.
Result<Completeness> read_pages(Calls& calls, const std::string& operation, const std::string& path,
                                std::vector<std::string>& rows);

}  // namespace dovetail::providers::poweroffice_go
