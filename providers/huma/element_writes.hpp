// A user's positions and identifications: own resources, one call an element.
#pragma once

#include <span>
#include <string_view>

#include "providers/huma/job_titles.hpp"
#include "providers/toolkit/calls.hpp"
#include "providers/toolkit/json_node.hpp"

namespace dovetail::providers::huma {

// All changes are about one element of the user. A position's title is sent as the id of the job title.
Result<void> write_position(Calls& calls, const ir::Schema& schema, JobTitles& titles, std::string_view user,
                            std::span<const Change> changes);

// An identification is put whole, what the changes leave out as `details` has it; one without a value is removed.
Result<void> write_identification(Calls& calls, const ir::Schema& schema, std::string_view user,
                                  std::span<const Change> changes, const JsonNode& details);

std::string user_path(std::string_view id);

}  // namespace dovetail::providers::huma
