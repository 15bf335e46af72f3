#include "providers/poweroffice_go/employee_report.hpp"

#include "providers/toolkit/wire_writes.hpp"

namespace dovetail::providers::poweroffice_go {
namespace {

constexpr std::string_view default_country = "NO";

bool is_empty_address_country(const ir::Schema& schema, const Snapshot& answered, ir::SlotId country) {
  if (country == ir::no_slot) return false;
  const std::vector<std::string> path = write_path(schema, answered.layout().slots[country]);
  if (path.back() != "CountryCode" || answered.at(0, country).text != default_country) return false;
  for (ir::SlotId slot = 0; slot < answered.layout().slots.size(); ++slot) {
    const std::vector<std::string> other = write_path(schema, answered.layout().slots[slot]);
    const bool beside = slot != country && other.size() > 1 && other.front() == path.front();
    if (beside && answered.at(0, slot).state == State::value) return false;
  }
  return true;
}

}  // namespace

void report_employee(const Codec& codec, const ir::Schema& schema, const JsonAnswer& employee,
                     std::span<const Change> changes, WriteReport& report) {
  Snapshot answered(ir::Layout::whole(schema));
  if (!decode_json(codec, "employee", employee.raw(employee.root()), answered)) return;
  report_values(schema, answered, changes, report);
  for (std::size_t i = 0; i < changes.size(); ++i) {
    const ir::SlotId slot = answered.layout().slot(changes[i].member);
    if (report[i].kind != ChangeOutcome::Kind::refused || !is_empty_address_country(schema, answered, slot)) continue;
    report.done({{i}});
    report.now(i, Value::of(answered.at(0, slot)));
  }
}

}  // namespace dovetail::providers::poweroffice_go
