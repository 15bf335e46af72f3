// What became of a plan's operations.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/plan/plan.hpp"

namespace dovetail {

// What became of one operation.
struct Outcome {
  enum class Kind : std::uint8_t {
    done,
    pending,  // accepted; the system shows it later
    moved,    // the record is no longer as the plan saw it: held, plan again
    refused,  // by the system, in its own words
    failed,   // nothing is known to have been written; may be tried again
    unknown,  // may or may not have happened
    skipped,  // depends on something that did not happen
  };
  Kind kind = Kind::skipped;
  Reason reason = Reason::no_change;
  std::string what;        // for people; done: empty
  std::string created_id;  // create: the new id; empty: not known yet
  // By Operation::writes: the value there now, as the system answered; state absent: it did not say.
  std::vector<Value> now;
  std::vector<std::size_t> not_done;  // done, as a whole, but not these writes: refused, or not known

  // A record that was made, without some of what its plan said.
  bool is_in_part() const { return kind == Kind::done && !not_done.empty(); }
  bool is_whole() const { return kind == Kind::done && not_done.empty(); }
};
std::string_view name(Outcome::Kind kind);
std::string_view name(const Outcome& outcome);  // of its kind, or "in part"
// Of an operation that was not carried out, and why.
Outcome not_carried_out(Outcome::Kind kind, Reason reason, std::string what);

struct Applied {
  std::vector<Outcome> outcomes;  // by Plan::operations
  std::size_t count(Outcome::Kind kind) const;
  bool is_whole() const;  // everything was done, and nothing only in part
  // How many operations came to which outcome, by name(Outcome), as they are in Outcome::Kind; none that is zero.
  std::vector<std::pair<std::string_view, std::size_t>> counts() const;
};

// As if every operation had been done and answered nothing. Created records get no id.
Applied all_done(const Plan& plan);

// The base and links after a plan was carried out: confirmed writes, observed equalities, what people left.
// `input` is what the plan was made of; its snapshots are as they were then.
Base remember(const Plan& plan, const PlanInput& input, const Applied& applied);

}  // namespace dovetail
