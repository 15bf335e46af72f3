// What is written to Netvisor: people by employee.nv and patchemployee.nv, their periods by the job-period resources.
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "providers/toolkit/calls.hpp"
#include "providers/toolkit/wire_writes.hpp"
#include "providers/toolkit/write_report.hpp"

namespace dovetail::providers::netvisor {

// Adds a person; what Netvisor never takes is refused in the report. An Error: nobody is known to have been added.
Result<void> add_employee(Calls& calls, const ir::Schema& schema, const std::vector<Change>& members,
                          WriteReport& report);

// Why this can never be changed in Netvisor; "": it can.
std::string why_never(const ir::Schema& schema, const Change& change, bool creating);

// The `indices` of the changes, all of them about the person's own members. `now` is the record before them, with every
// member: a patch always carries the names, and a bank account never goes in one without its BIC.
void write_employee(Calls& calls, const ir::Schema& schema, std::string_view id, const Snapshot& now,
                    const std::vector<Change>& changes, std::span<const std::size_t> indices, WriteReport& report);

// All changes are about one period. Never by an edit of the employee: what that does with periods is not known.
Result<void> write_period(Calls& calls, const ir::Schema& schema, std::string_view id, std::span<const Change> changes);

}  // namespace dovetail::providers::netvisor
