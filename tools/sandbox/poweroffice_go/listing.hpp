// Lists of PowerOffice Go: the generic parameters, paging, and what is left out of a row.
#pragma once

#include <functional>
#include <set>
#include <vector>

#include <functional>

#include "tools/sandbox/poweroffice_go/poweroffice_go.hpp"

namespace dovetail::sandbox::poweroffice_go {

// `rows` as the caller ordered, paged and cut them, each as `show` draws it (as_shown, where it is left out); 204 when
// none is left. Only what the page holds is drawn.
Answer list_answer(const Request& request, std::vector<const Json*> rows,
                   const std::function<Json(const Json&)>& show = {});
// The row without what only the sandbox knows, with the oddities that the knobs ask for.
Json as_shown(const Request& request, Json row);

// Numbers of `1, 100-200, 500-`; nullopt when the text is none such.
std::optional<std::vector<std::pair<long long, long long>>> ranges_from(const std::string& text);
// Texts of a comma list, trimmed.
std::set<std::string> texts_from(const std::string& text);
Answer unable_to_cast(const std::string& parameter, const std::string& value);

}  // namespace dovetail::sandbox::poweroffice_go
