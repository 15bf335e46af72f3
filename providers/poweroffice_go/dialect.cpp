#include "providers/poweroffice_go/dialect.hpp"

#include <fmt/format.h>

#include "providers/toolkit/json_answer.hpp"

namespace dovetail::providers::poweroffice_go {

// A 404 is absent only where the ProblemDetails say so: unknown routes and long addresses give 404, too.
std::optional<Refusal> PowerOfficeDialect::judge(Response& response) const {
  std::optional<Refusal> refusal = Dialect::judge(response);
  if (!refusal || response.body.empty()) return refusal;
  const auto body = JsonAnswer::read("problem", response.body);
  if (!body) return refusal;
  const std::string_view title = text_member((*body)->root(), "title"), detail = text_member((*body)->root(), "detail");
  const std::string_view gateway = text_member((*body)->root(), "message");
  if (response.status == 404 && title == "Object(s) not found" && detail.starts_with("Employee with id")) {
    response.absent = true;
    return std::nullopt;
  }
  if (!title.empty()) refusal->error.what = fmt::format("{}{}{}", title, detail.empty() ? "" : ": ", detail);
  if (title.empty() && !gateway.empty()) refusal->error.what = gateway;
  if (response.status == 400 && title == "Missing privilege") refusal->error.kind = Error::Kind::auth;
  return refusal;
}

}  // namespace dovetail::providers::poweroffice_go
