// One request as it arrived, and one answer as it will leave.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "tools/sandbox/core/json.hpp"
#include "tools/sandbox/core/text.hpp"

namespace dovetail::sandbox {

// What an injected fault asks of a list: at most this many rows, and whether the answer admits that there are more.
struct ListCut {
  std::size_t rows = 0;
  bool says_more = false;
};

struct Call {
  std::string method;  // upper case
  std::string target;  // as on the request line, nothing decoded
  std::string path;    // decoded, without the query
  Pairs params;        // of the query, decoded, in their order
  Pairs headers;       // as sent
  std::string body;
  bool overlaps = false;  // another call of the same lane is being answered
  std::optional<ListCut> cut;

  // The first header of that name, case ignored; "" when absent.
  std::string_view header(std::string_view name) const;
  bool has_header(std::string_view name) const;
  // The first query parameter of that name, case ignored.
  std::optional<std::string> param(std::string_view name) const;
};

// Splits `target` into path and parameters. `headers` and `body` are the caller's to fill.
Call make_call(std::string method, std::string target);

struct Answer {
  int status = 200;
  std::string content_type = {};
  std::string body = {};
  Pairs headers = {};
};

Answer json_answer(int status, const Json& body, std::string content_type = "application/json");

// The JSON of `text`; nullopt when it is none. Texts that are not UTF-8 are none.
std::optional<Json> parse_json(std::string_view text);
// Compact text; bytes that are not UTF-8 are replaced, never an exception.
std::string to_text(const Json& json);
// The member as text: a string as it is, a number or boolean in its JSON form, "" when absent or null.
std::string text_member(const Json& object, std::string_view name);
// The member, or null.
const Json& member(const Json& object, std::string_view name);

}  // namespace dovetail::sandbox
