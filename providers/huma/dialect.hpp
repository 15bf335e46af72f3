// Huma's use of HTTP: a bearer token, and error codes in the body.
#pragma once

#include "providers/toolkit/http/bearer.hpp"

namespace dovetail::providers::huma {

class HumaDialect : public BearerDialect {
 public:
  using BearerDialect::BearerDialect;
  // Error::field is the name that Huma gives, as on the wire.
  std::optional<Refusal> judge(Response& response) const override;
};

}  // namespace dovetail::providers::huma
