#include "tools/sandbox/systems.hpp"

#include "tools/sandbox/netvisor/netvisor.hpp"

namespace dovetail::sandbox {

std::vector<std::string> system_names() { return {"netvisor"}; }

std::unique_ptr<System> make_system(std::string_view name, const Population& population) {
  if (name == "netvisor") return std::make_unique<netvisor::Netvisor>(population);
  return nullptr;
}

}  // namespace dovetail::sandbox
