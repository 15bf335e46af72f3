// The port to the network: one request, one answer, no opinion about either.
#pragma once

#include <expected>
#include <string>

#include "engine/error.hpp"
#include "providers/toolkit/http/message.hpp"

namespace dovetail::providers {

struct NotAnswered {
  Error error;
  bool sent = false;  // the request may have reached the other end: what it asked for may have happened
};

class Transport {
 public:
  virtual ~Transport() = default;

  // Any status is an answer. Not for two threads at once.
  virtual std::expected<Response, NotAnswered> send(const Request& request) = 0;

  // What every target is appended to, without a slash at its end: "https://payroll.example/api".
  virtual const std::string& base() const = 0;
};

}  // namespace dovetail::providers
