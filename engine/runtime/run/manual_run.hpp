// "Synchronize users" as a thing that lasts: read once, decided in as many steps as people like, carried out exactly,
// and stopped at any point without harm.
#pragma once

#include <functional>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "engine/runtime/means.hpp"
#include "engine/runtime/run/hold.hpp"
#include "engine/runtime/run/run_inputs.hpp"
#include "engine/runtime/write/ledger.hpp"

namespace dovetail {

class Ledger;

// Whose record a system named and then did not tell, so that nothing is concluded about them; by person.
std::vector<std::pair<PersonIndex, ir::Side>> unread_people(const PlanInput& input, const Plan& plan);

class ManualRun {
 public:
  // Reads both systems, and keeps what was read. An Error of a system: nothing is kept. `by` is who started it;
  // `accept_empty`: lists that are believed to be empty, though something of them is known (engine/match/empty_lists).
  // Error::input: there is none of that name that would count as not read. A
  // connection has one run at a time: those that were not finished are abandoned.
  static Result<ManualRun> start(const Means& means, Opened& opened, std::string by,
                                 const std::vector<std::string>& accept_empty = {});
  // The same, and nothing is kept: for looking only.
  static Result<ManualRun> look(const Means& means, Opened& opened);
  // A run that was started before. Error::input: there is none, it is another connection's, it is over, or the rules
  // have changed since.
  static Result<ManualRun> resume(const Means& means, Opened& opened, RunId id);

  const Run& run() const { return run_; }
  const RunInputs& inputs() const { return inputs_; }
  // Those that start() abandoned although something was decided in them, or carried out.
  const std::vector<Run>& abandoned() const { return abandoned_; }
  // All that were taken so far.
  const Decisions& decisions() const { return decisions_; }
  // Durable when it returns. What is being carried out already, and was interrupted, is finished as it was decided.
  Result<void> decide(Decisions decisions);
  // The same where others may decide at the same time: `join` gets all that are taken by now, and returns all that are
  // to be. Error::input: the run is over by now.
  Result<void> decide_more(const std::function<Decisions(Decisions)>& join);
  // Carrying out was interrupted: apply() finishes exactly that, and what was decided since waits for the next one.
  bool is_interrupted() const { return begun_.has_value(); }

  // With the decisions as they are, or as they were when what was interrupted began; the same every time.
  PlanInput input() const;
  Plan make_plan() const;

  struct Done {
    Plan plan;  // that was carried out
    Applied applied;
    // Whose record was named by a system, and then not told: by person and side.
    std::vector<std::pair<PersonIndex, ir::Side>> unread;
    bool complete = true;    // both systems told everything
    bool finished = false;   // nothing waits for a decision: the run is over; a first one is not unless it is complete
    bool activated = false;  // by this: from now on pushes go out
    bool stays_paused = false;  // a person paused the connection, and only a person ends that
    bool again = false;         // more was decided since what this finished began: resume the run, and apply that, too
  };
  // Carries out what is decided by when it has the connection, once: what an interrupted call of this had done counts
  // as done by it. Waits for the connection's lease, up to `patience`. What a push has changed since the read is held,
  // as `moved`. Error::input: the connection only observes, or is held off, or somebody else has carried the run on
  // meanwhile. Once for each object: resume the run for what is decided later.
  // It stops between two people, and is kept as what was interrupted, with Error::input, where somebody pauses the
  // connection meanwhile, or lets it only observe, or where `is_told_to_stop`, which is asked before each person.
  Result<Done> apply(std::chrono::milliseconds patience, const std::function<bool()>& is_told_to_stop = {});
  // apply() came as far as its first call may go out: what it has done, or not, is in the store.
  bool has_begun() const { return has_begun_; }

 private:
  ManualRun(const Means& means, Opened& opened) : means_(&means), opened_(&opened) {}

  Result<void> read(const std::vector<std::string>& accept_empty);
  Result<void> show_writes(ir::Side side, Instant begun);
  Result<void> load_pass();
  Result<void> look_again();
  Result<void> begin_pass();
  std::string pack_pass(Instant begun) const;
  Result<void> settle_doubts();
  Result<void> resolve_doubts();
  Result<void> resolve_each(const std::vector<Intent>& open, std::optional<Instant>& again);
  Result<void> hold_in_doubt(const Intent& intent, const Error& why);
  Result<void> refuse_unless_writable();
  Result<void> keep_outcomes(Transaction& transaction, const Ledger& ledger, PersonIndex person,
                             const Applied& applied) const;
  // Some people of the plan, and what is to be remembered of them.
  struct Rest {
    struct Seen {
      PersonIndex person = 0;
      bool is_called = false;
      std::string text;  // for the sweep
    };
    std::vector<PersonIndex> quiet;  // nothing was sent for them
    LinkChange change;               // of theirs
    std::vector<Seen> seen;
  };
  Result<void> remember_the_rest(const Plan& plan, const PlanInput& input, Applied& applied, Hold& hold);
  Rest rest_of(PersonIndex first, PersonIndex last, const std::vector<bool>& called, const Ledger& ledger,
               const PlanInput& input, const Applied& applied) const;
  Result<void> remember_quiet(Transaction& transaction, Ledger& ledger, const Rest& rest, const Applied& applied,
                              std::vector<PersonIndex>& left);
  Result<RunInputs> read_again(const Plan& plan, const Applied& applied);
  Result<Done> finish(Plan plan, Applied applied);
  Result<bool> is_decided_since(Transaction& transaction);
  Result<void> report_unread(Transaction& transaction, const Done& done) const;

  const Means* means_;
  Opened* opened_;
  Run run_;
  std::vector<Run> abandoned_;
  RunInputs inputs_;
  Decisions decisions_;
  std::uint64_t pass_ = 0;  // of carrying out; each has its own inputs
  std::uint64_t made_ = 0;  // changes, by the passes before
  bool has_begun_ = false;
  std::optional<Instant> begun_;              // of a pass that was interrupted
  std::optional<Decisions> then_;             // what was decided when it began
  std::set<std::string, std::less<>> moved_;  // hub ids: a push was there since the read
  std::set<PersonId> in_doubt_;               // what became of a write cannot be found out: nothing is sent for them
};

}  // namespace dovetail
