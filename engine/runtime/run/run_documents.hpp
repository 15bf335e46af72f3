// What the store keeps of a manual run until it is over, and who may change it.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "engine/runtime/means.hpp"
#include "engine/runtime/run/run_inputs.hpp"

namespace dovetail {

inline constexpr std::string_view inputs_document = "inputs", decisions_document = "decisions", pass_document = "pass",
                                  then_document = "decided-then";

// An Error of kind input.
std::unexpected<Error> refuse(std::string what);

Result<void> keep(Transaction& transaction, RunId run, const RunInputs& inputs, Instant expires);

// The inputs that are kept of a run that can go on. Error::input: there are none.
Result<RunInputs> kept_inputs(Transaction& transaction, RunId run, const Opened& opened);

// Error::input: there is no such run of the connection, or it is over.
Result<void> refuse_unless_open(const std::optional<Run>& stored, const Connection& connection, RunId id);

// Error::input: the run was ended by somebody else while it was being carried out.
Result<void> refuse_if_ended(Transaction& transaction, RunId id);

// Until the end of the transaction nobody else decides, or finishes the run.
Result<void> decide_alone(Transaction& transaction, const Means& means, RunId run);

}  // namespace dovetail
