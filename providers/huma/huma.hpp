// Huma's Open API as a System: users, their positions and identifications.
#pragma once

#include <map>
#include <memory>
#include <span>

#include "providers/huma/dialect.hpp"
#include "providers/toolkit/adapter.hpp"
#include "providers/toolkit/codec.hpp"
#include "providers/toolkit/json_answer.hpp"
#include "providers/toolkit/wire_writes.hpp"
#include "providers/toolkit/write_report.hpp"

namespace dovetail::providers::huma {

// Credentials: client_id and client_secret. `groups` (ids, separated by commas) is only needed where people are added.
class Huma : public System {
 public:
  static Result<std::unique_ptr<System>> open(const AdapterSetup& setup);

  Capabilities capabilities() const override;
  Result<Identity> check() override;
  Result<Completeness> list(Snapshot& into) override;
  Result<bool> get(std::string_view id, Snapshot& into) override;
  // By e-mail, a call each: Huma searches for one text at a time.
  Result<std::vector<std::optional<std::string>>> find(ir::MemberId member,
                                                       const std::vector<std::string>& values) override;
  Result<Created> create(const std::vector<Change>& members, std::string_view reference) override;
  Result<std::vector<ChangeOutcome>> update(std::string_view id, const std::vector<Change>& changes) override;

 private:
  Huma(const AdapterSetup& setup, std::unique_ptr<Transport> transport, std::string token_body, std::string groups);
  using Rows = std::vector<std::string>;  // each a JSON object
  Result<std::unique_ptr<JsonAnswer>> send(Request request);
  Result<std::unique_ptr<JsonAnswer>> write(const char* operation, const char* method, std::string target,
                                            std::string body, Repeat repeat);
  Result<Completeness> pages(const std::string& operation, const std::string& path, Rows& rows);
  Result<std::string> with_positions(std::string_view details, std::string_view id);
  Result<const JsonAnswer*> record(std::string_view id);
  Result<std::vector<std::string>> groups_for_new();
  Result<std::string> title_id(const std::string& name);
  void write_user(std::string_view id, std::vector<std::size_t> indices, const std::vector<Change>& changes,
                  WriteReport& report);
  Result<void> write_position(std::string_view id, const std::vector<Change>& changes);
  Result<void> write_identification(std::string_view id, const std::vector<Change>& changes);
  void write_parts(std::string_view id, const std::vector<Change>& changes, std::span<const std::size_t> indices,
                   WriteReport& report);

  const ir::Schema& schema_;
  std::string groups_;
  std::unique_ptr<Transport> transport_;
  TokenDialect token_dialect_;
  Client token_client_;
  TokenKeeper tokens_;
  HumaDialect dialect_;
  Client client_;
  Codec codec_;
  ir::MemberId positions_;
  std::string organization_id_;
  std::map<std::string, std::string> titles_;  // id by the key of the name
  std::string last_id_;                        // of the user read last
  std::unique_ptr<JsonAnswer> last_;
};

}  // namespace dovetail::providers::huma
