// Netvisor, simulated: payroll resources over XML, every call signed.
#pragma once

#include <memory>

#include "tools/sandbox/core/system.hpp"
#include "tools/sandbox/netvisor/authentication.hpp"
#include "tools/sandbox/people/person.hpp"

namespace dovetail::sandbox::netvisor {

std::vector<Knob> knobs();

class Netvisor : public System {
 public:
  explicit Netvisor(Population population = {});

  std::string name() const override { return "netvisor"; }
  std::string lane(const Call& call) const override;
  Answer answer(const Call& call) override;
  Answer failure(int status, const Call& call) override;
  std::string new_id(const std::string& table) override;
  RowShape shape(const std::string& table) const override;
  void edited(const std::string& table, const std::string& id, const Json& before, const Json& after) override;
  Json credentials() const override;

 private:
  using Outcome = std::expected<std::string, Refusal>;  // what stands below Root besides the status
  Outcome outcome(const Call& call, const std::string& resource);
  Answer refused(const Refusal& refusal, const Call& call) const;

  Gate gate_;
};

// What one resource needs: the system, the call, and the company that calls.
struct Request {
  System& system;
  const Call& call;
  std::string organisation;
};
using Outcome = std::expected<std::string, Refusal>;

Outcome get_employees(const Request& request);
Outcome get_employee(const Request& request);
Outcome write_employee(const Request& request);  // employee.nv, add and edit
Outcome patch_employee(const Request& request);
Outcome add_job_period(const Request& request);
Outcome edit_job_period(const Request& request);
Outcome delete_job_period(const Request& request);

}  // namespace dovetail::sandbox::netvisor
