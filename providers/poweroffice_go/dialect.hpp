// PowerOffice Go's use of HTTP: a bearer token, the integrator's subscription key, ProblemDetails.
#pragma once

#include "providers/toolkit/http/bearer.hpp"

namespace dovetail::providers::poweroffice_go {

class PowerOfficeDialect : public BearerDialect {
 public:
  using BearerDialect::BearerDialect;
  std::optional<Refusal> judge(Response& response) const override;
};

}  // namespace dovetail::providers::poweroffice_go
