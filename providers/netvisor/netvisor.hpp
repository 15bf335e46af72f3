// Netvisor's payroll resources as a System.
#pragma once

#include <memory>

#include "providers/netvisor/signature.hpp"
#include "providers/toolkit/adapter.hpp"
#include "providers/toolkit/calls.hpp"
#include "providers/toolkit/codec.hpp"
#include "providers/toolkit/last_read.hpp"
#include "providers/toolkit/tree.hpp"
#include "providers/toolkit/wire_writes.hpp"
#include "providers/toolkit/write_report.hpp"

namespace dovetail::providers::netvisor {

// Credentials: user_id, key and business_id of the customer; partner_id and partner_key of the deployment.
class Netvisor : public System {
 public:
  static Result<std::unique_ptr<System>> open(const AdapterSetup& setup);

  Capabilities capabilities() const override;
  Result<Identity> check() override;
  Result<Completeness> list(Snapshot& into) override;
  std::vector<EmptyList> empty_lists() const override { return empty_lists_; }
  Result<bool> get(std::string_view id, Snapshot& into) override;
  Result<std::vector<std::optional<std::string>>> find(ir::MemberId member,
                                                       const std::vector<std::string>& values) override;
  // Netvisor answers no key: the id stays unknown until it is searched for.
  Result<Created> create(const std::vector<Change>& members, std::string_view reference) override;
  Result<std::vector<ChangeOutcome>> update(std::string_view id, const std::vector<Change>& changes) override;

 private:
  Netvisor(const AdapterSetup& setup, Keys keys);
  // As get; lists that were not read are named in `unread`.
  Result<bool> read(std::string_view id, Snapshot& into, std::vector<std::string>& unread);
  // The record before a write, with every member; as it was read last, where that was this one.
  Result<Snapshot> record(std::string_view id);

  const ir::Schema& schema_;
  std::string organisation_id_;
  NetvisorDialect dialect_;
  std::unique_ptr<Calls> calls_;
  Codec codec_;
  ir::MemberId periods_;
  std::vector<EmptyList> empty_lists_;    // of the last list()
  LastRead<std::unique_ptr<Tree>> last_;  // what a write must repeat is taken from it
};

}  // namespace dovetail::providers::netvisor
