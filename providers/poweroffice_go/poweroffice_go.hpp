// PowerOffice Go's employees, with their salary accounts, as a System.
#pragma once

#include <map>
#include <memory>
#include <span>

#include "providers/poweroffice_go/dialect.hpp"
#include "providers/toolkit/adapter.hpp"
#include "providers/toolkit/codec.hpp"
#include "providers/toolkit/json_answer.hpp"
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
  PowerOfficeGo(const AdapterSetup& setup, std::unique_ptr<Transport> transport, std::vector<Header> token_headers,
                std::string subscription_key);
  using Rows = std::vector<std::string>;  // each a JSON object
  // Appends a list's rows page by page. The Completeness says whether those were all.
  Result<Completeness> pages(const std::string& operation, const std::string& path, Rows& rows);
  Result<std::unique_ptr<JsonAnswer>> send(Request request);
  Result<std::unique_ptr<JsonAnswer>> patch(const char* operation, std::string target, std::string body);
  // The employee as JSON, without the account; an Error where there is none.
  Result<const JsonAnswer*> record(std::string_view id);
  Result<void> write_account(std::string_view id, std::span<const Change> changes);
  Result<std::string> account_id(std::string_view id, std::span<const WireWrite> writes);

  const ir::Schema& schema_;
  Clock& clock_;
  std::unique_ptr<Transport> transport_;
  TokenDialect token_dialect_;
  Client token_client_;
  TokenKeeper tokens_;
  PowerOfficeDialect dialect_;
  Client client_;
  Codec codec_;
  std::string last_id_;  // of the employee read last
  std::unique_ptr<JsonAnswer> last_;
};

}  // namespace dovetail::providers::poweroffice_go
