#include "providers/netvisor/rights.hpp"

#include <fmt/format.h>

#include <array>

namespace dovetail::providers::netvisor {

bool lacks_right(const Error& error) { return error.what.find("SERVICE_ACCESS_ERROR") != std::string::npos; }

// Each resource is asked for something that cannot succeed.
Result<std::vector<std::string>> closed_resources(Calls& calls) {
  struct Probe {
    const char* resource;
    const char* query;
    bool writes;
  };
  constexpr std::array<Probe, 6> probes = {{{"getemployees.nv", "?includeendedemployments=0", false},
                                            {"getemployee.nv", "?netvisorkey=0", false},
                                            {"employee.nv", "?method=edit", true},
                                            {"patchemployee.nv", "?identifiertype=netvisorkey&identifier=0", true},
                                            {"addjobperiod.nv", "?employeeidentifier=0", true},
                                            {"editjobperiod.nv", "?netvisorkey=0", true}}};
  std::vector<std::string> closed;
  for (const Probe& probe : probes) {
    const Result<Response> answer = calls.send({.operation = probe.resource,
                                                .method = probe.writes ? "POST" : "GET",
                                                .target = fmt::format("/{}{}", probe.resource, probe.query),
                                                .body = probe.writes ? "<root></root>" : "",
                                                .may_be_absent = true});
    if (answer || answer.error().kind == Error::Kind::data) continue;
    if (!lacks_right(answer.error())) return std::unexpected(answer.error());
    closed.emplace_back(probe.resource);
  }
  return closed;
}

}  // namespace dovetail::providers::netvisor
