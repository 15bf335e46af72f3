// PowerOffice Go's refusals: ProblemDetails of the API, and the gateway's own form.
#pragma once

#include <string>

#include "tools/sandbox/core/call.hpp"

namespace dovetail::sandbox::poweroffice_go {

Answer problem(int status, const std::string& title, const std::string& detail);
// The gateway in front: {"statusCode": …, "message": …}.
Answer gateway_answer(int status, const std::string& message, bool status_as_text);

inline Answer object_not_found(const std::string& what, const std::string& id) {
  return problem(404, "Object(s) not found", what + " with id = " + id + " not found.");
}

}  // namespace dovetail::sandbox::poweroffice_go
