#include "providers/poweroffice_go/patch.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <map>
#include <vector>

namespace dovetail::providers::poweroffice_go {
namespace {

bool is_missing(const JsonNode& record, const WireWrite& write) {
  const JsonNode* object = write.path.size() < 2 ? &record : record.find(write.path.front());
  return object == nullptr || object->kind == JsonNode::Kind::null;
}

}  // namespace

std::string json_patch(std::span<const WireWrite> writes, const JsonNode& record) {
  std::vector<std::string> operations;
  std::map<std::string, std::vector<WireWrite>> whole;  // by the member that is to be added
  for (const WireWrite& write : writes) {
    const bool clear = write.value.kind == Scalar::Kind::none;
    const std::string path = json_text(fmt::format("/{}", fmt::join(write.path, "/")));
    if (!is_missing(record, write)) {
      operations.push_back(
          clear ? fmt::format(R"({{"op":"remove","path":{}}})", path)
                : fmt::format(R"({{"op":"replace","path":{},"value":{}}})", path, json_value(write.value)));
    } else if (!clear) {
      WireWrite inner = write;
      inner.path.erase(inner.path.begin());
      whole[write.path.front()].push_back(std::move(inner));
    }
  }
  for (const auto& [name, inner] : whole) {
    operations.push_back(
        fmt::format(R"({{"op":"add","path":"/{}","value":{}}})", name, json_object(inner, JsonNothing::null)));
  }
  return fmt::format("[{}]", fmt::join(operations, ","));
}

}  // namespace dovetail::providers::poweroffice_go
