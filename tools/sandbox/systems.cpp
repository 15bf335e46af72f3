#include "tools/sandbox/systems.hpp"

#include "tools/sandbox/finago/finago.hpp"
#include "tools/sandbox/huma/huma.hpp"
#include "tools/sandbox/netvisor/netvisor.hpp"
#include "tools/sandbox/poweroffice_go/poweroffice_go.hpp"

namespace dovetail::sandbox {

std::vector<std::string> system_names() { return {"huma", "netvisor", "poweroffice_go", "finago"}; }

std::unique_ptr<System> make_system(std::string_view name, const Population& population) {
  if (name == "netvisor") return std::make_unique<netvisor::Netvisor>(population);
  if (name == "poweroffice_go") return std::make_unique<poweroffice_go::PowerOfficeGo>(population);
  if (name == "huma") return std::make_unique<huma::Huma>(population);
  if (name == "finago") return std::make_unique<finago::Finago>(population);
  return nullptr;
}

}  // namespace dovetail::sandbox
