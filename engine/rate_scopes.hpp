// The port to what processes share of a system's limits: whose turn it is to call, where several work on one store.
#pragma once

#include <chrono>
#include <string_view>

#include "engine/error.hpp"

namespace dovetail {

// For any number of threads. An Error: the others cannot be asked; then a process keeps to its own share of nothing.
class RateScopes {
 public:
  virtual ~RateScopes() = default;
  // Takes the next place in the scope's row of calls, which are `apart` from each other. How long to wait for it.
  virtual Result<std::chrono::milliseconds> take_place(std::string_view scope, std::chrono::milliseconds apart) = 0;
  // The system asked everybody to wait: no place is nearer than that.
  virtual Result<void> pause(std::string_view scope, std::chrono::milliseconds time) = 0;
  // Where only one call at a time may be made: false while another process makes one. Ends with leave(), or with the
  // process.
  virtual Result<bool> try_enter(std::string_view scope) = 0;
  virtual void leave(std::string_view scope) = 0;
};

}  // namespace dovetail
