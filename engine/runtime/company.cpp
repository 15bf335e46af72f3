#include "engine/runtime/company.hpp"

#include <fmt/format.h>

namespace dovetail {
namespace {

std::string company_text(const std::string& name, const std::string& id) {
  return name.empty() ? id : fmt::format("{} ({})", name, id);
}

}  // namespace

Result<void> check_company(const Connection& connection, const Identity& who) {
  if (connection.company_id.empty() || who.company_id == connection.company_id) return {};
  return std::unexpected(Error{
      .kind = Error::Kind::input,
      .what = fmt::format("connection {}: these keys are of {}, but this connection is linked to {}; make another "
                          "connection for another company",
                          connection.name, company_text(who.company_name, who.company_id),
                          company_text(connection.company_name, connection.company_id))});
}

Result<void> verify_company(Opened& opened) {
  if (opened.connection.company_id.empty()) return {};
  const Result<Identity> who = opened.system(ir::Side::provider).check();
  if (!who) return std::unexpected(who.error());
  return check_company(opened.connection, *who);
}

}  // namespace dovetail
