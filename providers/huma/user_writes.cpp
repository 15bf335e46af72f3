#include "providers/huma/user_writes.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "providers/huma/bodies.hpp"
#include "providers/huma/element_writes.hpp"

namespace dovetail::providers::huma {
namespace {

constexpr std::array<std::string_view, 4> sent_on_create = {"givenName", "familyName", "email", "phone"};

// Those of `indices` whose write goes to the field that the refusal names.
std::vector<std::size_t> named_in(const Error& error, const std::vector<WireWrite>& writes,
                                  const std::vector<std::size_t>& indices) {
  const std::string named = error.field.substr(0, error.field.find('.'));
  std::vector<std::size_t> refused;
  for (const WireWrite& each : writes) {
    if (!named.empty() && each.path.front() == named) refused.push_back(indices[each.change]);
  }
  return refused;
}

void note_pending(const JsonNode& answered, const std::vector<WireWrite>& writes,
                  const std::vector<std::size_t>& indices, WriteReport& report) {
  for (const WireWrite& each : writes) {
    const JsonNode* shown = answered.find(each.path.front());
    if (shown != nullptr && !each.value.text.empty() && text_member(*shown, "requestedValue") == each.value.text)
      report.pending(indices[each.change], "waits for the person's confirmation in Huma");
  }
}

}  // namespace

void write_user(Calls& calls, const Codec& codec, std::string_view id, std::vector<std::size_t> indices,
                const std::vector<Change>& changes, const JsonNode& details, WriteReport& report) {
  while (!indices.empty()) {
    std::vector<Change> part;
    for (const std::size_t i : indices) part.push_back(changes[i]);
    const std::vector<WireWrite> writes = unwrapped_writes(codec.schema(), part);
    const auto answer = calls.json({.operation = "user change",
                                    .method = "PATCH",
                                    .target = user_path(id),
                                    .content_type = "application/json",
                                    .body = user_body(codec.schema(), writes, details)},
                                   {.member = "id", .text = std::string(id)});
    if (answer) {
      report.done(indices);
      Snapshot answered(ir::Layout::whole(codec.schema()));
      if (decode_json(codec, "user change", (*answer)->raw((*answer)->root()), answered))
        report_values(codec.schema(), answered, changes, report);
      return note_pending((*answer)->root(), writes, indices, report);
    }
    const std::vector<std::size_t> refused = named_in(answer.error(), writes, indices);
    const bool drop = !refused.empty() && answer.error().kind == Error::Kind::data;
    report.failed(drop ? refused : indices, answer.error());
    if (!drop) return;
    std::erase_if(indices, [&refused](std::size_t i) { return std::ranges::count(refused, i) > 0; });
  }
}

NewUser new_user(const ir::Schema& schema, const std::vector<Change>& members, WriteReport& report) {
  NewUser user;
  std::vector<WireWrite> first;
  for (const WireWrite& write : unwrapped_writes(schema, members)) {
    const Change& change = members[write.change];
    const bool now = change.element.empty() && std::ranges::count(sent_on_create, write.path.front()) > 0;
    if (now && write.value.kind != Scalar::Kind::none) first.push_back(write);
    if (now && write.path.front() == "email") user.email = write.value.text;
    if (!now && change.clear && change.element.empty())
      report.done({{write.change}});
    else
      (now ? user.with_it : user.after_it).push_back(write.change);
  }
  user.body = with_member(json_object(first, JsonNothing::null), "invite", "false");
  return user;
}

bool is_about(const JsonNode& user, std::string_view email) {
  const JsonNode* shown = user.find("email");
  if (shown == nullptr) return false;
  const std::string_view text = shown->kind == JsonNode::Kind::object ? text_member(*shown, "value") : shown->text;
  const auto small = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
  return std::ranges::equal(text, email, {}, small, small);
}

}  // namespace dovetail::providers::huma
