// Finago's payroll (formerly 24SevenOffice): employees with their employments, as a System.
#pragma once

#include <memory>
#include <optional>
#include <span>

#include "providers/finago/employees.hpp"
#include "providers/toolkit/adapter.hpp"
#include "providers/toolkit/calls.hpp"
#include "providers/toolkit/codec.hpp"
#include "providers/toolkit/http/bearer.hpp"
#include "providers/toolkit/last_read.hpp"
#include "providers/toolkit/wire_writes.hpp"
#include "providers/toolkit/write_report.hpp"

namespace dovetail::providers::finago {

// Credential: api_key, which is exchanged for a token and never shown.
class Finago : public System {
 public:
  static Result<std::unique_ptr<System>> open(const AdapterSetup& setup);

  Capabilities capabilities() const override;
  Result<Identity> check() override;
  Result<Completeness> list(Snapshot& into) override;
  std::vector<EmptyList> empty_lists() const override { return empty_lists_; }
  Result<bool> get(std::string_view id, Snapshot& into) override;
  // By e-mail, in the list of everybody: one call.
  Result<std::vector<std::optional<std::string>>> find(ir::MemberId member,
                                                       const std::vector<std::string>& values) override;
  // Two calls: the employee, then the employments. Where the second fails the person exists, and the outcomes say what
  // is missing.
  Result<Created> create(const std::vector<Change>& members, std::string_view reference) override;
  Result<std::vector<ChangeOutcome>> update(std::string_view id, const std::vector<Change>& changes) override;

 private:
  struct LastEmployee {
    std::string text;
    std::unique_ptr<JsonAnswer> employments;  // nullptr: not read
  };
  Finago(const AdapterSetup& setup, std::string api_key);
  // The employee as the schema sees it.
  std::string with_employments(std::string_view employee, const JsonAnswer& employments) const;
  Result<bool> is_swedish();
  Result<void> write_employee(std::string_view id, std::span<const std::size_t> indices,
                              const std::vector<Change>& changes, WriteReport& report);
  void write_periods(std::string_view id, std::span<const std::size_t> indices, const std::vector<Change>& changes,
                     WriteReport& report);

  const ir::Schema& schema_;
  TokenKeeper tokens_;
  BearerDialect dialect_;
  std::unique_ptr<Calls> calls_;
  Codec codec_;
  Employees employees_;
  ir::MemberId employments_;
  std::optional<bool> swedish_;
  LastRead<LastEmployee> last_;
  std::vector<EmptyList> empty_lists_;  // of the last list()
};

}  // namespace dovetail::providers::finago
