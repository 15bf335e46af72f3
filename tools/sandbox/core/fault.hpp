// Faults that a test orders: what goes wrong, for which calls, how often.
#pragma once

#include <expected>
#include <optional>
#include <string>
#include <vector>

#include "tools/sandbox/core/call.hpp"

namespace dovetail::sandbox {

enum class FaultKind {
  latency,
  status,
  content_type,
  redirect,
  short_page,
  empty_list,
  cut_body,
  expire_tokens,
  revoke_tokens,
};

struct Fault {
  int id = 0;
  FaultKind kind = FaultKind::status;
  std::string method;  // empty: any
  std::string path;    // part of the target, case ignored; empty: any
  int skip = 0;        // matching calls that pass first
  int times = 1;       // matching calls that suffer; -1: all
  bool after = false;  // status: the call is carried out, only its answer is replaced
  int status = 503;
  long long milliseconds = 1000;
  std::size_t rows = 1;                    // short_page
  bool says_more = false;                  // short_page: the answer still promises more pages
  std::size_t bytes = 20;                  // cut_body: what is left
  std::optional<std::string> retry_after;  // status: the header's value
  std::optional<std::string> body;         // status: instead of the system's own words
  std::string content_type = "text/html";
  std::string location = "https://login.example.com/";
};

// What is wrong with the description, or the fault.
std::expected<Fault, std::string> fault_from_json(const Json& description);
Json to_json(const Fault& fault);

// The faults in force. Each matching call uses one up.
class Faults {
 public:
  int add(Fault fault);  // its id
  bool remove(int id);   // false when there is none
  void clear() { faults_.clear(); }
  const std::vector<Fault>& all() const { return faults_; }
  // Those that strike this call, in the order they were added.
  std::vector<Fault> strike(const Call& call);

 private:
  std::vector<Fault> faults_;
  int last_ = 0;
};

}  // namespace dovetail::sandbox
