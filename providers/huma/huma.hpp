// Huma's Open API as a System: users, their positions and identifications.
#pragma once

#include <memory>
#include <optional>

#include "providers/huma/companies.hpp"
#include "providers/huma/dialect.hpp"
#include "providers/huma/job_titles.hpp"
#include "providers/toolkit/adapter.hpp"
#include "providers/toolkit/calls.hpp"
#include "providers/toolkit/codec.hpp"
#include "providers/toolkit/last_read.hpp"
#include "providers/toolkit/write_report.hpp"

namespace dovetail::providers::huma {

// Credentials: client_id and client_secret. `groups` (ids, separated by commas) is only needed where people are added.
class Huma : public System {
 public:
  static Result<std::unique_ptr<System>> open(const AdapterSetup& setup);

  Capabilities capabilities() const override;
  Result<Identity> check() override;
  Result<Completeness> list(Snapshot& into) override;
  std::vector<EmptyList> empty_lists() const override { return empty_lists_; }
  Result<bool> get(std::string_view id, Snapshot& into) override;
  // By e-mail, a call each: Huma searches for one text at a time.
  Result<std::vector<std::optional<std::string>>> find(ir::MemberId member,
                                                       const std::vector<std::string>& values) override;
  Result<Created> create(const std::vector<Change>& members, std::string_view reference) override;
  Result<std::vector<ChangeOutcome>> update(std::string_view id, const std::vector<Change>& changes) override;

 private:
  Huma(const AdapterSetup& setup, std::string token_body, std::string groups);
  Result<Token> fetch_token(Transport& over, const std::string& form);
  // With the positions inside, as the schema sees a user.
  Result<std::string> document(const JsonAnswer& details, std::string_view id, const ir::Layout& layout);
  Result<const JsonAnswer*> record(std::string_view id);
  void write_parts(std::string_view id, const std::vector<Change>& changes, WriteReport& report,
                   std::span<const std::size_t> indices);
  Result<std::string> add_user(const std::vector<Change>& members, WriteReport& report, std::vector<std::size_t>& rest);

  const ir::Schema& schema_;
  std::string groups_;                             // for people that are added; empty: the only company
  std::optional<std::vector<Company>> companies_;  // once they were asked for
  Surroundings around_;
  TokenKeeper tokens_;
  HumaDialect dialect_;
  std::unique_ptr<Calls> calls_;
  Codec codec_;
  ir::MemberId positions_;
  JobTitles titles_;
  std::string organization_id_;
  LastRead<std::unique_ptr<JsonAnswer>> last_;
  std::vector<EmptyList> empty_lists_;  // of the last list()
};

}  // namespace dovetail::providers::huma
