#include "providers/huma/bodies.hpp"

#include <algorithm>
#include <array>
#include <map>

#include "providers/toolkit/json_answer.hpp"

namespace dovetail::providers::huma {
namespace {

using Members = std::map<std::string, Scalar>;

bool has_value(const Members& members, const std::string& name) {
  const auto found = members.find(name);
  return found != members.end() && found->second.kind != Scalar::Kind::none && !found->second.text.empty();
}

// Either a national account or an international one: each has its own two members.
void keep_one_sort(Members& account) {
  const bool international = has_value(account, "iban");
  if (!international && !has_value(account, "number")) {
    account.clear();
    return;
  }
  for (const char* other : international ? std::array{"number", "country"} : std::array{"iban", "bic"})
    account.erase(other);
  account["type"] = {.kind = Scalar::Kind::text, .text = international ? "international" : "national"};
}

Members whole_object(const ir::Schema& schema, const std::string& name, std::span<const WireWrite> writes,
                     const JsonNode& record) {
  Members members;
  const JsonNode* before = value_of(record, name);
  for (ir::MemberId id = 0; id < schema.members.size(); ++id) {
    if (schema.members[id].kind != ir::MemberKind::scalar || schema.members[id].list != ir::no_member) continue;
    const std::vector<std::string> path = write_path(schema, id);
    if (path.size() < 2 || path.front() != name || path.back() == "value") continue;
    const std::string_view text = before == nullptr ? std::string_view{} : text_member(*before, path.back());
    members[path.back()] = text.empty() ? Scalar{} : Scalar{.kind = Scalar::Kind::text, .text = std::string(text)};
  }
  for (const WireWrite& write : writes) {
    if (write.path.size() == 2 && write.path.front() == name) members[write.path.back()] = write.value;
  }
  if (members.contains("iban")) keep_one_sort(members);
  const bool empty =
      std::ranges::none_of(members, [&members](const auto& each) { return has_value(members, each.first); });
  if (empty) members.clear();
  return members;
}

}  // namespace

const JsonNode* value_of(const JsonNode& object, std::string_view name) {
  const JsonNode* member = object.kind == JsonNode::Kind::object ? object.find(name) : nullptr;
  if (member != nullptr && member->kind == JsonNode::Kind::object && member->find("value") != nullptr)
    member = member->find("value");
  return member == nullptr || member->kind == JsonNode::Kind::null ? nullptr : member;
}

std::vector<WireWrite> unwrapped_writes(const ir::Schema& schema, std::span<const Change> changes) {
  std::vector<WireWrite> writes = wire_writes(schema, changes);
  for (WireWrite& write : writes) {
    if (write.path.size() > 1) std::erase(write.path, "value");  // alone it is a member of that name
  }
  return writes;
}

std::string user_body(const ir::Schema& schema, std::span<const WireWrite> writes, const JsonNode& record) {
  std::vector<WireWrite> body;
  std::vector<std::string> done;
  for (const WireWrite& write : writes) {
    if (write.path.size() == 1) body.push_back(write);
    if (write.path.size() == 1 || std::ranges::count(done, write.path.front()) > 0) continue;
    done.push_back(write.path.front());
    const Members members = whole_object(schema, write.path.front(), writes, record);
    if (members.empty()) body.push_back({.path = {write.path.front()}, .value = {}});
    for (const auto& [name, value] : members) body.push_back({.path = {write.path.front(), name}, .value = value});
  }
  return json_object(body, JsonNothing::null);
}

}  // namespace dovetail::providers::huma
