// HTTP requests and answers as values.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace dovetail::providers {

struct Header {
  std::string name;
  std::string value;
};

// Whether doing a request twice is the same as doing it once.
enum class Repeat : std::uint8_t { safe, unsafe };

struct Request {
  std::string operation;  // how call counts, traces and messages name it: "getemployee"
  std::string method = "GET";
  std::string target;  // path and query, byte for byte as they are sent; appended to the base URL
  std::vector<Header> headers = {};
  std::string content_type = {};
  std::string body = {};
  Repeat repeat = Repeat::safe;
  bool may_be_absent = false;  // "there is no such record" is an answer, not an error
};

struct Response {
  int status = 0;
  std::vector<Header> headers = {};
  std::string body = {};
  bool absent = false;  // the system said, in its documented way, that there is no such record

  // The first header of that name, ignoring case; nullptr: none.
  const std::string* find_header(std::string_view name) const;
};
const std::string* find_header(const std::vector<Header>& headers, std::string_view name);

// As RFC 3986 wants a value in a path or query: everything but letters, digits and -._~ is escaped.
std::string percent_encoded(std::string_view text);

// {{"a", "1"}, {"b", "x y"}} as "a=1&b=x%20y": a form's body, or a query.
std::string form_encoded(const std::vector<Header>& fields);

}  // namespace dovetail::providers
