// PowerOffice Go's employees, with their salary accounts, as a System.
#pragma once

#include <memory>
#include <optional>
#include <span>

#include "providers/poweroffice_go/dialect.hpp"
#include "providers/poweroffice_go/salary_account.hpp"
#include "providers/toolkit/adapter.hpp"
#include "providers/toolkit/calls.hpp"
#include "providers/toolkit/codec.hpp"
#include "providers/toolkit/wire_writes.hpp"
#include "providers/toolkit/write_report.hpp"

namespace dovetail::providers::poweroffice_go {

// Credentials: client_key of the customer; application_key and subscription_key of the deployment.
class PowerOfficeGo : public System {
 public:
  static Result<std::unique_ptr<System>> open(const AdapterSetup& setup);

  Capabilities capabilities() const override;
  Result<Identity> check() override;
  Result<Completeness> list(Snapshot& into) override;
  Result<bool> get(std::string_view id, Snapshot& into) override;
  Result<std::vector<std::optional<std::string>>> find(ir::MemberId member,
                                                       const std::vector<std::string>& values) override;
  // Allows for a replica that lags behind.
  Result<std::optional<std::string>> find_created(std::string_view reference) override;
  Result<Created> create(const std::vector<Change>& members, std::string_view reference) override;
  Result<std::vector<ChangeOutcome>> update(std::string_view id, const std::vector<Change>& changes) override;

 private:
  PowerOfficeGo(const AdapterSetup& setup, std::vector<Header> token_headers, const std::string& subscription_key);
  // Appends the employee, with the salary account out of those; nullptr: they were not read.
  Result<void> decode(const JsonAnswer& employee, const AccountsById* accounts, Snapshot& into) const;
  // The employee as JSON, without the account; an Error where there is none.
  Result<const JsonAnswer*> record(std::string_view id);
  Result<std::string> add(std::vector<WireWrite> writes, std::string_view reference, const std::vector<Change>& members,
                          std::span<const std::size_t> own, WriteReport& report);
  void write_account(std::string_view id, const std::vector<Change>& changes, std::span<const std::size_t> account,
                     WriteReport& report);
  bool is_empty_address_country(const Snapshot& answered, ir::SlotId country) const;
  void report_answer(const char* operation, const JsonAnswer& answer, const std::vector<Change>& changes,
                     WriteReport& report) const;

  const ir::Schema& schema_;
  Clock& clock_;
  TokenKeeper tokens_;
  PowerOfficeDialect dialect_;
  std::unique_ptr<Calls> calls_;
  Codec codec_;
  std::string last_id_;  // of the employee read last
  std::unique_ptr<JsonAnswer> last_;
  std::optional<std::vector<std::string>> last_accounts_;  // all of that employee's, where they were read
};

}  // namespace dovetail::providers::poweroffice_go
