// Every call that a sandbox answered, as a test or a person may want to see it.
#pragma once

#include <deque>
#include <fstream>
#include <map>
#include <optional>
#include <string>

#include "tools/sandbox/core/call.hpp"
#include "tools/sandbox/core/clock.hpp"

namespace dovetail::sandbox {

struct RecordedCall {
  long long number = 0;  // 1 for the first since the start
  Moment at;
  long long microseconds = 0;  // between the whole request and the answer
  Call call;
  Answer answer;
  std::string faults;  // kinds that struck, separated by blanks
};

Json to_json(const RecordedCall& recorded);

class Recorder {
 public:
  // Also appends each call to this file, one JSON object a line. What went wrong, or nullopt.
  std::optional<std::string> write_to(const std::string& path);
  void add(RecordedCall recorded);
  void forget();  // the calls and the counts; numbers go on

  const std::deque<RecordedCall>& calls() const { return calls_; }
  long long dropped() const { return dropped_; }  // calls that were counted but are kept no longer
  // Calls per "METHOD /path", digits and uuids in the path shown as {id}.
  const std::map<std::string, long long>& counts() const { return counts_; }

 private:
  static constexpr std::size_t most_kept = 20'000;
  std::deque<RecordedCall> calls_;
  std::map<std::string, long long> counts_;
  std::ofstream file_;
  long long last_ = 0;
  long long dropped_ = 0;
};

}  // namespace dovetail::sandbox
