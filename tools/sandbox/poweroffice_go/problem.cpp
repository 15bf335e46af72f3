#include "tools/sandbox/poweroffice_go/problem.hpp"

namespace dovetail::sandbox::poweroffice_go {

Answer problem(int status, const std::string& title, const std::string& detail) {
  return json_answer(status, {{"title", title}, {"status", status}, {"detail", detail}},
                     "application/problem+json; charset=utf-8");
}

Answer gateway_answer(int status, const std::string& message, bool status_as_text) {
  const Json code = status_as_text ? Json(std::to_string(status)) : Json(status);
  return json_answer(status, {{"statusCode", code}, {"message", message}});
}

}  // namespace dovetail::sandbox::poweroffice_go
