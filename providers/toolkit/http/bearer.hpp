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

// Sends the request for a token over that connection; `accept` says whether the answer holds one.
Result<Response> ask_for_token(const Request& request, std::vector<Header> headers, const Limit& limit,
                               const Accept& accept, Transport& over, const Surroundings& around);

// OAuth2 client credentials (RFC 6749, 4.4): the form that asks for a token, and fetching it with constant headers.
Request token_request(std::string target, std::string form);
TokenKeeper::Fetch client_credentials(Request request, std::vector<Header> headers, Limit limit, Surroundings around);

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
