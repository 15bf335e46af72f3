// A provider made up for the page about adding one: its adapter, as docs/providers.md says to write it.
#pragma once

#include "providers/toolkit/calls.hpp"
#include "providers/toolkit/codec.hpp"

namespace dovetail::test {

// Every request carries the key; "there is no such record" is a 404 that says so.
class SmallPayDialect : public providers::Dialect {
 public:
  explicit SmallPayDialect(std::string key) : key_(std::move(key)) {}
  Result<void> sign(providers::Request& attempt, providers::Transport& over) override;
  std::optional<providers::Refusal> judge(providers::Response& response) const override;

 private:
  std::string key_;
};

// Credential: key.
class SmallPay : public System {
 public:
  static Result<std::unique_ptr<System>> open(const providers::AdapterSetup& setup);

  Result<Identity> check() override;
  Result<Completeness> list(Snapshot& into) override;
  Result<bool> get(std::string_view id, Snapshot& into) override;
  Result<Created> create(const std::vector<Change>& members, std::string_view reference) override;
  Result<std::vector<ChangeOutcome>> update(std::string_view id, const std::vector<Change>& changes) override;

 private:
  SmallPay(const providers::AdapterSetup& setup, std::string key);

  const ir::Schema& schema_;
  SmallPayDialect dialect_;
  std::unique_ptr<providers::Calls> calls_;
  providers::Codec codec_;
};

}  // namespace dovetail::test
