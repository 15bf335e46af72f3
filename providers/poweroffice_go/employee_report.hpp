// What became of an employee's changes, as the employee that PowerOffice answers a write with shows it.
#pragma once

#include <span>

#include "providers/toolkit/json_answer.hpp"
#include "providers/toolkit/write_report.hpp"

namespace dovetail::providers::poweroffice_go {

// As report_values. PowerOffice shows a country also where it has nothing else of an address: the address was cleared
// nevertheless.
void report_employee(const Codec& codec, const ir::Schema& schema, const JsonAnswer& employee,
                     std::span<const Change> changes, WriteReport& report);

}  // namespace dovetail::providers::poweroffice_go
