// What Netvisor accepts in the body of a write: elements in schema order, with their needs, lengths and kinds.
#pragma once

#include <expected>
#include <string>
#include <string_view>
#include <vector>

#include "tools/sandbox/core/call.hpp"
#include "tools/sandbox/netvisor/envelope.hpp"

namespace dovetail::sandbox::netvisor {

enum class Kind { text, date, number, percent, hours, country, language, flag, choice, group, anything };

struct Element {
  std::string name;  // lower case; a trailing * stands for any ending
  Kind kind = Kind::text;
  bool mandatory = false;  // when something is added; never empty
  std::size_t most = 0;    // characters; 0: unlimited
  bool many = false;
  std::vector<std::string> choices = {};
  std::vector<Element> children = {};
};

const Element& employee_schema();  // root/employee of employee.nv
const Element& patch_schema();     // root/patchemployee
const Element& period_schema();    // one employmentperiod

struct Reading {
  bool adding = false;           // mandatory elements must be there
  bool empty_mandatory = false;  // an empty mandatory element is taken when nothing is added
  bool ansi_attribute = true;    // dates carry format="ansi"
  bool exact_names = false;      // elements in lower case only
  bool too_long_is_size = true;  // INVALID_DATA_SIZE rather than INVALID_DATA
};

// The element at `path` under the document's root, as JSON with lower-case names: text for leaves ("" is an element
// that was there and empty), objects for groups, arrays where an element may come often; an attribute `type` as
// "name@type". Refused as the real service does when the document, its order or a value is wrong.
std::expected<Json, Refusal> read_body(std::string_view body, const std::vector<std::string>& path,
                                       const Element& schema, const Reading& reading);

}  // namespace dovetail::sandbox::netvisor
