// PowerOffice Go's employees, with their salary accounts, as a System.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <span>

#include "providers/poweroffice_go/dialect.hpp"
#include "providers/poweroffice_go/salary_account.hpp"
#include "providers/toolkit/adapter.hpp"
#include "providers/toolkit/calls.hpp"
#include "providers/toolkit/codec.hpp"
#include "providers/toolkit/last_read.hpp"
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
  struct LastEmployee {
    std::unique_ptr<JsonAnswer> employee;
    std::optional<std::vector<std::string>> accounts;  // all of theirs, where they were read
  };
  PowerOfficeGo(const AdapterSetup& setup, std::vector<Header> token_headers, const std::string& subscription_key);
  // Appends the employee, with the salary account out of those; nullptr: they were not read. A note says where it is
  // not among them.
  Result<void> decode(const JsonAnswer& employee, const AccountsById* accounts, Snapshot& into,
                      std::vector<std::string>& notes) const;
  // The employee as JSON, without the account; an Error where there is none.
  Result<const JsonAnswer*> record(std::string_view id);
  void write_account(std::string_view id, const std::vector<Change>& changes, std::span<const std::size_t> account,
                     WriteReport& report);

  const ir::Schema& schema_;
  Clock& clock_;
  TokenKeeper tokens_;
  PowerOfficeDialect dialect_;
  std::unique_ptr<Calls> calls_;
  Codec codec_;
  std::function<bool(const Change&)> is_own_;  // to the employee; the others are to the salary account
  LastRead<LastEmployee> last_;
};

}  // namespace dovetail::providers::poweroffice_go
