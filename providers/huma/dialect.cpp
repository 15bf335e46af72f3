#include "providers/huma/dialect.hpp"

#include <fmt/format.h>

#include "providers/toolkit/json_answer.hpp"

namespace dovetail::providers::huma {

// A 404 is absent only with Huma's own code: unknown routes give 404, too.
std::optional<Refusal> HumaDialect::judge(Response& response) const {
  std::optional<Refusal> refusal = Dialect::judge(response);
  if (!refusal || response.body.empty()) return refusal;
  const auto body = JsonAnswer::read("error", response.body);
  if (!body) return refusal;
  const JsonNode& root = (*body)->root();
  const std::string_view code = text_member(root, "errorCode"), words = text_member(root, "errorMessage");
  const std::string_view description = text_member(root, "error_description");
  if (response.status == 404 && code == "object:not-found") {
    response.absent = true;
    return std::nullopt;
  }
  if (!code.empty()) refusal->error.what = fmt::format("{} ({})", words, code);
  if (code.empty() && !description.empty()) refusal->error.what = description;
  const JsonNode* fields = root.kind == JsonNode::Kind::object ? root.find("fields") : nullptr;
  if (fields != nullptr && fields->first != nullptr) {
    refusal->error.field = fields->first->text;
    refusal->error.what += fmt::format(": {}", fields->first->text);
  }
  return refusal;
}

}  // namespace dovetail::providers::huma
