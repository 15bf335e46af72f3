// A transport that plays answers from a list, and writes down what it was asked.
#pragma once

#include <deque>
#include <vector>

#include "providers/toolkit/http/transport.hpp"

namespace dovetail::test {

class ScriptedTransport : public providers::Transport {
 public:
  using Answer = std::expected<providers::Response, providers::NotAnswered>;

  Answer send(const providers::Request& request) override {
    asked.push_back(request);
    if (answers.empty()) return std::unexpected(lost(false));
    Answer next = std::move(answers.front());
    answers.pop_front();
    return next;
  }
  const std::string& base() const override { return base_; }

  static providers::NotAnswered lost(bool sent) {
    return {.error = {.kind = Error::Kind::transient, .what = "the network is gone"}, .sent = sent};
  }
  static providers::Response status(int status, std::vector<providers::Header> headers = {}, std::string body = {}) {
    return {.status = status, .headers = std::move(headers), .body = std::move(body)};
  }

  std::deque<Answer> answers;
  std::vector<providers::Request> asked;

 private:
  std::string base_ = "https://payroll.example";
};

}  // namespace dovetail::test
