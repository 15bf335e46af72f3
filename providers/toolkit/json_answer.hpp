// A JSON answer as a tree, and single records out of it.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "providers/toolkit/codec.hpp"
#include "providers/toolkit/http/message.hpp"
#include "providers/toolkit/json_node.hpp"

namespace dovetail::providers {

class JsonAnswer {
 public:
  // An Error of kind transient where the body is not JSON: a page of something else, or cut off. A byte order mark
  // before it is nothing.
  static Result<std::unique_ptr<JsonAnswer>> read(const std::string& operation, std::string body);

  std::vector<Header> headers;  // those it came with, where it came over HTTP

  const JsonNode& root() const { return *root_; }
  // The part of the body that is this object or list. Not for scalars.
  std::string_view raw(const JsonNode& node) const {
    return std::string_view(body_).substr(node.begin, node.end - node.begin);
  }

 private:
  explicit JsonAnswer(std::string body) : body_(std::move(body)) {}
  std::string body_;
  JsonArena arena_;
  JsonNode* root_ = nullptr;
};

// A list's rows, or an object's members, for a loop.
class Rows {
 public:
  explicit Rows(const JsonNode& of) : first_(of.first) {}
  struct Iterator {
    const JsonNode* at;
    const JsonNode& operator*() const { return *at; }
    Iterator& operator++() {
      at = at->next;
      return *this;
    }
    bool operator==(const Iterator&) const = default;
  };
  Iterator begin() const { return {first_}; }
  Iterator end() const { return {nullptr}; }

 private:
  const JsonNode* first_;
};

// The text of that member; "" where there is none, or null, or an object or a list.
std::string_view text_member(const JsonNode& object, std::string_view name);

// Decodes one JSON object. Errors are about the answer: kind data. Lists whose elements cannot be told apart are not
// read, and named in `unread`.
Result<void> decode_json(const Codec& codec, const std::string& operation, std::string_view object, Snapshot& into,
                         std::vector<std::string>* unread = nullptr);

// An Error about a file, said about an answer.
Error about_answer(Error error, Error::Kind kind);

}  // namespace dovetail::providers
