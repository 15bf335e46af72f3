#include "engine/runtime/run/run_documents.hpp"

#include <fmt/format.h>

#include "engine/runtime/lease_name.hpp"
#include "engine/runtime/write/over_by_now.hpp"

namespace dovetail {

std::unexpected<Error> refuse(std::string what) {
  return std::unexpected(Error{.kind = Error::Kind::input, .what = std::move(what)});
}

Result<void> keep(Transaction& transaction, RunId run, const RunInputs& inputs, Instant expires) {
  const auto write = [&](const Transaction::PassOn& pass_on) { pack_inputs(inputs, pass_on); };
  return transaction.write_document(run, inputs_document, write, expires);
}

Result<RunInputs> kept_inputs(Transaction& transaction, RunId run, const Opened& opened) {
  Result<RunInputs> inputs;
  const auto read = [&](const Transaction::NextPiece& next) { inputs = unpack_inputs(next, opened); };
  const Result<bool> is_there = transaction.read_document(run, inputs_document, read);
  if (!is_there) return std::unexpected(is_there.error());
  if (!*is_there) return refuse(fmt::format("what run {} had read is no longer kept; start another one", run));
  return inputs;
}

Result<void> refuse_unless_open(const std::optional<Run>& stored, const Connection& connection, RunId id) {
  if (!stored || stored->connection != connection.id) {
    return refuse(fmt::format("connection {} has no run {}", connection.name, id));
  }
  if (stored->state != RunState::planned && stored->state != RunState::applying) {
    return std::unexpected(over_by_now(*stored));
  }
  if (stored->kind == "undo") {
    return refuse(fmt::format("run {} is an undo, which is not carried on: another undo puts back the rest", id));
  }
  return {};
}

Result<void> refuse_if_ended(Transaction& transaction, RunId id) {
  const auto stored = transaction.run(id);
  if (!stored) return std::unexpected(stored.error());
  if (!*stored) return refuse(fmt::format("run {} is no longer kept; start another one", id));
  if ((*stored)->state == RunState::applying) return {};
  return std::unexpected(over_by_now(**stored));
}

Result<void> decide_alone(Transaction& transaction, const Means& means, RunId run) {
  const Instant time = now(means);
  const auto alone = transaction.take_lease(decide_lease(run), "decide", time, time);
  return alone ? Result<void>{} : std::unexpected(alone.error());
}

}  // namespace dovetail
