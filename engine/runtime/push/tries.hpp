// What a person's lane does after something did not go: tries again at some time, or gives up until somebody sees to
// it.
#pragma once

#include <optional>
#include <string>

#include "engine/plan/outcome.hpp"
#include "engine/runtime/means.hpp"

namespace dovetail {

struct Tries {
  std::optional<Instant> at;  // nullopt: all went, and nothing is tried again
  bool parks = false;
  std::string why;
};

// After writing. `trouble`: what went wrong with a system, where something did; else as it was.
Tries tries_after(const Means& means, const Claim& claim, const Applied& applied, std::optional<Error>& trouble);

// After an error that let nothing be written. What is not about the person is never given up.
Tries tries_after(const Means& means, const Claim& claim, const Error& error);

// What the error log says of such an error.
Problem problem_of(const Means& means, const Connection& connection, const Claim& claim, const Error& error,
                   const Tries& tries);

}  // namespace dovetail
