// Events for a SQLite store that another process has open: each a file beside the store, durable before it is said to
// be taken in, until whoever works on the store takes it in.
#pragma once

#include <chrono>
#include <iosfwd>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "engine/api/events.hpp"
#include "engine/runtime/telemetry.hpp"

namespace dovetail {

class Runtime;

// How many events of a list one transaction takes in.
inline constexpr std::size_t events_together = 500;

// The folder beside "sqlite:PATH"; empty: that store needs none.
std::string spool_folder(const std::string& store);

// One file with all of them. An Error: nothing was kept.
Result<void> spool(const std::string& folder, std::span<const GivenEvent> events);

// Of the process that has the store. What cannot be read is set aside as FILE.bad, and told by telemetry.
class SpoolReader {
 public:
  // All must outlive it.
  SpoolReader(const std::string& store, Runtime& runtime, Telemetry& telemetry);

  // Takes in what is there, and removes it: how many events. An Error: not now, and what is left stays; what cannot be
  // opened keeps nothing else waiting.
  Result<std::size_t> take_in();
  // The same now and then: after a failure it waits for a while. true: somebody's turn has come.
  bool look();

 private:
  Result<std::vector<std::string>> find_files() const;
  Result<std::size_t> take_in(std::istream& in, const std::string& path);
  void complain(const std::string& what);

  std::string folder_;
  Runtime& runtime_;
  Telemetry& telemetry_;
  std::chrono::steady_clock::time_point not_before_{};
  std::map<std::string, std::chrono::steady_clock::time_point> closed_;  // what could not be opened: until when
};

}  // namespace dovetail
