// Where changes go on the wire, by the schema alone: for adapters that send changes instead of whole documents.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/ir/schema.hpp"
#include "engine/system.hpp"
#include "providers/toolkit/tree.hpp"

namespace dovetail::providers {

// One place that one change writes.
struct WireWrite {
  std::vector<std::string> path;  // names from the record's root, or from the list element's
  Scalar value;                   // Kind::none: cleared
  std::size_t change = 0;         // an index into the changes
};

// In the order of the changes; several for a member with several write places, none for one that is not on the wire.
std::vector<WireWrite> wire_writes(const ir::Schema& schema, std::span<const Change> changes);

// The names from the record's root, or the list element's, to where the member is written first.
std::vector<std::string> write_path(const ir::Schema& schema, ir::MemberId member);

// How JSON says that there is no value.
enum class JsonNothing : std::uint8_t { null, empty_text };

// {"MailAddress":{"City":"Oslo"}}. `as_text`: numbers and booleans are written as texts.
std::string json_object(std::span<const WireWrite> writes, JsonNothing nothing, bool as_text = false);

// One value as JSON.
std::string json_value(const Scalar& value, JsonNothing nothing = JsonNothing::null);
std::string json_text(std::string_view text);

// {"a":1} and "b", "[2]" as {"a":1,"b":[2]}. `object` must be a well-formed JSON object, `value` JSON.
std::string with_member(std::string_view object, std::string_view name, std::string_view value);

}  // namespace dovetail::providers
