// Dialects of systems that give out access tokens.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "providers/toolkit/http/client.hpp"
#include "providers/toolkit/http/token.hpp"

namespace dovetail::providers {

// Asks for tokens: constant headers, and a refusal of any sort (systems differ in 400 and 401) is about the
// credentials.
class TokenDialect : public Dialect {
 public:
  explicit TokenDialect(std::vector<Header> headers) : headers_(std::move(headers)) {}
  Result<void> sign(Request& attempt, Transport& over) override;
  std::optional<Refusal> judge(Response& response) const override;

 private:
  std::vector<Header> headers_;
};

// Calls with "Authorization: Bearer …" and constant headers; renews the token on a 401.
class BearerDialect : public Dialect {
 public:
  BearerDialect(TokenKeeper& tokens, std::vector<Header> headers) : tokens_(tokens), headers_(std::move(headers)) {}
  Result<void> sign(Request& attempt, Transport& over) override;
  bool renew(const Request& refused) override;

 private:
  TokenKeeper& tokens_;
  std::vector<Header> headers_;
};

}  // namespace dovetail::providers
