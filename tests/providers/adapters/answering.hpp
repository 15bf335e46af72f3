// An adapter whose calls a function answers: what no simulated system would say.
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "providers/systems.hpp"
#include "tests/providers/http/fake_clock.hpp"

namespace dovetail::test {

class Answering {
 public:
  // Tokens are given out; everything else is asked of the function, by "GET /path?query" and the body.
  using Answer = std::function<providers::Response(const std::string& call, const std::string& body)>;
  Answering(const std::string& system, Answer answer);

  // The value of a member of the record with that number; of its list's element, where it is in one.
  Value value(const Snapshot& from, const std::string& path, RecordIndex record = 0, ElementIndex element = 0) const;
  Change set(const std::string& path, const std::string& value, const std::string& element = {}) const;
  Change clear(const std::string& path, const std::string& element = {}) const;

  const ir::Schema& schema;
  std::vector<std::string> asked;  // "GET /path?query body", without tokens
  std::unique_ptr<System> system;

 private:
  providers::Response reply(const providers::Request& request);

  std::mutex mutex_;
  Answer answer_;
  FakeClock clock_;
  providers::Budgets budgets_;
};

// What Netvisor answers where all is well, with this inside.
std::string netvisor_answer(const std::string& inside);

}  // namespace dovetail::test
